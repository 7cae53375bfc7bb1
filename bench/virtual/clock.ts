import type { Clock } from "../../src/conversation/ports.ts";

/** Time that passes only when `run` says so, as fast as the work allows. */
export interface VirtualClock extends Clock {
  /** Runs `action` at that time, in milliseconds. */
  at(time: number, action: () => void): void;
  /** Passes time until nothing is planned any more or `until` is reached. */
  run(until: number): Promise<void>;
}

interface Plan {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that starts at `start` milliseconds. */
export function createVirtualClock(start = 0): VirtualClock {
  const plans: Plan[] = [];
  let now = start;
  let count = 0;

  function at(time: number, action: () => void): void {
    const plan = { time: Math.max(now, time), order: count++, action };
    let low = 0;
    let high = plans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((plans[middle]?.time ?? 0) > plan.time) low = middle + 1;
      else high = middle;
    }
    plans.splice(low, 0, plan);
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      at(now + ms, resolve);
    });
  }

  async function run(until: number): Promise<void> {
    for (;;) {
      await settled();
      const plan = plans.at(-1);
      if (plan === undefined || plan.time > until) break;
      plans.pop();
      now = plan.time;
      plan.action();
    }
    now = Math.max(now, until);
  }

  return { now: () => now, sleep, at, run };
}

/** Everything that follows from the last action by promises alone has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
