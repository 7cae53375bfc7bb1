import type { AgentEvent } from "./agent.ts";
import type { ApprovalBook } from "./approval-book.ts";
import type { ApprovalRow } from "./approval-row.ts";
import type { CardKeeper } from "./card-keeper.ts";
import type { Cards } from "./cards.ts";
import type { Outbox } from "./outbox.ts";
import type { PauseClaims } from "./pause-claims.ts";
import type { ApprovalConfig } from "./policy.ts";
import type { Clock } from "./ports.ts";
import { claimOf, expiryOf, rejectionOf } from "./verdicts.ts";

/** Waits with a pause, and sees to everything that can end it but a click. */
export interface PauseWatch {
  /**
   * Resolves with what follows the decision, once it arrived; undefined: the process ends, or another one goes on with it.
   * Rejects when the store fails.
   */
  untilDecided(row: ApprovalRow, signal: AbortSignal): Promise<AsyncIterable<AgentEvent> | undefined>;
}

/** What watching needs. */
export interface PauseWatchOptions {
  readonly book: ApprovalBook;
  readonly claims: PauseClaims;
  readonly keeper: CardKeeper;
  readonly outbox: Outbox;
  readonly cards: Cards;
  readonly approval: ApprovalConfig;
  readonly clock: Clock;
}

/** The store is read this often: another process may have decided (ms). */
const CHECK_MS = 5_000;
/** The task is read this often: it may have been decided in kagent's own UI (ms). */
const LOOK_MS = 60_000;

/** A watch over the book. */
export function createPauseWatch(options: PauseWatchOptions): PauseWatch {
  const { book, claims, keeper, outbox, cards, approval, clock } = options;

  async function expire(row: ApprovalRow): Promise<void> {
    const minutes = Math.max(1, Math.round((row.expiresAt - row.requestedAt) / 60_000));
    await claims.claim(row, "expiry", expiryOf(row, `No decision within ${minutes} minutes.`));
  }

  async function remind(row: ApprovalRow): Promise<void> {
    const { remindAfterMs, channelId } = approval;
    if (remindAfterMs === undefined || channelId === undefined || row.remindedAt !== undefined) return;
    if (clock.now() < row.requestedAt + remindAfterMs) return;
    const noted = await book.change(row.id, (now) =>
      now.remindedAt === undefined ? { ...now, remindedAt: clock.now() } : undefined,
    );
    if (!noted) return;
    const roleIds = Object.values(noted.guards).flatMap((guard) => guard.roleIds);
    await cards.remind(await book.card(noted), [...new Set(roleIds)]);
  }

  async function dropIfMoved(row: ApprovalRow): Promise<void> {
    if ((await outbox.stillWaits(row)) !== false) return;
    const decision = rejectionOf(row, "The task moved on without this decision.");
    const known = await book.decision(row.id);
    const dropped = { ...claimOf({ by: "closed", decision }, clock.now()), state: "dropped" } as const;
    if (!known) await book.claim(row.id, dropped);
    // A doubtful decision had arrived after all, or somebody decided in kagent's own UI: either way the task goes on.
    if (known?.state === "doubtful") await outbox.confirm(row, known);
  }

  /** One look at everything that can end the waiting but a click. */
  async function attend(row: ApprovalRow, looks: boolean): Promise<void> {
    if (clock.now() >= row.expiresAt && !(await book.decision(row.id))) await expire(row);
    else if (looks) await dropIfMoved(row);
    // Discord could not be asked when the card was due.
    if (!row.card) await keeper.refresh(row.id);
    await remind(row);
    // The store failed between the last vote and the decision.
    if (!(await book.decision(row.id))) await claims.claimIfComplete(row);
  }

  async function nap(row: ApprovalRow, ms: number, signal: AbortSignal): Promise<void> {
    const awake = new AbortController();
    const either = AbortSignal.any([awake.signal, signal]);
    await Promise.race([book.changed(row.id, either), clock.sleep(ms, either).catch(() => {})]);
    awake.abort();
  }

  async function untilDecided(
    first: ApprovalRow,
    signal: AbortSignal,
  ): Promise<AsyncIterable<AgentEvent> | undefined> {
    let lookAt = clock.now() + LOOK_MS * (0.5 + Math.random() / 2);
    for (let fresh = false; !signal.aborted; fresh = true) {
      const row = await book.row(first.id);
      const decision = await book.decision(first.id);
      if (row && decision && decision.state !== "doubtful") {
        const delivery = await outbox.deliver(row, fresh, signal);
        if (delivery.kind === "left") return undefined;
        if (delivery.kind === "events") return delivery.events;
      } else if (!row) {
        // Another process has finished it.
        return undefined;
      }
      await nap(first, CHECK_MS, signal);
      if (signal.aborted) return undefined;
      const looks = clock.now() >= lookAt;
      if (looks) lookAt = clock.now() + LOOK_MS;
      const now = await book.row(first.id);
      if (now) await attend(now, looks);
    }
    return undefined;
  }

  return { untilDecided };
}
