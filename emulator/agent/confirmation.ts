import { type JsonObject, objectsAt, textAt } from "./json.ts";
import { isQuestion, type ToolCall } from "./tool-call.ts";

/** A call that waits for people, under the id of its confirmation (`adk-…`). */
export interface Confirmation {
  readonly id: string;
  readonly call: ToolCall;
  /** Present when the call is a sub-agent that waits itself. */
  readonly nested?: NestedPause;
}

/** The pause of a sub-agent, as its caller passes it on. */
export interface NestedPause {
  /** e.g. `kagent__NS__helm_agent` */
  readonly subagent: string;
  readonly taskId: string;
  readonly contextId: string;
  /** The confirmations of the sub-agent; none when it only asks in words. */
  readonly confirmations: readonly Confirmation[];
}

/** What a paused task waits for; no confirmations where it only asks in words. */
export interface Pending {
  readonly confirmations: readonly Confirmation[];
  /** The stored message carries the request: not without the extension of 1.0, nor after a message that was no decision. */
  readonly readable: boolean;
}

/** What is decided one by one: the calls of the sub-agents in place of the sub-agents. */
export function leavesOf(confirmations: readonly Confirmation[]): readonly Confirmation[] {
  return confirmations.flatMap((one) =>
    one.nested?.confirmations.length ? one.nested.confirmations : [one],
  );
}

export function questionsOf(call: ToolCall): readonly JsonObject[] {
  return objectsAt(call.args, "questions");
}

/** The agent's sentence about one confirmation. */
export function hintOf({ call, nested }: Confirmation): string {
  if (nested && nested.confirmations.length === 0) {
    return `Remote agent '${nested.subagent}' requires human input before continuing.`;
  }
  if (nested) {
    const tools = nested.confirmations.map((inner) => inner.call.name).join(", ");
    return `Remote agent '${nested.subagent}' requires approval for tool(s): ${tools}`;
  }
  return isQuestion(call)
    ? questionTexts(call).join("; ")
    : `Tool '${call.name}' requires approval before execution.`;
}

export function questionTexts(call: ToolCall): string[] {
  return questionsOf(call).map((question) => textAt(question, "question") ?? "");
}

/** What Go, and everything of 1.0, gives the model in place of a result while the call waits. */
export function placeholderOf({ call, nested }: Confirmation, go: boolean, withSession: boolean): JsonObject {
  if (nested) return pendingResult(nested, withSession);
  if (!isQuestion(call)) return { status: "confirmation_requested", tool: call.name };
  const questions = questionsOf(call);
  return { status: "pending", questions: go ? questions.map(withoutEmpty) : questions };
}

/** The result of a sub-agent that still waits. */
export function pendingResult({ subagent, contextId }: NestedPause, withSession: boolean): JsonObject {
  const session = withSession ? { subagent_session_id: contextId } : {};
  return { status: "pending", waiting_for: "subagent_approval", subagent, ...session };
}

function withoutEmpty(question: JsonObject): JsonObject {
  const full = Object.entries(question).filter(
    ([, value]) => value !== false && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(full);
}
