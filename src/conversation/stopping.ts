import type { CancelOutcome, TaskRef } from "./agent.ts";
import type { Clock, Directory, Log } from "./ports.ts";
import type { Live } from "./run.ts";
import { isOver, stopped, stopRequested, type Turn, taskOf } from "./turn.ts";
import { idsOf } from "./turn-line.ts";

/** What a stop came to; `rejected`: the run waited for people, and what it asked was rejected. */
export type StopOutcome = "nothing-runs" | "stopped" | "still-running" | "rejected";

/** A live turn that can be stopped. */
export interface Stoppable extends Live {
  /** Its task: without a name nothing can be cancelled. Settles never where the agent never names one. */
  readonly named: Promise<TaskRef>;
  /** Stores the turn as it is now. */
  keep(): Promise<void>;
  /** The turn is over for people, although its agent is still listened to. */
  leave(): void;
}

/** Ends runs at their agents. */
export interface Stopping {
  stop(live: Stoppable): Promise<StopOutcome>;
  /** Asks the agent once; never rejects. */
  cancel(turn: Turn, task: TaskRef | undefined): Promise<CancelOutcome>;
  /** Whether the run waits for people now, which nobody may have heard yet; never rejects. */
  waits(turn: Turn, task: TaskRef | undefined): Promise<boolean>;
}

/** How long a stop waits for the agent's first or last word before it goes on without it (ms). */
const STOP_PATIENCE_MS = 1_500;

/** Stops by cancelling at the agent. */
export function createStopping(options: {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
}): Stopping {
  const { directory, clock, log } = options;

  async function cancel(turn: Turn, task: TaskRef | undefined): Promise<CancelOutcome> {
    if (!task) return "unknown";
    try {
      return await directory.agent(turn.agent).cancel(task);
    } catch (error) {
      log.warn({ err: error, ...idsOf(turn) }, "a run could not be cancelled");
      return "unknown";
    }
  }

  async function waits(turn: Turn, task: TaskRef | undefined): Promise<boolean> {
    if (!task) return false;
    try {
      const look = await directory.agent(turn.agent).look(task);
      return look.state === "waiting" && look.request !== undefined;
    } catch (error) {
      log.warn({ err: error, ...idsOf(turn) }, "a run that could not be cancelled could not be read");
      return false;
    }
  }

  async function patiently(live: Stoppable, end: Promise<unknown>): Promise<void> {
    await Promise.race([end, clock.sleep(STOP_PATIENCE_MS, live.abort.signal).catch(() => {})]);
  }

  return {
    cancel,
    waits,
    async stop(live) {
      live.turn = stopRequested(live.turn);
      live.reply.show(live.turn);
      await live.keep();
      if (!taskOf(live.turn)) await patiently(live, Promise.race([live.named, live.done]));
      const outcome = await cancel(live.turn, taskOf(live.turn));
      const isEnding = outcome === "canceled" || outcome === "already-over";
      const isPaused = !isEnding && (await waits(live.turn, taskOf(live.turn)));
      if (isEnding || isPaused) await patiently(live, live.done);
      // The process is ending: the next start goes on with this stop.
      if (live.abort.signal.aborted && !isOver(live.turn)) return "still-running";
      // It paused meanwhile: what it asks is rejected where pauses are decided.
      const { state, request } = live.turn;
      if ((state === "waiting" && request) || (isPaused && state === "working")) return "rejected";
      // Its end is on the way, and with it the rest of the answer.
      if (outcome === "already-over" && !isOver(live.turn)) return "stopped";
      if (!isOver(live.turn)) live.turn = stopped(live.turn, outcome !== "canceled", clock.now());
      await live.keep();
      if (taskOf(live.turn)) live.abort.abort();
      else live.leave();
      return live.turn.stillRunning ? "still-running" : "stopped";
    },
  };
}
