import type { TaskLook } from "./agent.ts";
import { fingerprint, type InputRequest } from "./approval.ts";
import type { ApprovalRow } from "./approval-row.ts";
import { backOff } from "./back-off.ts";
import type { Clock, Directory, Log } from "./ports.ts";
import { pauseIds } from "./turn-line.ts";

/** Reads the tasks of pauses at their agents. */
export interface PausedTasks {
  /** Undefined: the agent cannot be asked. */
  look(row: ApprovalRow): Promise<TaskLook | undefined>;
  /** Whether the task waits for what the card showed; undefined: the agent cannot be asked. */
  stillWaits(row: ApprovalRow): Promise<boolean | undefined>;
  /** The same, for a pause that may be so young that its agent has not stored it. */
  waitsOnceStored(row: ApprovalRow, signal: AbortSignal): Promise<boolean | undefined>;
}

/** How long after a pause its task may still be stored as working (ms). */
const STORE_LAG_MS = 10_000;

export function createPausedTasks(options: {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
}): PausedTasks {
  const { directory, clock, log } = options;

  async function look(row: ApprovalRow): Promise<TaskLook | undefined> {
    try {
      return await directory.agent(row.agent).look(row.task);
    } catch (err) {
      log.info({ err, ...pauseIds(row) }, "a waiting task could not be read");
      return undefined;
    }
  }

  return {
    look,
    stillWaits: async (row) => waitsIn(row, await look(row)),
    async waitsOnceStored(row, signal) {
      // The stream tells of a pause before the agent's store does.
      for (let attempt = 0; ; attempt += 1) {
        const seen = await look(row);
        const lags = seen?.state === "working" && clock.now() < row.requestedAt + STORE_LAG_MS;
        if (!lags || signal.aborted) return waitsIn(row, seen);
        await backOff(clock, attempt, signal);
      }
    },
  };
}

/** Whether a request is what the card of this pause showed. */
export function isRequestOf(row: ApprovalRow, request: InputRequest | undefined): boolean {
  return request !== undefined && fingerprint(row.agent, request) === row.fingerprint;
}

function waitsIn(row: ApprovalRow, seen: TaskLook | undefined): boolean | undefined {
  return seen && seen.state === "waiting" && isRequestOf(row, seen.request);
}
