import type { TaskRef } from "./agent.ts";
import type { AgentRef } from "./agent-ref.ts";
import type { Decision, InputRequest, Operation, QuestionSet, RequestItem } from "./approval.ts";
import type { Actor, Place } from "./place.ts";
import type { Guard } from "./policy.ts";
import type { MessageAddress } from "./prompt.ts";
import { type Standing, standingOf, type Vote } from "./standing.ts";

/** What somebody answered to one question. */
export interface GivenAnswer {
  readonly itemId: string;
  /** Position of the question in its set. */
  readonly index: number;
  readonly values: readonly string[];
  readonly actorId: string;
  readonly actorName: string;
}

/** A pause that waits for people, as it is stored; plain data. Times are milliseconds since the epoch. */
export interface ApprovalRow {
  /** `requestId` of the request. */
  readonly id: string;
  readonly turnId: string;
  readonly place: Place;
  readonly agent: AgentRef;
  readonly task: TaskRef;
  readonly request: InputRequest;
  /** `fingerprint` of what the card showed. */
  readonly fingerprint: string;
  /** By item id: what guarded it when the card was posted. */
  readonly guards: Readonly<Record<string, Guard>>;
  /** Everybody who prompted in this context since it began. */
  readonly askerIds: readonly string[];
  readonly asker: Actor;
  /** The message that asked, for a link. */
  readonly promptMessage?: MessageAddress;
  /** The agent's last paragraph before the pause: its own words, hostile text. */
  readonly context?: string;
  readonly votes: readonly Vote[];
  readonly answers: readonly GivenAnswer[];
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly card?: MessageAddress;
  /** The message in the approvals channel. */
  readonly announcement?: MessageAddress;
  readonly remindedAt?: number;
}

/** Who or what made a decision. */
export type DecidedBy = "people" | "rule" | "expiry" | "stop" | "closed";

/**
 * A decision on its way: the claim on its pause, kept for ever. `decided` → `sending` → `delivered`; `doubtful`: it may have
 * left, the task still waits, and the runtime would run the tool twice; `dropped`: the task did not wait for this any more.
 */
export interface OutboxRow {
  readonly state: "decided" | "sending" | "doubtful" | "delivered" | "dropped";
  readonly decision: Decision;
  readonly by: DecidedBy;
  /** Who completed it, or stopped the run. */
  readonly actor?: Pick<Actor, "id" | "name">;
  /** The votes that it was made of; one that came too late may still get into the row. */
  readonly votes?: readonly Vote[];
  readonly decidedAt: number;
  /** The audit log has it. */
  readonly recorded?: true;
  /** How often it was sent. */
  readonly attempts: number;
  /** The process that records and sends it. */
  readonly owner?: string;
  /** Milliseconds since the epoch of the last sending. */
  readonly sentAt?: number;
  /** W3C `traceparent` of the click that completed it, where that is traced. */
  readonly traceparent?: string;
}

/** What a card shows. */
export type CardState =
  | { readonly kind: "open" }
  /** Decided and not delivered; `away`: the agent does not answer, it is sent when it is back. */
  | { readonly kind: "sending"; readonly away: boolean; readonly outbox: OutboxRow }
  /** It may have arrived; an entitled person may send it again. */
  | { readonly kind: "doubtful"; readonly outbox: OutboxRow }
  | { readonly kind: "decided"; readonly outbox: OutboxRow }
  /** It arrived, and the agent could not go on with it; what it did instead stands below. */
  | { readonly kind: "not-taken"; readonly outbox: OutboxRow }
  /** The task moved on without us: answered in kagent's own UI, say, or gone. */
  | { readonly kind: "elsewhere" };

/** A card: a pause and how it stands. */
export interface Card {
  readonly row: ApprovalRow;
  readonly state: CardState;
}

/** The guards of an item: the one of the card's time, and the one that counts now. */
export function guardsOf(row: ApprovalRow, item: RequestItem, now: Guard): readonly Guard[] {
  const then = row.guards[item.id];
  return then ? [then, now] : [now];
}

/** How an operation stands; `now` is the guard that the present configuration gives. */
export function operationStanding(row: ApprovalRow, operation: Operation, now: Guard): Standing {
  const votes = row.votes.filter((vote) => vote.itemId === operation.id);
  return standingOf(guardsOf(row, operation, now), votes, row.askerIds);
}

/** The answers to a set of questions, by position; undefined where one is missing. */
export function answersOf(row: ApprovalRow, set: QuestionSet): readonly (GivenAnswer | undefined)[] {
  return set.questions.map((_, index) =>
    row.answers.findLast((answer) => answer.itemId === set.id && answer.index === index),
  );
}

/** Whether the questions of a pause can be answered in it: not beside operations on hitl/v1. */
export function answersCount(request: InputRequest): boolean {
  return !request.asksAgain;
}
