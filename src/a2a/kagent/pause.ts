import { HITL_EXTENSION } from "../wire/codec.ts";
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../wire/json.ts";
import type { Message } from "../wire/model.ts";
import { subagentOf } from "./tool-calls.ts";

interface Request {
  readonly tools: readonly string[];
  readonly questions: readonly string[];
}

/**
 * What a paused agent waits for, in one text: made from the structured request where there is one, because the
 * agent's own sentence names only one of several tools; else the agent's wording, perhaps empty.
 */
export function pauseText(message: Message | undefined): string {
  if (!message) return "";
  const requests = [...message.parts.flatMap(confirmationOf), ...extensionOf(message)];
  const tools = [...new Set(requests.flatMap((request) => request.tools))];
  const questions = [...new Set(requests.flatMap((request) => request.questions))];
  const lines = tools.length > 0 ? [...questions, approvalLine(tools)] : questions;
  return lines.length > 0 ? lines.join("\n") : plainText(message);
}

/** Whether a message only carries a request to people, so that it is no part of the answer. */
export function isPause(message: Message): boolean {
  return message.metadata?.[HITL_EXTENSION] !== undefined;
}

function approvalLine(tools: readonly string[]): string {
  const names = tools.map((name) => `\`${subagentOf(name) ?? name}\``).join(", ");
  return `The agent asks for approval to run ${names}.`;
}

function plainText(message: Message): string {
  return message.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
}

// Old wire: one long-running call per request; what a sub-agent asks for is inside the payload.
function confirmationOf(part: Message["parts"][number]): readonly Request[] {
  if (part.kind !== "data" || !isObject(part.data)) return [];
  if (stringAt(part.data, "name") !== "adk_request_confirmation") return [];
  const args = objectAt(part.data, "args");
  const payload = args && objectAt(objectAt(args, "toolConfirmation") ?? {}, "payload");
  const inner = arrayAt(payload ?? {}, "hitl_parts").filter(isObject);
  const holders = inner.length > 0 ? inner : args ? [args] : [];
  return holders.flatMap((holder) => requestOf(objectAt(holder, "originalFunctionCall")));
}

// New wire: the request is a metadata value of the message.
function extensionOf(message: Message): readonly Request[] {
  const request = message.metadata && objectAt(message.metadata, HITL_EXTENSION);
  if (!request) return [];
  if (request.type === "ask_user_request") return [{ tools: [], questions: questionsOf(request) }];
  const nested = arrayAt(objectAt(request, "nested") ?? {}, "tools");
  const tools = nested.length > 0 ? nested : arrayAt(request, "tools");
  return tools.flatMap((tool) => requestOf(isObject(tool) ? tool : undefined));
}

function requestOf(call: JsonObject | undefined): readonly Request[] {
  const name = call && stringAt(call, "name");
  if (!call || name === undefined) return [];
  if (name === "ask_user") return [{ tools: [], questions: questionsOf(objectAt(call, "args") ?? {}) }];
  return [{ tools: [name], questions: [] }];
}

function questionsOf(holder: JsonObject): readonly string[] {
  return arrayAt(holder, "questions").flatMap((entry) =>
    isObject(entry) ? (stringAt(entry, "question") ?? []) : [],
  );
}
