import { createApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, OutboxRow } from "./approval-row.ts";
import { type Approvals, createApprovals } from "./approvals.ts";
import type { Audit } from "./audit.ts";
import { createCardKeeper } from "./card-keeper.ts";
import type { Cards } from "./cards.ts";
import type { Contexts } from "./context.ts";
import { createOutbox } from "./outbox.ts";
import { createPauses, type Pauses } from "./pauses.ts";
import type { ApprovalConfig, DecidingContext } from "./policy.ts";
import type { Clock, Directory, Log, Store } from "./ports.ts";

/** What waits for people, from both sides: turns wait on `pauses`, people decide on `approvals`. */
export interface ApprovalDesk {
  readonly pauses: Pauses;
  readonly approvals: Approvals;
}

/** What the desk needs. */
export interface ApprovalDeskOptions {
  readonly rows: Store<ApprovalRow>;
  /** Decisions: never deleted, so that each is claimed once for ever. */
  readonly decisions: Store<OutboxRow>;
  readonly directory: Directory;
  readonly cards: Cards;
  readonly contexts: Contexts;
  readonly audit: Audit;
  readonly approval: ApprovalConfig;
  /** Where the bot serves, as it is now. */
  readonly serving: () => Pick<DecidingContext, "access" | "presence">;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
}

/** Puts the parts of the desk together. */
export function createApprovalDesk(options: ApprovalDeskOptions): ApprovalDesk {
  const book = createApprovalBook(options.rows, options.decisions);
  const keeper = createCardKeeper({ ...options, book });
  const outbox = createOutbox({ ...options, book, keeper, owner: options.newId() });
  const pauses = createPauses({ ...options, book, keeper, outbox });
  return { pauses, approvals: createApprovals({ ...options, book, keeper, pauses }) };
}
