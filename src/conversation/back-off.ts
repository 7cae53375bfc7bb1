import type { Clock } from "./ports.ts";

/** Between two tries, from the first to the last (ms). */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Waits longer with every attempt (from 0), or until aborted. Never rejects. `pausesMs`: other waits than half a second to half a minute. */
export function backOff(
  clock: Pick<Clock, "sleep">,
  attempt: number,
  signal: AbortSignal,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<void> {
  const ms = pausesMs[Math.min(attempt, pausesMs.length - 1)] ?? 0;
  return clock.sleep(ms, signal).catch(() => {});
}
