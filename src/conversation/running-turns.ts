import type { AgentEvent, TaskRef } from "./agent.ts";
import type { Contexts } from "./context.ts";
import type { Place } from "./place.ts";
import type { Clock, Directory, Log, Painted, Replies, Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import { converse, type Live } from "./run.ts";
import { createStopping, type StopOutcome, type Stoppable } from "./stopping.ts";
import { isOver, stopped, type Turn, taskOf } from "./turn.ts";
import { createUnnamedRuns, noteLeftRunning } from "./unnamed-runs.ts";

/** A turn in flight as it is stored: enough to find its task and its messages again. */
export interface TurnRow {
  readonly turn: Turn;
  readonly prompt: Prompt;
  readonly painted: Painted;
}

/** The turns that are going on in this process. */
export interface RunningTurns {
  /** Runs a turn to its end, wherever its events come from: a new message, or a task found after a restart. */
  carry(row: TurnRow, events: (live: Live) => AsyncIterable<AgentEvent>): Promise<void>;
  /** Ends a turn whose stop was begun before a restart: what it shows stays as it was then. */
  end(row: TurnRow): Promise<void>;
  stop(place: Place): Promise<StopOutcome>;
  /** Stops what runs in such places. */
  stopAll(matches: (place: Place) => boolean): Promise<void>;
  /** Resolves when no stopped run that its agent has not named goes on in this context; undefined where none does. */
  unnamedIn(contextId: string): Promise<unknown> | undefined;
  of(place: Place): Turn | undefined;
  /** Stops reading everywhere, and begins no more; the runs go on, and their rows stay. */
  abandon(): void;
  count(): number;
}

/** What running turns need. */
export interface RunningTurnsOptions {
  readonly directory: Directory;
  readonly replies: Replies;
  readonly contexts: Contexts;
  readonly turns: Store<TurnRow>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps the turns in flight: in memory to be stopped, in the store to survive a restart. */
export function createRunningTurns(options: RunningTurnsOptions): RunningTurns {
  const { directory, replies, contexts, turns, clock, log } = options;
  const stopping = createStopping({ directory, clock, log });
  const unnamed = createUnnamedRuns(contexts, stopping, log);
  const lives = new Map<string, Stoppable>();
  let abandoned = false;

  function liveIn(place: Place): Stoppable | undefined {
    return [...lives.values()].find((one) => one.turn.place.channelId === place.channelId);
  }

  async function save(row: TurnRow): Promise<void> {
    if (!lives.has(row.turn.id)) return;
    await turns
      .set(row.turn.id, { ...row, turn: { ...row.turn, files: [] } })
      .catch((error: unknown) =>
        log.error({ err: error, turnId: row.turn.id }, "a turn could not be stored"),
      );
  }

  async function forget(turn: Turn): Promise<void> {
    await turns
      .delete(turn.id)
      .catch((error: unknown) => log.error({ err: error, turnId: turn.id }, "a turn could not be deleted"));
  }

  function begin({ turn, prompt, painted }: TurnRow): Stoppable & { readonly left: Promise<void> } {
    let shown = painted;
    const keep = () => save({ turn: live.turn, prompt, painted: shown });
    const reply = replies.open(turn, prompt, painted, (next) => {
      shown = next;
      void keep();
    });
    const name = deferred<Pick<TaskRef, "taskId" | "contextId">>();
    const left = deferred<void>();
    const abort = new AbortController();
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

  async function finish(live: Stoppable): Promise<boolean> {
    await noteLeftRunning(contexts, live, taskOf(live.turn), log);
    const delivered = await live.reply.settle(live.turn);
    lives.delete(live.turn.id);
    if (delivered) log.info(summary(live.turn), "turn over");
    return delivered;
  }

  /** Its row stays until it is known what the stopped run is called: a restart must not forget that it goes on. */
  async function finishUnnamed(live: Stoppable): Promise<void> {
    const known = unnamed.watch(live);
    const delivered = await finish(live);
    void known.then((isKnown) => (isKnown && delivered ? forget(live.turn) : undefined));
  }

  async function renewContextOf({ id, place, agent, contextId }: Turn): Promise<void> {
    try {
      const { contextId: current } = await contexts.of(place, agent);
      if (current === contextId) await contexts.renew(place, agent);
    } catch (err) {
      log.error({ err, turnId: id }, "a context could not be renewed");
    }
  }

  return {
    async carry(row, events) {
      const live = begin(row);
      live.reply.show(live.turn);
      live.done = converse(live, () => events(live), { clock, log, save: live.keep });
      await Promise.race([live.done, live.left]);
      // Left for the next start, which must know of what is still being posted.
      if (live.turn.state === "working") return;
      if (live.turn.state === "stopped" && !taskOf(live.turn)) await finishUnnamed(live);
      else if (await finish(live)) await forget(live.turn);
    },
    async end(row) {
      const live = begin(row);
      const task = taskOf(live.turn);
      if (!isOver(live.turn)) {
        const outcome = await stopping.cancel(live.turn, task);
        const isOverThere = outcome === "canceled" || outcome === "already-over";
        live.turn = stopped(live.turn, !isOverThere, clock.now());
      }
      // Nobody can tell any more when that run ends: only a fresh context keeps the next one apart.
      if (!task) await renewContextOf(live.turn);
      if (await finish(live)) await forget(live.turn);
    },
    async stop(place) {
      const live = liveIn(place);
      return live ? stopping.stop(live) : "nothing-runs";
    },
    async stopAll(matches) {
      const found = [...lives.values()].filter((live) => matches(live.turn.place));
      await Promise.all(found.map(stopping.stop));
    },
    unnamedIn: unnamed.in,
    of: (place) => liveIn(place)?.turn,
    abandon() {
      abandoned = true;
      for (const live of lives.values()) live.abort.abort();
      unnamed.abandon();
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

/** One line per turn for the log: who, where, which agent, how it ended, how long it took (milliseconds). */
function summary(turn: Turn): Record<string, unknown> {
  return {
    turnId: turn.id,
    taskId: turn.taskId,
    contextId: turn.contextId,
    guildId: turn.place.guildId,
    channelId: turn.place.channelId,
    userId: turn.prompt.actor.id,
    agent: `${turn.agent.namespace}/${turn.agent.name}`,
    cluster: turn.agent.cluster,
    traceparent: turn.traceparent,
    outcome: turn.state,
    code: turn.problem?.code,
    detail: turn.problem?.detail?.slice(0, 500),
    durationMs: (turn.endedAt ?? turn.startedAt) - turn.startedAt,
    tools: turn.output.filter((item) => item.kind === "tool").length,
    tokens: turn.usage?.totalTokens,
  };
}
