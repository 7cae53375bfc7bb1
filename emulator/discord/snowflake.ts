const EPOCH_MS = 1_420_070_400_000;

/** Makes Discord ids: ascending, unique, 17-19 digits, the creation time (ms) in the upper bits. */
export type Snowflakes = () => string;

export function createSnowflakes(now: () => number): Snowflakes {
  let last = 0n;
  return () => {
    const earliest = BigInt(Math.floor(now()) - EPOCH_MS) << 22n;
    // Counting on from the last id keeps ids unique however many are made in one millisecond.
    last = earliest > last ? earliest : last + 1n;
    return last.toString();
  };
}

/** The time (ms since 1970) at which an id was made. */
export function snowflakeTime(id: string): number {
  return Number(BigInt(id) >> 22n) + EPOCH_MS;
}

/** Orders ids by age, oldest first. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
