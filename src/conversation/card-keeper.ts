import type { ApprovalBook } from "./approval-book.ts";
import type { Cards } from "./cards.ts";
import type { ApprovalConfig } from "./policy.ts";
import type { Log } from "./ports.ts";

/** Keeps cards as their pauses stand. */
export interface CardKeeper {
  /** Shows how a pause stands now; false: nobody can see its card anywhere. Never rejects. */
  refresh(id: string): Promise<boolean>;
  /** Shows whether the agent of a decided pause can be reached. */
  setAway(id: string, away: boolean): void;
  /** A message was deleted: if it was a card, also one that was posted a moment ago, it is shown again. */
  deleted(messageId: string): Promise<void>;
}

/** One card is painted at a time, and always as the book says at that moment. */
export function createCardKeeper(options: {
  readonly book: ApprovalBook;
  readonly cards: Cards;
  readonly approval: ApprovalConfig;
  readonly log: Log;
}): CardKeeper {
  const { book, cards, approval, log } = options;
  const running = new Map<string, { shown: Promise<boolean>; again: boolean }>();
  /** Messages that were deleted while cards were being shown, whose ids nobody knows before they are stored. */
  const lost = new Set<string>();

  async function show(id: string, run: { again: boolean }): Promise<boolean> {
    const row = await book.row(id);
    if (!row) return true;
    const card = await book.card(row);
    const address = await cards.show(card);
    const announcement = approval.channelId === undefined ? undefined : await cards.announce(card);
    await book.change(id, (now) => {
      const sameCard = now.card?.messageId === address?.messageId;
      const sameNews = now.announcement?.messageId === announcement?.messageId;
      if (sameCard && sameNews) return now;
      const { card: _, announcement: __, ...rest } = now;
      return { ...rest, ...(address ? { card: address } : {}), ...(announcement ? { announcement } : {}) };
    });
    if (address && lost.has(address.messageId)) run.again = true;
    return address !== undefined;
  }

  async function untilLatest(id: string, run: { again: boolean }): Promise<boolean> {
    let seen = false;
    do {
      run.again = false;
      seen = await show(id, run).catch((err: unknown) => {
        log.error({ err, requestId: id }, "a card could not be shown");
        return true;
      });
    } while (run.again);
    running.delete(id);
    if (running.size === 0) lost.clear();
    return seen;
  }

  function refresh(id: string): Promise<boolean> {
    const known = running.get(id);
    if (known) {
      known.again = true;
      return known.shown;
    }
    const run = { shown: Promise.resolve(true), again: false };
    running.set(id, run);
    run.shown = untilLatest(id, run);
    return run.shown;
  }

  return {
    refresh,
    setAway(id, away) {
      if (book.setAway(id, away)) void refresh(id);
    },
    async deleted(messageId) {
      if (running.size > 0) lost.add(messageId);
      for (const row of await book.rows()) {
        if (row.card?.messageId === messageId) await refresh(row.id);
      }
    },
  };
}
