import type { InputRequest } from "../../../conversation/approval.ts";
import type { Message } from "../../wire/model.ts";
import { readConfirmations } from "./decision.ts";
import { readExtension } from "./extension-v1.ts";

/** Where a paused task is; `contextId` may be empty where a server left it out. */
interface PausedTask {
  readonly taskId: string;
  readonly contextId: string;
}

/**
 * What the message of a task in state input-required asks people, from either wire; undefined when it is only text: a
 * question in the agent's own words, or a wire of which only one word for everything is known.
 */
export function readRequest(message: Message | undefined, task: PausedTask): InputRequest | undefined {
  if (!message || message.role === "user") return undefined;
  const { taskId, contextId } = task;
  const extension = readExtension(message);
  if (extension) return { wire: "hitl-v1", taskId, contextId, ...extension };
  const confirmations = readConfirmations(message);
  return confirmations && { wire: "decision", taskId, contextId, ...confirmations };
}

/** Whether two requests of one task are one pause, read twice. */
export function isSamePause(one: InputRequest, other: InputRequest): boolean {
  const print = ({ items }: InputRequest) =>
    JSON.stringify(items.map(({ id, callId }) => `${id} ${callId}`).sort());
  return print(one) === print(other);
}
