import type { Clock } from "../src/conversation/ports.ts";

/** The real clock, which a test can move forward. Times are milliseconds. */
export interface SkippingClock extends Clock {
  /** Jumps forward; whoever sleeps until then wakes. */
  skip(ms: number): void;
}

interface Sleeper {
  readonly at: number;
  timer?: NodeJS.Timeout;
  wake(): void;
}

export function createSkippingClock(): SkippingClock {
  const sleepers = new Set<Sleeper>();
  let offset = 0;
  const now = () => Date.now() + offset;
  const arm = (sleeper: Sleeper) => {
    clearTimeout(sleeper.timer);
    sleeper.timer = setTimeout(sleeper.wake, Math.max(0, sleeper.at - now()));
  };
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => () => {
          clearTimeout(sleeper.timer);
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", fail);
          settle();
        };
        const fail = end(() => reject(signal?.reason));
        const sleeper: Sleeper = { at: now() + ms, wake: () => {} };
        sleeper.wake = end(resolve);
        if (signal?.aborted) return fail();
        signal?.addEventListener("abort", fail, { once: true });
        sleepers.add(sleeper);
        arm(sleeper);
      }),
    skip(ms) {
      offset += ms;
      for (const sleeper of sleepers) arm(sleeper);
    },
  };
}
