import type { Outgoing } from "../../../conversation/agent.ts";
import type { Decision, InputRequest } from "../../../conversation/approval.ts";
import { BridgeError } from "../../../conversation/errors.ts";
import { HITL_EXTENSION } from "../../wire/codec.ts";
import type { JsonObject } from "../../wire/json.ts";
import type { PauseReply } from "../../wire/model.ts";
import { encodeDecision, faultInDecision } from "./decision.ts";
import { encodeExtension, faultInExtension } from "./extension-v1.ts";

/**
 * The reply that a message carries, checked against its request; undefined when it carries none. Throws `BridgeError`
 * "internal" for anything that a runtime would take for more than people decided, or that would end the pause for good.
 */
export function replyOf(message: Outgoing): PauseReply | undefined {
  if (!message.reply) return undefined;
  const { request, decision } = message.reply;
  // With one id missing or wrong, runtimes take a decision for a chat message and lose the pause.
  const contextId = request.contextId || message.contextId;
  if (message.taskId !== request.taskId || message.contextId !== contextId || contextId === "")
    throw unfit("the reply is addressed to another task");
  return toReply(request, decision);
}

/** A decision on the wire of its request. Throws `BridgeError` "internal", as `replyOf`. */
export function toReply(request: InputRequest, decision: Decision): PauseReply {
  const text = wordFor(decision);
  if (request.wire === "decision") {
    const data = encodeDecision(request, decision);
    check(request, decision, data);
    return { text, data };
  }
  const value = encodeExtension(request, decision);
  check(request, decision, value);
  return { text, extension: { uri: HITL_EXTENSION, value } };
}

/** Throws `BridgeError` "internal" unless the payload says exactly what was decided, for every item, and no more. */
export function check(request: InputRequest, decision: Decision, payload: JsonObject): void {
  const fault =
    faultInVerdicts(request, decision) ??
    (request.wire === "decision"
      ? faultInDecision(request, decision, payload)
      : faultInExtension(request, decision, payload));
  if (fault !== undefined) throw unfit(fault);
}

function faultInVerdicts({ items }: InputRequest, { verdicts }: Decision): string | undefined {
  const ids = verdicts.map(({ itemId }) => itemId);
  if (new Set(ids).size !== ids.length) return "an item is decided twice";
  if (items.length === 0 || items.some(({ id }) => !ids.includes(id))) return "an item is not decided";
  if (ids.length !== items.length) return "something unknown is decided";
  const unfitting = verdicts.find(({ itemId, approved, answers }) => {
    const item = items.find(({ id }) => id === itemId);
    if (answers === undefined) return false;
    return item?.kind !== "questions" || !approved || answers.length !== item.questions.length;
  });
  return unfitting ? "answers do not fit the questions" : undefined;
}

// Decoration for people who read the history elsewhere; from 0.7.20 on no runtime takes it for a decision.
function wordFor({ verdicts }: Decision): string {
  if (verdicts.every(({ approved }) => approved)) {
    return verdicts.some(({ answers }) => answers !== undefined) ? "Answered" : "Approved";
  }
  return verdicts.some(({ approved }) => approved) ? "Decided" : "Rejected";
}

function unfit(fault: string): BridgeError {
  const sentence = "The decision was not sent: it does not fit what the agent asks. Tell an operator.";
  return new BridgeError("internal", sentence, { cause: new Error(fault) });
}
