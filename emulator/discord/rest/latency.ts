/** How long a round trip takes (ms): evenly spread between the two. */
export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The next round trip's time (ms); the same seed gives the same series. */
export function createLatency(latency: Latency | undefined, seed: number): () => number {
  if (!latency) return () => 0;
  const random = createRandom(seed);
  return () => latency.minMs + random() * (latency.maxMs - latency.minMs);
}

/** Mulberry32: a small seeded generator of numbers from 0 to 1. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Waits in real time; at once for nothing. */
export function pause(ms: number): Promise<void> | undefined {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined;
}
