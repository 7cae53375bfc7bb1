/** Waits that can be ended together; a stopped sleeper never wakes, so what waits on it simply goes no further. */
export interface Sleeper {
  sleep(ms: number): Promise<void>;
  stop(): void;
  readonly stopped: boolean;
}

export function createSleeper(): Sleeper {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        if (stopped) return;
        const timer = setTimeout(() => {
          timers.delete(timer);
          resolve();
        }, ms);
        timers.add(timer);
      }),
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
    get stopped() {
      return stopped;
    },
  };
}
