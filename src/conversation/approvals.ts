import type { AgentRef } from "./agent.ts";
import type { ApprovalRow, Card } from "./approval-row.ts";
import type { Place } from "./place.ts";
import type { Decider } from "./policy.ts";
import type { MessageAddress } from "./prompt.ts";

/**
 * What a click came to. `counted`: it stands, and more is needed; `decided`: it was the last one that was needed;
 * `refused`: why not, and who can; `over`: it was decided before.
 */
export type ClickOutcome =
  | { readonly kind: "counted"; readonly card: Card }
  | { readonly kind: "decided"; readonly card: Card }
  | { readonly kind: "refused"; readonly sentence: string }
  | { readonly kind: "over"; readonly sentence: string };

/** A verdict of one person: on all operations that this person may decide, or on one (position in the request's items). */
export interface Verdicts {
  readonly item: "all" | number;
  readonly approved: boolean;
  readonly reason?: string;
}

/** An answer of one person to one question: positions in the request's items and in the set. */
export interface AnswerGiven {
  readonly item: number;
  readonly question: number;
  readonly values: readonly string[];
}

/** The pauses that wait for people. Everything is decided here, whichever button, form or command asks. */
export interface Approvals {
  /** The card of a pause; undefined when it is over and forgotten. */
  card(id: string): Promise<Card | undefined>;
  /** Whether this person may decide this item (or anything, with "all"), and if not why. */
  mayDecide(id: string, item: "all" | number, decider: Decider): Promise<ClickOutcome | "allowed">;
  decide(id: string, decider: Decider, verdicts: Verdicts): Promise<ClickOutcome>;
  answer(id: string, decider: Decider, answer: AnswerGiven): Promise<ClickOutcome>;
  /** Sends a doubtful decision once more: somebody entitled has looked. */
  sendAgain(id: string, decider: Decider): Promise<ClickOutcome>;
  /** What waits in a place. */
  inPlace(place: Place): Card | undefined;
  /** Everything that waits, and this person may decide, newest last. */
  waitingFor(decider: Decider): Promise<readonly Card[]>;
  /**
   * Rejects what waits in matching places, with the reason as the agent reads it: a deleted thread, a removed bot. Resolves with
   * how many there were.
   */
  rejectWhere(matches: (row: ApprovalRow) => boolean, reason: string): Promise<number>;
  /** A message was deleted: if it was a card it is posted again. */
  cardDeleted(messageId: string): Promise<void>;
}

/** Where cards appear. Nothing rejects. */
export interface Cards {
  /**
   * Makes the card look as it stands: edits it, or posts it where there is none or it is gone; in the place, else in the
   * parent channel. Resolves with its address; undefined: nobody can see it anywhere.
   */
  show(card: Card): Promise<MessageAddress | undefined>;
  /** Tells the approvals channel of a card, or that it is over; resolves with the message's address. */
  announce(card: Card): Promise<MessageAddress | undefined>;
  /** Reminds the approvals channel, once, with a ping of these roles where they are mentionable. */
  remind(card: Card, roleIds: readonly string[]): Promise<void>;
}

/** An agent's name as cards and lists show it. */
export type AgentLabel = (agent: AgentRef) => string;
