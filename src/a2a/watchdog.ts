import type { Clock } from "../conversation/ports.ts";

/** Watches one stream for silence. */
export interface Watchdog {
  /** Something arrived. */
  seen(): void;
  stop(): void;
}

/**
 * Calls `onIdle` whenever nothing was seen for `idleMs` milliseconds, one call at a time, until it is stopped. A
 * rejection of `onIdle` counts as its end.
 */
export function createWatchdog(
  clock: Clock,
  idleMs: number,
  onIdle: (signal: AbortSignal) => Promise<void>,
): Watchdog {
  const stopped = new AbortController();
  let last = clock.now();

  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const rest = last + idleMs - clock.now();
      if (rest > 0) {
        await clock.sleep(rest, stopped.signal);
        continue;
      }
      last = clock.now();
      await onIdle(stopped.signal);
    }
  };
  watch().catch(() => stopped.abort());

  return {
    seen() {
      last = clock.now();
    },
    stop: () => stopped.abort(),
  };
}
