/** What one response said about the bucket that it was counted in. Times are milliseconds. */
export interface LimitFacts {
  /** Discord's opaque name of the bucket; the same for every channel. */
  readonly bucket?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAfterMs?: number;
}

/** What a 429 said. `shared`: the channel's or guild's own limit, not our doing. */
export interface Refusal {
  readonly retryAfterMs: number;
  readonly scope: "user" | "global" | "shared";
}

type Header = (name: string) => string | null;

const LONGEST_WAIT_MS = 60 * 60_000;
const WAIT_WHEN_UNTOLD_MS = 1_000;

/** Reads Discord's `X-RateLimit-*` headers; anything that is not a sane number counts as not said. */
export function readLimits(header: Header): LimitFacts {
  const bucket = header("X-RateLimit-Bucket");
  const limit = readNumber(header("X-RateLimit-Limit"));
  const remaining = readNumber(header("X-RateLimit-Remaining"));
  const resetAfterMs = readSeconds(header("X-RateLimit-Reset-After"));
  return {
    ...(bucket === null ? {} : { bucket }),
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetAfterMs === undefined ? {} : { resetAfterMs }),
  };
}

/** Reads the headers of a 429. A 429 that names no time (a proxy's) is waited out for a second. */
export function readRefusal(header: Header): Refusal {
  const scope = header("X-RateLimit-Scope");
  const retryAfterMs = readSeconds(header("Retry-After")) ?? WAIT_WHEN_UNTOLD_MS;
  if (header("X-RateLimit-Global") !== null || scope === "global") return { retryAfterMs, scope: "global" };
  return { retryAfterMs, scope: scope === "shared" ? "shared" : "user" };
}

function readNumber(text: string | null): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function readSeconds(text: string | null): number | undefined {
  const seconds = readNumber(text);
  return seconds === undefined ? undefined : Math.min(LONGEST_WAIT_MS, Math.ceil(seconds * 1_000));
}
