import type { ApprovalBook } from "./approval-book.ts";
import type { Card, CardState } from "./approval-row.ts";
import type { CardKeeper } from "./card-keeper.ts";
import type { Cards } from "./cards.ts";
import type { Log } from "./ports.ts";
import { pauseIds } from "./turn-line.ts";

/** How pauses leave the book: their cards show the end, and nothing of them is stored but their decisions. */
export interface PauseEnds {
  /** A pause is over; resolves with its card as it was left. Rejects when the store fails. */
  finish(id: string): Promise<Card | undefined>;
  /** Finishes all pauses but these: what killed processes left of turns that went on. Rejects when the store fails. */
  finishAllBut(ids: ReadonlySet<string>): Promise<void>;
  /** Shows that the agent could not go on with the decision on a card that was left. Never rejects. */
  showNotTaken(card: Card): Promise<void>;
}

/** Ends over the book. */
export function createPauseEnds(options: {
  readonly book: ApprovalBook;
  readonly keeper: CardKeeper;
  readonly cards: Cards;
  readonly log: Log;
}): PauseEnds {
  const { book, keeper, cards, log } = options;

  async function correct(row: Card["row"], state: CardState): Promise<void> {
    await cards
      .show({ row, state })
      .catch((err: unknown) => log.warn({ err, ...pauseIds(row) }, "a card could not be corrected"));
  }

  async function finish(id: string): Promise<Card | undefined> {
    await keeper.refresh(id);
    const row = await book.row(id);
    const card = row && (await book.card(row));
    await book.remove(id);
    return card;
  }

  return {
    finish,
    async finishAllBut(ids) {
      for (const { id } of await book.rows()) {
        const left = ids.has(id) ? undefined : await finish(id);
        // Nobody claims what may show again: it is entered anew then, and its card opens again.
        if (left && isUnsent(left.state)) await correct(left.row, { kind: "elsewhere" });
      }
    },
    async showNotTaken({ row, state }) {
      if (state.kind === "decided") await correct(row, { ...state, kind: "not-taken" });
    },
  };
}

function isUnsent(state: CardState): boolean {
  return state.kind === "open" || (state.kind === "sending" && state.outbox.attempts === 0);
}
