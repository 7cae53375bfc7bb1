import type { JsonObject } from "./json.ts";

/**
 * What a reply to a paused task did. `burned`: it was no decision, the pause is lost and nothing ran; `failed`: the task
 * failed by it; `double`: it was carried out a second time; `refused`: an error, nothing changed.
 */
export type Effect =
  | "approved"
  | "rejected"
  | "mixed"
  | "answered"
  | "burned"
  | "failed"
  | "double"
  | "refused";

/** A reply that arrived at a paused task, or at one that was just answered. */
export interface SeenDecision {
  /** `namespace/name` of the agent that it reached. */
  readonly agent: string;
  readonly taskId: string;
  /** `parent`: passed on by the agent that called this one; `elsewhere`: made by the test, as in kagent's own UI. */
  readonly from: "client" | "parent" | "elsewhere";
  /** The body as it came; empty when it did not come from a client. */
  readonly body: string;
  readonly did: Effect;
  /** `X-User-Id`, or who the run belongs to. */
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One execution of a tool that had to be approved. */
export interface ToolRun {
  readonly agent: string;
  readonly taskId: string;
  readonly callId: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly at: number;
}

/** What really happened at the agents, for tests; grows only. */
export interface Ledger {
  readonly decisions: SeenDecision[];
  readonly toolRuns: ToolRun[];
}

export function createLedger(): Ledger {
  return { decisions: [], toolRuns: [] };
}
