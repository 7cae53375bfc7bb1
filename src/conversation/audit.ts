import type { AgentRef } from "./agent-ref.ts";
import type { Actor, Place } from "./place.ts";

/**
 * What the audit log tells. `asked`: a prompt went to an agent; `requested`: the agent paused for people; `voted`: somebody
 * entitled approved, rejected or answered, perhaps too late to count; `refused`: somebody was not entitled; `decided`: what
 * was decided about the whole pause, and by whom; `expired`: nobody decided in time; `sent`: the decision left for the agent;
 * `outcome`: what the task came to.
 */
export type AuditEvent =
  | "asked"
  | "requested"
  | "voted"
  | "refused"
  | "decided"
  | "expired"
  | "sent"
  | "outcome";

/** One item in an audit record. `argsHash` is SHA-256 in base64url; `args` is there only when switched on. */
export interface AuditItem {
  readonly tool: string;
  readonly argsHash: string;
  readonly args?: string;
  readonly approved?: boolean;
  readonly reason?: string;
  /** In `decided`: whose votes or answers made it so. */
  readonly deciders?: readonly Person[];
}

/** Somebody by Discord's id, and the name at that moment. */
type Person = Pick<Actor, "id" | "name">;

/** One line of the evidence trail. Ids are Discord's, A2A's or ours. */
export interface AuditRecord {
  readonly event: AuditEvent;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly turnId: string;
  readonly requestId?: string;
  /** Absent when a rule or the clock decided: then `by` says so. In `decided`: who completed it. */
  readonly actor?: Person;
  readonly by?: "rule" | "expiry" | "stop" | "elsewhere" | "closed";
  readonly place: Place;
  readonly agent: AgentRef;
  readonly taskId?: string;
  readonly items?: readonly AuditItem[];
  /** A short word: how a turn ended, why somebody was refused. Never a person's or an agent's text. */
  readonly detail?: string;
}

/** The evidence trail. */
export interface Audit {
  /** Resolves when the record is durable; rejects with `BridgeError("store-failed")`. */
  write(record: AuditRecord): Promise<void>;
}
