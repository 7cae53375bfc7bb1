import type { ApprovalRow, Card, CardState, OutboxRow } from "./approval-row.ts";
import type { Entry, Store } from "./ports.ts";

/** The pauses that wait and the decisions about them, as the store holds them; hears of changes made in this process. */
export interface ApprovalBook {
  row(id: string): Promise<ApprovalRow | undefined>;
  rows(): Promise<readonly ApprovalRow[]>;
  /** Enters a pause; the row that is there already wins. */
  enter(row: ApprovalRow): Promise<{ readonly row: ApprovalRow; readonly isNew: boolean }>;
  /** Changes a row whatever others change meanwhile; undefined: there is none, or `next` gave up. */
  change(id: string, next: (row: ApprovalRow) => ApprovalRow | undefined): Promise<ApprovalRow | undefined>;
  /** Forgets the row; its decision stays claimed for ever. */
  remove(id: string): Promise<void>;
  decision(id: string): Promise<OutboxRow | undefined>;
  /** The one decision of a pause: true for the first caller, in whatever process. */
  claim(id: string, outbox: OutboxRow): Promise<boolean>;
  /** Moves a decision on; false when somebody else did. */
  advance(id: string, from: OutboxRow, to: OutboxRow): Promise<boolean>;
  /** Resolves at the next change of this pause in this process. */
  changed(id: string, signal: AbortSignal): Promise<void>;
  card(row: ApprovalRow): Promise<Card>;
  /** Whether the agent of a decided pause could not be reached; only for what the card says. */
  setAway(id: string, away: boolean): boolean;
}

/** The book over two collections of the store. */
export function createApprovalBook(rows: Store<ApprovalRow>, outbox: Store<OutboxRow>): ApprovalBook {
  const listeners = new Map<string, Set<() => void>>();
  const away = new Set<string>();

  function tell(id: string): void {
    for (const listener of [...(listeners.get(id) ?? [])]) listener();
  }

  return {
    row: (id) => rows.get(id),
    rows: async () => (await rows.list("")).map((entry: Entry<ApprovalRow>) => entry.value),
    async enter(row) {
      if (await rows.claim(row.id, row)) return { row, isNew: true };
      return { row: (await rows.get(row.id)) ?? row, isNew: false };
    },
    async change(id, next) {
      for (;;) {
        const row = await rows.get(id);
        const changed = row && next(row);
        if (!row || !changed) return undefined;
        if (changed === row || (await rows.cas(id, row, changed))) return changed;
      }
    },
    async remove(id) {
      away.delete(id);
      await rows.delete(id);
      tell(id);
    },
    decision: (id) => outbox.get(id),
    async claim(id, first) {
      const isFirst = await outbox.claim(id, first);
      tell(id);
      return isFirst;
    },
    async advance(id, from, to) {
      const done = await outbox.cas(id, from, to);
      if (done) tell(id);
      return done;
    },
    changed(id, signal) {
      return new Promise((resolve) => {
        const all = listeners.get(id) ?? new Set();
        listeners.set(id, all);
        const listener = () => {
          all.delete(listener);
          if (all.size === 0) listeners.delete(id);
          signal.removeEventListener("abort", listener);
          resolve();
        };
        all.add(listener);
        signal.addEventListener("abort", listener, { once: true });
        if (signal.aborted) listener();
      });
    },
    async card(row) {
      const decision = await outbox.get(row.id);
      // Votes that came too late are not shown.
      const counted = decision?.votes ? { ...row, votes: decision.votes } : row;
      return { row: counted, state: stateOf(decision, away.has(row.id)) };
    },
    setAway(id, isAway) {
      if (away.has(id) === isAway) return false;
      if (isAway) away.add(id);
      else away.delete(id);
      return true;
    },
  };
}

function stateOf(outbox: OutboxRow | undefined, away: boolean): CardState {
  if (!outbox) return { kind: "open" };
  switch (outbox.state) {
    case "decided":
    case "sending":
      return { kind: "sending", away, outbox };
    case "doubtful":
      return { kind: "doubtful", outbox };
    case "delivered":
      return { kind: "decided", outbox };
    case "dropped":
      return { kind: "elsewhere" };
  }
}
