/** Stops two bots that answer each other. */
export interface LoopGuard {
  /** Whether one more prompt of a bot may run in a place; `now` is milliseconds since the epoch. */
  allows(placeId: string, now: number): boolean;
}

const WINDOW_MS = 60_000;
const MOST_IN_WINDOW = 5;
const MUTED_MS = 5 * 60_000;

/** At most five prompts of bots a minute in one place; above that the place is muted for bots for five minutes. */
export function createLoopGuard(): LoopGuard {
  const places = new Map<string, { times: readonly number[]; mutedUntil: number }>();
  return {
    allows(placeId, now) {
      for (const [id, { times, mutedUntil }] of places) {
        if (now >= mutedUntil && (times.at(-1) ?? 0) <= now - WINDOW_MS) places.delete(id);
      }
      const { times, mutedUntil } = places.get(placeId) ?? { times: [], mutedUntil: 0 };
      if (now < mutedUntil) return false;
      const recent = [...times.filter((time) => time > now - WINDOW_MS), now];
      const tooMany = recent.length > MOST_IN_WINDOW;
      places.set(placeId, { times: recent, mutedUntil: tooMany ? now + MUTED_MS : 0 });
      return !tooMany;
    },
  };
}
