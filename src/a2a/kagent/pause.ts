import { type InputRequest, operationsOf, questionSetsOf } from "../../conversation/approval.ts";
import { HITL_EXTENSION } from "../wire/codec.ts";
import type { Message } from "../wire/model.ts";
import { subagentOf } from "./tool-calls.ts";

/**
 * What a paused agent waits for, in one text: made from the structured request where there is one, because the
 * agent's own sentence names only one of several tools; else the agent's wording, perhaps empty.
 */
export function pauseText(message: Message | undefined, request: InputRequest | undefined): string {
  if (!request) return message ? plainText(message) : "";
  const tools = new Set(operationsOf(request).map(({ tool }) => tool));
  const questions = questionSetsOf(request).flatMap((set) => set.questions.map(({ text }) => text));
  const approval = tools.size === 0 ? [] : [approvalLine([...tools])];
  const lines = [...new Set(questions), ...approval].filter((line) => line !== "");
  return lines.length > 0 || !message ? lines.join("\n") : plainText(message);
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
