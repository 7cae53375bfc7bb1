import { type ApprovalBook, createApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, OutboxRow } from "./approval-row.ts";
import { type Approvals, createApprovals } from "./approvals.ts";
import type { Audit } from "./audit.ts";
import { createCardKeeper } from "./card-keeper.ts";
import type { Cards } from "./cards.ts";
import type { Contexts } from "./context.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createPauseClaims } from "./pause-claims.ts";
import { createPauses, type Pauses } from "./pauses.ts";
import type { ApprovalConfig, DecidingContext } from "./policy.ts";
import type { Clock, Directory, Log, Store } from "./ports.ts";
import { type Tracer, tracedDecisions } from "./tracer.ts";

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
  readonly tracer: Tracer;
  readonly approval: ApprovalConfig;
  /** Where the bot serves, as it is now. */
  readonly serving: () => Pick<DecidingContext, "access" | "presence">;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
}

/** Puts the parts of the desk together. */
export function createApprovalDesk(options: ApprovalDeskOptions): ApprovalDesk {
  const book = createApprovalBook(options.rows, tracedDecisions(options.decisions, options.tracer));
  const keeper = createCardKeeper({ ...options, book });
  const outbox = tracedOutbox(
    createOutbox({ ...options, book, keeper, owner: options.newId() }),
    book,
    options.tracer,
  );
  const claims = createPauseClaims({ ...options, book });
  const pauses = createPauses({ ...options, book, claims, keeper, outbox });
  return { pauses, approvals: createApprovals({ ...options, book, claims, keeper, pauses }) };
}

/** What follows a decision is a stretch of its turn, from its sending on; it names the click that decided. */
function tracedOutbox(outbox: Outbox, book: ApprovalBook, tracer: Tracer): Outbox {
  return {
    ...outbox,
    async deliver(row, fresh, signal) {
      const { turnId: id, agent, place, task } = row;
      const decidedUnder = (await book.decision(row.id))?.traceparent;
      const stretch = { id, agent, place, traceparent: task.traceparent };
      return tracer.during(
        decidedUnder === undefined ? stretch : { ...stretch, decidedUnder },
        () => outbox.deliver(row, fresh, signal),
        ({ kind }) => kind === "events",
      );
    },
  };
}
