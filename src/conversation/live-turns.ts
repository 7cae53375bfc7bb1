import type { TaskRef } from "./agent.ts";
import type { Audit } from "./audit.ts";
import { turnRecord } from "./audit-trail.ts";
import type { Contexts } from "./context.ts";
import type { Place } from "./place.ts";
import type { Clock, Log, Painted, Replies, Reply, Store } from "./ports.ts";
import type { Stoppable } from "./stopping.ts";
import { type Turn, taskOf } from "./turn.ts";
import { idsOf, turnLine } from "./turn-line.ts";
import type { TurnRow } from "./turn-row.ts";
import { noteLeftRunning } from "./unnamed-runs.ts";

/** A live turn that can be left, and come to rest. */
export interface LiveTurn extends Stoppable {
  readonly left: Promise<void>;
  keep(isRested?: boolean): Promise<void>;
}

/** The turns of this process, in memory to be stopped, and in the store to survive a restart. */
export interface LiveTurns {
  /** Shows a turn from now on; `abort` is its own from before a pause. */
  begin(row: TurnRow, abort?: AbortController): LiveTurn;
  /** Delivers the last state; false: it waits for the next start, and so does the row. Never rejects. */
  finish(live: LiveTurn): Promise<boolean>;
  /** It goes on elsewhere, or rests no more: nothing of it is stored any more. */
  drop(turn: Turn): void;
  /** Stores a row; a store that fails is in the log. */
  store(row: TurnRow): Promise<void>;
  /** Deletes a row; a store that fails is in the log. */
  forget(turn: Turn): Promise<void>;
  in(place: Place): LiveTurn | undefined;
  where(matches: (place: Place) => boolean): readonly LiveTurn[];
  /** Ends the reading of all, and of every one that is begun from now on. */
  abandon(): void;
  count(): number;
}

/** What live turns need. */
export interface LiveTurnsOptions {
  readonly replies: Replies;
  readonly contexts: Contexts;
  readonly turns: Store<TurnRow>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
}

/** Its messages show the last state already. */
const RESTING: Reply = { show: () => {}, settle: async () => true };

/** Live turns by their ids. */
export function createLiveTurns(options: LiveTurnsOptions): LiveTurns {
  const { replies, contexts, turns, audit, clock, log } = options;
  const lives = new Map<string, LiveTurn>();
  let abandoned = false;

  async function store(row: TurnRow): Promise<void> {
    await turns
      .set(row.turn.id, { ...row, turn: { ...row.turn, files: [] } })
      .catch((err: unknown) => log.error({ err, ...idsOf(row.turn) }, "a turn could not be stored"));
  }

  async function save(row: TurnRow): Promise<void> {
    if (lives.has(row.turn.id)) await store(row);
  }

  async function record(turn: Turn): Promise<void> {
    await audit
      .write(turnRecord("outcome", turn, clock.now()))
      .catch((err: unknown) => log.error({ err, ...idsOf(turn) }, "an outcome could not be recorded"));
  }

  function begin(row: TurnRow, abort = new AbortController()): LiveTurn {
    const { turn, prompt, painted, rested } = row;
    let shown = painted;
    const keep = (isRested = rested === true) =>
      save({ ...row, turn: live.turn, painted: shown, ...(isRested ? { rested: true } : {}) });
    const onPainted = (next: Painted) => {
      shown = next;
      void keep();
    };
    const reply = rested ? RESTING : replies.open(turn, prompt, painted, onPainted);
    const name = deferred<Pick<TaskRef, "taskId" | "contextId">>();
    const left = deferred<void>();
    const { userId, traceparent } = turn;
    const named = name.promise.then((task) => ({ ...task, userId, traceparent }));
    const live = {
      turn,
      reply,
      abort,
      named,
      onNamed: name.resolve,
      keep,
      left: left.promise,
      leave: () => left.resolve(),
      done: Promise.resolve(),
    };
    lives.set(turn.id, live);
    if (abandoned) abort.abort();
    return live;
  }

  async function finish(live: LiveTurn): Promise<boolean> {
    await noteLeftRunning(contexts, live, taskOf(live.turn), log);
    const delivered = await live.reply.settle(live.turn);
    lives.delete(live.turn.id);
    if (delivered) log.info(turnLine(live.turn), "turn over");
    if (delivered) await record(live.turn);
    return delivered;
  }

  return {
    begin,
    finish,
    drop: ({ id }) => void lives.delete(id),
    store,
    async forget(turn) {
      await turns
        .delete(turn.id)
        .catch((err: unknown) => log.error({ err, ...idsOf(turn) }, "a turn could not be deleted"));
    },
    in: (place) => [...lives.values()].find((one) => one.turn.place.channelId === place.channelId),
    where: (matches) => [...lives.values()].filter((live) => matches(live.turn.place)),
    abandon() {
      abandoned = true;
      for (const live of lives.values()) live.abort.abort();
    },
    count: () => lives.size,
  };
}

function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve: (value) => resolve(value) };
}
