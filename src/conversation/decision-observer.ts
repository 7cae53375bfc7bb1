import type { ApprovalRow, DecidedBy, OutboxRow } from "./approval-row.ts";
import type { Store } from "./ports.ts";

/** Hears of decisions. Called in passing: it must be cheap and must not throw. */
export interface DecisionObserver {
  /** A pause was decided. `waitedMs`: since the agent asked, where that is known. */
  decided(by: DecidedBy, verdict: "approved" | "rejected" | "mixed", waitedMs: number | undefined): void;
  /** A decision came to this state, in this process. */
  moved(state: OutboxRow["state"]): void;
}

/** The decisions of a store, with somebody who hears of those that this process makes or moves. */
export function observeDecisions(
  decisions: Store<OutboxRow>,
  rows: Pick<Store<ApprovalRow>, "get">,
  observer: DecisionObserver,
): Store<OutboxRow> {
  async function tell(key: string, { by, decision, decidedAt }: OutboxRow): Promise<void> {
    const row = await rows.get(key).catch(() => undefined);
    observer.decided(by, verdictOf(decision.verdicts), row && decidedAt - row.requestedAt);
  }
  return {
    ...decisions,
    async claim(key, value, ttlMs) {
      const isFirst = await decisions.claim(key, value, ttlMs);
      if (isFirst) observer.moved(value.state);
      if (isFirst) void tell(key, value);
      return isFirst;
    },
    async cas(key, expected, next, ttlMs) {
      const isDone = await decisions.cas(key, expected, next, ttlMs);
      if (isDone && next.state !== expected.state) observer.moved(next.state);
      return isDone;
    },
  };
}

function verdictOf(verdicts: OutboxRow["decision"]["verdicts"]): "approved" | "rejected" | "mixed" {
  if (verdicts.every(({ approved }) => approved)) return "approved";
  return verdicts.some(({ approved }) => approved) ? "mixed" : "rejected";
}
