import { type Confirmation, hintOf, type NestedPause, questionsOf, questionTexts } from "./confirmation.ts";
import { type Json, type JsonObject, objectAt, objectsAt, textAt } from "./json.ts";
import { isQuestion } from "./tool-call.ts";

/** The extension in which 1.0 runtimes carry what a pause asks for. */
export const hitlExtension = "https://kagent.dev/extensions/hitl/v1";

/** The confirmation whose questions are answered as such: alone in its pause, or alone in the pause of a sub-agent. */
export function questionIn(confirmations: readonly Confirmation[]): Confirmation | undefined {
  const [only, more] = confirmations;
  if (!only || more) return undefined;
  const [inner, another] = only.nested?.confirmations ?? [only];
  return inner && !another && isQuestion(inner.call) ? inner : undefined;
}

/** What a pause asks for, as the extension carries it. */
export function requestPayload(confirmations: readonly Confirmation[], python: boolean): JsonObject {
  const asked = questionIn(confirmations);
  const nested = confirmations[0]?.nested;
  const inner = nested ? { nested: nestedPayload(nested, python) } : {};
  if (asked) {
    const questions = plainQuestions(asked, nested !== undefined && !python);
    return { type: "ask_user_request", id: confirmations[0]?.id ?? "", questions, ...inner };
  }
  const tools = confirmations.map(({ id, call }) => toolPayload(id, call.id, call.name, call.args));
  return { type: "tool_approval_request", hint: oneHint(confirmations, python), tools, ...inner };
}

/** The sentence of the pause: it names one of several tools, Python the first, Go the last. */
export function oneHint(confirmations: readonly Confirmation[], python: boolean): string {
  const one = python ? confirmations[0] : confirmations.at(-1);
  const asked = questionIn(confirmations);
  if (asked && one?.nested && python) {
    return `Remote agent '${one.nested.subagent}' asks: ${questionTexts(asked.call).join(" ")}`;
  }
  return one ? hintOf(one) : "";
}

function nestedPayload(
  { subagent, taskId, contextId, confirmations }: NestedPause,
  python: boolean,
): JsonObject {
  const tools = confirmations.map((inner) =>
    isQuestion(inner.call)
      ? toolPayload(inner.id, inner.id, inner.call.name, { questions: plainQuestions(inner, !python) })
      : toolPayload(inner.id, inner.call.id, inner.call.name, inner.call.args),
  );
  return { subagent_name: subagent, task_id: taskId, context_id: contextId, tools };
}

function toolPayload(id: string, callId: string, name: string, args: JsonObject): JsonObject {
  return { id, call_id: callId, name, args };
}

/** Every key present; no choices are null where Go passes questions on. */
function plainQuestions({ call }: Confirmation, nullChoices: boolean): JsonObject[] {
  return questionsOf(call).map(({ question, choices, multiple }) => {
    const given: Json = Array.isArray(choices) && choices.length > 0 ? choices : nullChoices ? null : [];
    return { question, choices: given, multiple: multiple ?? false };
  });
}

/** The confirmations in a stored message; undefined when it carries no request. */
export function readRequest(message: JsonObject): Confirmation[] | undefined {
  const payload = objectAt(objectAt(message, "metadata"), hitlExtension);
  if (payload.type !== "ask_user_request" && payload.type !== "tool_approval_request") return undefined;
  const holder = objectAt(payload, "nested");
  const nested: NestedPause | undefined =
    "task_id" in holder
      ? {
          subagent: textAt(holder, "subagent_name") ?? "",
          taskId: textAt(holder, "task_id") ?? "",
          contextId: textAt(holder, "context_id") ?? "",
          confirmations: objectsAt(holder, "tools").map(readTool),
        }
      : undefined;
  if (payload.type === "tool_approval_request") {
    return objectsAt(payload, "tools").map((tool) => ({ ...readTool(tool), ...(nested ? { nested } : {}) }));
  }
  const id = textAt(payload, "id") ?? "";
  const call = { id, name: "ask_user", args: { questions: objectsAt(payload, "questions") } };
  return [{ id, call, ...(nested ? { nested } : {}) }];
}

function readTool(tool: JsonObject): Confirmation {
  const id = textAt(tool, "id") ?? "";
  const name = textAt(tool, "name") ?? "";
  return { id, call: { id: textAt(tool, "call_id") ?? id, name, args: objectAt(tool, "args") } };
}
