import type { Clock } from "../../src/conversation/ports.ts";

/** A clock that only moves when the test says so. Times are milliseconds. */
export interface ManualClock extends Clock {
  /** Moves on; whoever wakes on the way acts before the next one does. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createManualClock(): ManualClock {
  let now = 0;
  const sleepers = new Set<Sleeper>();

  function earliest(until: number): Sleeper | undefined {
    return [...sleepers]
      .filter((one) => one.at <= until)
      .reduce<Sleeper | undefined>((best, one) => (best && best.at <= one.at ? best : one), undefined);
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const fail = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper = {
          at: now + Math.max(1, ms),
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", fail);
            resolve();
          },
        };
        if (signal?.aborted) return fail();
        signal?.addEventListener("abort", fail, { once: true });
        sleepers.add(sleeper);
      }),
    async advance(ms) {
      const until = now + ms;
      await calm();
      for (let next = earliest(until); next; next = earliest(until)) {
        now = next.at;
        next.wake();
        await calm();
      }
      now = until;
    },
  };
}

/** Everything that waits for no clock has happened. */
export function calm(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
