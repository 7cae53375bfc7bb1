import { createHash } from "node:crypto";
import { type AgentRef, agentKey } from "./agent-ref.ts";
import { canonicalJson } from "./canonical-json.ts";

/** A sub-agent in whose run something waits; its task can be asked and answered at its own address. */
export interface Subagent {
  /** `namespace/name`. */
  readonly name: string;
  readonly taskId: string;
  readonly contextId: string;
}

/** A tool call that runs only when people allow it. */
export interface Operation {
  readonly kind: "operation";
  /** The key of its decision on the wire; unique within the request. */
  readonly id: string;
  /** The tool call's id in the run's events. */
  readonly callId: string;
  readonly tool: string;
  /** The arguments as JSON text, each number as it stood on the wire. */
  readonly args: string;
  /** Present when a sub-agent wants to run it. */
  readonly via?: Subagent;
}

/** One question; without choices it is answered in free text, which is allowed beside choices too. */
export interface Question {
  readonly text: string;
  readonly choices: readonly string[];
  readonly multiple: boolean;
}

/** One call of kagent's built-in tool `ask_user`: questions that are answered together, by position. */
export interface QuestionSet {
  readonly kind: "questions";
  readonly id: string;
  readonly callId: string;
  readonly questions: readonly Question[];
  readonly via?: Subagent;
}

/** One thing that a paused task waits for. */
export type RequestItem = Operation | QuestionSet;

/**
 * What a task in A2A's state input-required asks people, in one model for both wires: kagent's decision messages (0.3)
 * and its extension hitl/v1 (1.0).
 */
export interface InputRequest {
  readonly wire: "decision" | "hitl-v1";
  readonly taskId: string;
  readonly contextId: string;
  /** At least one; every one needs an answer, all answers leave in one message. */
  readonly items: readonly RequestItem[];
  /** The runtime refuses a second decision for one pause, so sending again cannot run a tool twice. */
  readonly refusesDoubles: boolean;
  /** Questions beside operations cannot be answered in this pause (hitl/v1): the agent asks them again. */
  readonly asksAgain: boolean;
}

/** What was decided about one item. `answers` (by question, each a list of texts) only for an answered question set. */
export interface Verdict {
  readonly itemId: string;
  readonly approved: boolean;
  readonly reason?: string;
  readonly answers?: readonly (readonly string[])[];
}

/** One verdict for every item of a request. */
export interface Decision {
  readonly verdicts: readonly Verdict[];
}

/** The operations of a request, in its order. */
export function operationsOf(request: InputRequest): readonly Operation[] {
  return request.items.flatMap((item) => (item.kind === "operation" ? [item] : []));
}

/** The question sets of a request, in its order. */
export function questionSetsOf(request: InputRequest): readonly QuestionSet[] {
  return request.items.flatMap((item) => (item.kind === "questions" ? [item] : []));
}

/** The sub-agents whose tasks wait behind a request, each once. */
export function subagentsOf(request: InputRequest): readonly Subagent[] {
  const all = request.items.flatMap((item) => (item.via ? [item.via] : []));
  return all.filter((one, index) => all.findIndex((other) => other.taskId === one.taskId) === index);
}

/**
 * The id of a pause: the same however often the same pause is read, another for any other, also where a model uses a call id
 * again. 16 characters of `A-Z a-z 0-9 - _`, so that it fits into a `custom_id` and a store key.
 */
export function requestId(agent: AgentRef, request: InputRequest): string {
  const ids = request.items.map((item) => `${item.id}\n${item.callId}`).sort();
  return digest([fingerprint(agent, request), ...ids]).slice(0, 16);
}

/**
 * What a decision is bound to: cluster, agent, task, and every tool with its raw arguments. A pause with another
 * fingerprint is not what people saw.
 */
export function fingerprint(agent: AgentRef, request: InputRequest): string {
  const items = request.items.map((item) =>
    item.kind === "operation"
      ? [item.id, item.tool, canonicalJson(item.args), item.via?.name ?? ""]
      : [item.id, "ask_user", JSON.stringify(item.questions), item.via?.name ?? ""],
  );
  const sorted = items.map((item) => JSON.stringify(item)).sort();
  return digest([agentKey(agent), request.taskId, ...sorted]);
}

/** Whether two items ask for the same, whichever agent asks: what was decided about one holds for the other. */
export function isSameItem(one: RequestItem, other: RequestItem): boolean {
  if (one.id !== other.id) return false;
  if (one.kind === "questions")
    return other.kind === "questions" && JSON.stringify(one.questions) === JSON.stringify(other.questions);
  if (other.kind !== "operation") return false;
  return one.tool === other.tool && canonicalJson(one.args) === canonicalJson(other.args);
}

/** The hash of an operation's tool and raw arguments, for the audit log: SHA-256 in base64url. */
export function operationHash(operation: Operation): string {
  return digest([operation.tool, operation.args]);
}

function digest(pieces: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(pieces)).digest("base64url");
}
