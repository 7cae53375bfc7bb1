import type { Clock } from "../../conversation/ports.ts";

/** One wake-up call at a time: the earliest asked for. */
export interface Alarm {
  /** Rings at that time, in milliseconds on the clock, unless it is already set for an earlier one. `Infinity`: never. */
  setFor(at: number): void;
  cancel(): void;
}

const CANCELLED = new Error("no longer needed");

/** An alarm that runs `ring`; each ring clears it. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let set: { readonly at: number; readonly stop: AbortController } | undefined;

  function cancel(): void {
    // A reason of our own: making the default one costs a stack trace each time.
    set?.stop.abort(CANCELLED);
    set = undefined;
  }

  function setFor(at: number): void {
    if (set !== undefined && set.at <= at) return;
    cancel();
    if (at === Number.POSITIVE_INFINITY) return;
    const mine = { at, stop: new AbortController() };
    set = mine;
    clock.sleep(Math.max(0, Math.ceil(at - clock.now())), mine.stop.signal).then(
      () => {
        if (set !== mine) return;
        set = undefined;
        ring();
      },
      () => undefined,
    );
  }

  return { setFor, cancel };
}
