import type { ApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, OutboxRow } from "./approval-row.ts";
import type { Audit } from "./audit.ts";
import { decidedRecord } from "./audit-trail.ts";
import type { Clock, Log } from "./ports.ts";
import { pauseIds } from "./turn-line.ts";

/** Puts decisions into the audit log once they are claimed: what a record says has won. */
export interface DecisionRecords {
  /**
   * Tries to record a claimed decision; the row says whether it is done. `fresh`: it was made while this process lived, so
   * that another one that writes it may live, too. Rejects with `BridgeError` when the store fails.
   */
  record(row: ApprovalRow, outbox: OutboxRow, fresh: boolean, signal: AbortSignal): Promise<void>;
}

/** So long another process may take to write (ms); then it counts as gone. */
const PATIENCE_MS = 15_000;
/** Between two looks at what another process writes (ms). */
const CHECK_MS = 1_000;
/** Before the audit log is tried again (ms). */
const AGAIN_MS = 15_000;

/** One process writes: two would tell of two decisions. */
export function createDecisionRecords(options: {
  readonly book: ApprovalBook;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly owner: string;
}): DecisionRecords {
  const { book, audit, clock, log, owner } = options;

  return {
    async record(row, outbox, fresh, signal) {
      const isMine = outbox.owner === owner;
      const isForeign = !isMine && outbox.owner !== undefined;
      if (fresh && isForeign && clock.now() < outbox.decidedAt + PATIENCE_MS)
        return clock.sleep(CHECK_MS, signal).catch(() => {});
      const mine = { ...outbox, owner };
      if (!isMine && !(await book.advance(row.id, outbox, mine))) return;
      try {
        await audit.write(decidedRecord(row, mine, clock.now()));
      } catch (err) {
        log.error({ err, ...pauseIds(row) }, "a decision waits: the audit log cannot be written");
        return clock.sleep(AGAIN_MS, signal).catch(() => {});
      }
      await book.advance(row.id, mine, { ...mine, recorded: true });
    },
  };
}
