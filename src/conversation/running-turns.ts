import type { AgentEvent, CancelOutcome, TaskRef } from "./agent.ts";
import type { Contexts } from "./context.ts";
import type { Place } from "./place.ts";
import type { Clock, Directory, Log, Painted, Replies, Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import { converse, type Live } from "./run.ts";
import { isOver, stopped, stopRequested, type Turn } from "./turn.ts";

/** A turn in flight as it is stored: enough to find its task and its messages again. */
export interface TurnRow {
  readonly turn: Turn;
  readonly prompt: Prompt;
  readonly painted: Painted;
}

/** What a stop came to. */
export type StopOutcome = "nothing-runs" | "stopped" | "still-running";

/** The turns that are going on in this process. */
export interface RunningTurns {
  /** Runs a turn to its end, wherever its events come from: a new message, or a task found after a restart. */
  carry(row: TurnRow, events: (live: Live) => AsyncIterable<AgentEvent>): Promise<void>;
  stop(place: Place): Promise<StopOutcome>;
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

/** A live turn whose stop can wait for the name of its task: without it nothing can be cancelled. */
interface Stoppable extends Live {
  readonly named: Promise<void>;
}

/** How long a stop waits for the agent's first or last word before it goes on without it. */
const STOP_PATIENCE_MS = 1_500;

/** Keeps the turns in flight: in memory to be stopped, in the store to survive a restart. */
export function createRunningTurns(options: RunningTurnsOptions): RunningTurns {
  const { directory, replies, contexts, turns, clock, log } = options;
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

  async function finish(live: Live): Promise<void> {
    const { turn } = live;
    // Left for the next start, which must know of what is still being posted.
    if (turn.state === "working") return;
    await noteLeftRunning(turn);
    const delivered = await live.reply.settle(turn);
    lives.delete(turn.id);
    if (!delivered) return;
    await turns
      .delete(turn.id)
      .catch((error: unknown) => log.error({ err: error, turnId: turn.id }, "a turn could not be deleted"));
    log.info(summary(turn), "turn over");
  }

  /** A run that could not be stopped would mix with the next one in the same context. */
  async function noteLeftRunning(turn: Turn): Promise<void> {
    const task = taskOf(turn);
    if (turn.state !== "stopped" || !turn.stillRunning || !task) return;
    await contexts
      .setLeftRunning(turn.place, turn.agent, task)
      .catch((error: unknown) =>
        log.error({ err: error, turnId: turn.id }, "a stopped run could not be noted"),
      );
  }

  async function cancel(turn: Turn): Promise<CancelOutcome> {
    const task = taskOf(turn);
    if (!task) return "unknown";
    try {
      return await directory.agent(turn.agent).cancel(task);
    } catch (error) {
      log.warn({ err: error, turnId: turn.id }, "a run could not be cancelled");
      return "unknown";
    }
  }

  async function patiently(live: Stoppable, end: Promise<void>): Promise<void> {
    await Promise.race([end, clock.sleep(STOP_PATIENCE_MS, live.abort.signal).catch(() => {})]);
  }

  async function stopLive(live: Stoppable): Promise<StopOutcome> {
    live.turn = stopRequested(live.turn);
    live.reply.show(live.turn);
    if (!taskOf(live.turn)) await patiently(live, Promise.race([live.named, live.done]));
    const outcome = await cancel(live.turn);
    if (outcome === "canceled" || outcome === "already-over") {
      await patiently(live, live.done);
    }
    // Its end is on the way, and with it the rest of the answer.
    if (outcome === "already-over" && !isOver(live.turn)) return "stopped";
    if (!isOver(live.turn)) live.turn = stopped(live.turn, outcome !== "canceled", clock.now());
    live.abort.abort();
    return live.turn.stillRunning ? "still-running" : "stopped";
  }

  return {
    async carry({ turn, prompt, painted }, events) {
      let shown = painted;
      const reply = replies.open(turn, prompt, painted, (next) => {
        shown = next;
        void save({ turn: live.turn, prompt, painted: shown });
      });
      let onNamed = () => {};
      const named = new Promise<void>((resolve) => {
        onNamed = resolve;
      });
      const abort = new AbortController();
      const live: Stoppable = { turn, reply, abort, named, onNamed, done: Promise.resolve() };
      lives.set(turn.id, live);
      if (abandoned) abort.abort();
      reply.show(turn);
      live.done = converse(live, () => events(live), {
        clock,
        log,
        save: (next) => save({ turn: next, prompt, painted: shown }),
      });
      await live.done;
      await finish(live);
    },
    async stop(place) {
      const live = liveIn(place);
      return live ? stopLive(live) : "nothing-runs";
    },
    of: (place) => liveIn(place)?.turn,
    abandon() {
      abandoned = true;
      for (const live of lives.values()) live.abort.abort();
    },
    count: () => lives.size,
  };
}

/** The task of a turn, once the agent named it. */
export function taskOf(turn: Turn): TaskRef | undefined {
  const { taskId, contextId, userId, traceparent } = turn;
  return taskId === undefined ? undefined : { taskId, contextId, userId, traceparent };
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
