import {
  type Decision,
  type InputRequest,
  operationsOf,
  questionSetsOf,
  type RequestItem,
  type Verdict,
} from "../../../conversation/approval.ts";
import { HITL_EXTENSION } from "../../wire/codec.ts";
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../../wire/json.ts";
import type { Message } from "../../wire/model.ts";
import type { PauseItems } from "./decision.ts";
import { distinct, keyOf, readSubagent, toItem } from "./items.ts";

// kagent's A2A 1.0 wire: requests and responses are metadata of messages under the extension's address.

/** What the extension's request in a paused task's message asks; undefined when there is none. */
export function readExtension(message: Message): PauseItems | undefined {
  if (!message.extensions?.includes(HITL_EXTENSION)) return undefined;
  const request = objectAt(message.metadata ?? {}, HITL_EXTENSION);
  if (!request) return undefined;
  const items = request.type === "ask_user_request" ? [readQuestion(request)] : readTools(request);
  if (items.length === 0) return undefined;
  // Among tools a question is only a tool that may run: it is asked again when it does.
  const asksAgain = request.type !== "ask_user_request" && items.some(({ kind }) => kind === "questions");
  return { items: distinct(items), refusesDoubles: true, asksAgain };
}

function readQuestion(request: JsonObject): RequestItem {
  const nested = objectAt(request, "nested") ?? {};
  const tools = arrayAt(nested, "tools").filter(isObject);
  const asking = tools.find(({ name }) => name === "ask_user") ?? tools[0] ?? request;
  const id = stringAt(asking, "id") ?? stringAt(request, "id") ?? "";
  const callId = stringAt(asking, "call_id") ?? id;
  return toItem({ id, callId, name: "ask_user", args: request }, readSubagent(nested));
}

function readTools(request: JsonObject): readonly RequestItem[] {
  const nested = objectAt(request, "nested") ?? {};
  const inner = arrayAt(nested, "tools").filter(isObject);
  const tools = inner.length > 0 ? inner : arrayAt(request, "tools").filter(isObject);
  const via = inner.length > 0 ? readSubagent(nested) : undefined;
  return tools.map((tool) => {
    const id = stringAt(tool, "id") ?? "";
    const callId = stringAt(tool, "call_id") ?? id;
    return toItem({ id, callId, name: stringAt(tool, "name"), args: tool.args }, via);
  });
}

/** Whether a request takes answers; with operations beside it a question can only be let pass. */
function takesAnswers(request: InputRequest): boolean {
  return !request.asksAgain && operationsOf(request).length === 0;
}

/**
 * The extension's response with a verdict for every item; anything wrong in it ends the task for good. A question
 * cannot be declined here: it is answered with the reason.
 */
export function encodeExtension(request: InputRequest, { verdicts }: Decision): JsonObject {
  const of = (item: RequestItem) => verdicts.find(({ itemId }) => itemId === item.id);
  const [set] = questionSetsOf(request);
  if (set && takesAnswers(request)) {
    const verdict = of(set);
    const answers = set.questions.map((_, index) => ({ answer: answerTo(verdict, index) }));
    return { type: "ask_user_response", id: keyOf(set), answers };
  }
  const byKey = new Map<string, JsonObject>();
  for (const item of request.items) {
    const approval = approvalOf(item, of(item));
    if (byKey.get(keyOf(item))?.approved !== false) byKey.set(keyOf(item), approval);
  }
  return { type: "tool_approval_response", approvals: [...byKey.values()] };
}

function answerTo(verdict: Verdict | undefined, index: number): readonly string[] {
  const given = verdict?.approved ? verdict.answers?.[index] : undefined;
  return given ?? [verdict?.reason ? `(no answer: ${verdict.reason})` : "(no answer)"];
}

function approvalOf(item: RequestItem, verdict: Verdict | undefined): JsonObject {
  const approved = item.kind === "questions" || verdict?.approved === true;
  const reason = approved ? undefined : verdict?.reason;
  return { id: keyOf(item), approved, ...(reason ? { rejection_reason: reason } : {}) };
}

/** What is wrong with a response as the answer to a request; undefined: nothing. */
export function faultInExtension(
  request: InputRequest,
  { verdicts }: Decision,
  response: JsonObject,
): string | undefined {
  if (takesAnswers(request)) return faultInAnswers(request, response);
  if (response.type !== "tool_approval_response") return "operations take approvals";
  const approvals = arrayAt(response, "approvals").filter(isObject);
  const keys = new Set(request.items.map(keyOf));
  const named = approvals.map((approval) => stringAt(approval, "id") ?? "");
  if (new Set(named).size !== named.length || named.length !== keys.size)
    return "an id is missing or doubled";
  if (named.some((id) => id === "" || !keys.has(id))) return "an id is unknown";
  if (approvals.some(({ approved }) => typeof approved !== "boolean")) return "an approval is no yes or no";
  const allowed = (item: RequestItem) => verdicts.some((one) => one.itemId === item.id && one.approved);
  const runs = (item: RequestItem) =>
    approvals.some(({ id, approved }) => id === keyOf(item) && approved === true);
  const ran = operationsOf(request).find((item) => runs(item) && !allowed(item));
  return ran ? "an operation would run that was not approved" : undefined;
}

function faultInAnswers(request: InputRequest, response: JsonObject): string | undefined {
  const [set, ...others] = questionSetsOf(request);
  if (!set || others.length > 0) return "one question set takes answers";
  if (response.type !== "ask_user_response") return "a question takes answers";
  if (response.id !== keyOf(set) || response.id === "") return "the answers name another id";
  return arrayAt(response, "answers").length === set.questions.length
    ? undefined
    : "answers do not fit the questions";
}
