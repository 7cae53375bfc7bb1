import type { Decision, RequestItem } from "./approval.ts";
import type { ApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, DecidedBy } from "./approval-row.ts";
import type { Actor } from "./place.ts";
import { type ApprovalConfig, guardFor } from "./policy.ts";
import type { Clock } from "./ports.ts";
import { claimOf, completedClaim, type GuardNow } from "./verdicts.ts";

/** The one door to a pause's decision. Everything resolves with whether this call decided it. */
export interface PauseClaims {
  /** `actor`: who stopped the run. */
  claim(row: ApprovalRow, by: DecidedBy, decision: Decision, actor?: Actor): Promise<boolean>;
  /** Decides where all votes and answers are there, or a rule decides everything. `undefined`: something is open. */
  claimIfComplete(row: ApprovalRow): Promise<boolean | undefined>;
  /** The guards that the present configuration gives. */
  guardNow(row: ApprovalRow): GuardNow;
}

/** Claims in the book, once for ever. */
export function createPauseClaims(options: {
  readonly book: ApprovalBook;
  readonly approval: ApprovalConfig;
  readonly clock: Pick<Clock, "now">;
}): PauseClaims {
  const { book, approval, clock } = options;
  const guardNow = (row: ApprovalRow) => (item: RequestItem) => guardFor(approval, row.agent, item);
  return {
    guardNow,
    claim: (row, by, decision, actor) =>
      book.claim(row.id, claimOf({ by, decision, ...(actor ? { actor } : {}) }, clock.now())),
    async claimIfComplete(row) {
      const claim = completedClaim(row, guardNow(row), clock.now());
      return claim && book.claim(row.id, claim);
    },
  };
}
