import type { ApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, CardState } from "./approval-row.ts";
import type { CardKeeper } from "./card-keeper.ts";
import type { Cards } from "./cards.ts";
import type { Log } from "./ports.ts";
import { pauseIds } from "./turn-line.ts";

/** How pauses leave the book: their cards show the end, and nothing of them is stored but their decisions. */
export interface PauseEnds {
  /** A pause is over. Rejects when the store fails. */
  finish(id: string): Promise<void>;
  /** Finishes all pauses but these: what killed processes left of turns that went on. Rejects when the store fails. */
  finishAllBut(ids: ReadonlySet<string>): Promise<void>;
  /** Shows on the card of a pause that is finished that the agent could not go on with the decision. Never rejects. */
  showNotTaken(row: ApprovalRow): Promise<void>;
}

/** Ends over the book. */
export function createPauseEnds(options: {
  readonly book: ApprovalBook;
  readonly keeper: CardKeeper;
  readonly cards: Cards;
  readonly log: Log;
}): PauseEnds {
  const { book, keeper, cards, log } = options;

  /** The card as its row would not show it. */
  async function correct(
    row: ApprovalRow,
    corrected: (state: CardState) => CardState | undefined,
  ): Promise<void> {
    try {
      const card = await book.card(row);
      const state = corrected(card.state);
      if (state) await cards.show({ row: card.row, state });
    } catch (err) {
      log.warn({ err, ...pauseIds(row) }, "a card could not be corrected");
    }
  }

  /** Resolves with the row as it was left: it may have been shown only now. */
  async function finish(id: string): Promise<ApprovalRow | undefined> {
    await keeper.refresh(id);
    const row = await book.row(id);
    await book.remove(id);
    return row;
  }

  return {
    async finish(id) {
      await finish(id);
    },
    async finishAllBut(ids) {
      for (const { id } of await book.rows()) {
        const left = ids.has(id) ? undefined : await finish(id);
        // Nobody claims what may show again: it is entered anew then, and its card opens again.
        if (left) await correct(left, (state) => (isUnsent(state) ? { kind: "elsewhere" } : undefined));
      }
    },
    showNotTaken: (row) =>
      correct(row, (state) => (state.kind === "decided" ? { ...state, kind: "not-taken" } : undefined)),
  };
}

function isUnsent(state: CardState): boolean {
  return state.kind === "open" || (state.kind === "sending" && state.outbox.attempts === 0);
}
