import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { ApiError, refuse } from "../errors.ts";
import type { BucketName, BucketRule, Nonces, Sublimits } from "./call.ts";

/** So many requests in so many milliseconds. */
export interface Rate {
  readonly limit: number;
  readonly perMs: number;
}

/**
 * Rate limits. Discord documents only the global one and says that buckets must be learned from the headers; the others
 * are what people observe.
 */
export interface Limits {
  /** Over all routes that need the bot's token, in any second as this server sees it. */
  readonly global: Rate;
  readonly buckets: Readonly<Partial<Record<BucketName, Rate>>>;
  /** Changes of a channel's or thread's name. */
  readonly rename: Rate;
  /** Edits of messages older than an hour, in a channel; refused with 30046. */
  readonly oldEdits: Rate & { readonly status: 400 | 429 };
  /** How long a nonce is remembered. */
  readonly nonceMs: number;
  readonly activeThreads: number;
  readonly commandCreatesPerDay: number;
}

export const discordLimits: Limits = {
  global: { limit: 50, perMs: 1000 },
  buckets: {
    create: { limit: 5, perMs: 5000 },
    edit: { limit: 5, perMs: 5000 },
    delete: { limit: 5, perMs: 1000 },
    typing: { limit: 5, perMs: 5000 },
    threads: { limit: 5, perMs: 5000 },
    reactions: { limit: 1, perMs: 250 },
    channel: { limit: 5, perMs: 15_000 },
    read: { limit: 5, perMs: 1000 },
    webhook: { limit: 5, perMs: 2000 },
    direct: { limit: 10, perMs: 10_000 },
    commands: { limit: 5, perMs: 20_000 },
    other: { limit: 10, perMs: 1000 },
  },
  rename: { limit: 2, perMs: 600_000 },
  oldEdits: { limit: 3, perMs: 20_000, status: 429 },
  nonceMs: 300_000,
  activeThreads: 1000,
  commandCreatesPerDay: 200,
};

/** A request that has to wait. */
export class RateLimited extends ApiError {
  readonly retryAfterMs: number;
  readonly scope: "user" | "global" | "shared";

  constructor(retryAfterMs: number, scope: "user" | "global" | "shared", code = 0) {
    super(429, code, "You are being rate limited.");
    this.retryAfterMs = retryAfterMs;
    this.scope = scope;
  }
}

export type Headers = Readonly<Record<string, string>>;

interface Window {
  used: number;
  resetAt: number;
}

type Params = Readonly<Record<string, string>>;

/** Counts requests against the limits and words the headers. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #windows = new Map<string, Window>();
  readonly #lastSecond: Rolling;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#lastSecond = createRolling(limits.global);
  }

  /** Headers of the answer; throws `RateLimited` when the bucket or the second is full. */
  take(rule: BucketRule | undefined, params: Params, isGlobal: boolean): Headers {
    const wait = isGlobal ? this.#lastSecond.wait(this.#clock.now()) : 0;
    if (wait > 0) throw new RateLimited(wait, "global");
    const rate = rule && this.#limits.buckets[rule.name];
    const bucketWait = rule && rate ? this.#takeFrom(keyOf(rule, params), rate) : 0;
    if (bucketWait > 0) throw new RateLimited(bucketWait, "user");
    if (isGlobal) this.#lastSecond.add(this.#clock.now());
    return this.headers(rule, params);
  }

  headers(rule: BucketRule | undefined, params: Params): Headers {
    const rate = rule && this.#limits.buckets[rule.name];
    if (!rule || !rate) return {};
    return toHeaders(rule, rate, this.#window(keyOf(rule, params), rate), this.#clock.now());
  }

  readonly sublimits: Sublimits = {
    rename: (channelId) => {
      const wait = this.#takeFrom(`rename ${channelId}`, this.#limits.rename);
      if (wait > 0) throw new RateLimited(wait, "user");
    },
    editOld: (channelId) => {
      const { oldEdits } = this.#limits;
      const wait = this.#takeFrom(`old ${channelId}`, oldEdits);
      if (wait === 0) return;
      throw oldEdits.status === 400 ? refuse("tooManyOldEdits") : new RateLimited(wait, "user", 30046);
    },
  };

  #window(key: string, rate: Rate): Window {
    const now = this.#clock.now();
    const known = this.#windows.get(key);
    if (known && known.resetAt > now) return known;
    const fresh = { used: 0, resetAt: now + rate.perMs };
    this.#windows.set(key, fresh);
    return fresh;
  }

  /** Uses one request up; gives the time to wait (ms) when none is left. */
  #takeFrom(key: string, rate: Rate): number {
    const window = this.#window(key, rate);
    if (window.used >= rate.limit) return window.resetAt - this.#clock.now();
    window.used += 1;
    return 0;
  }
}

interface Rolling {
  wait(now: number): number;
  add(now: number): void;
}

/** The last `rate.limit` moments; a new request waits until the oldest is `perMs` ago. */
function createRolling(rate: Rate): Rolling {
  const moments: number[] = [];
  return {
    wait(now) {
      while (moments.length > 0 && (moments[0] ?? 0) <= now - rate.perMs) moments.shift();
      return moments.length < rate.limit ? 0 : (moments[0] ?? now) + rate.perMs - now;
    },
    add(now) {
      moments.push(now);
    },
  };
}

function keyOf(rule: BucketRule, params: Readonly<Record<string, string>>): string {
  return [rule.name, ...rule.major.map((name) => params[name] ?? "")].join(" ");
}

function toHeaders(rule: BucketRule, rate: Rate, window: Window, now: number): Headers {
  return {
    "X-RateLimit-Limit": String(rate.limit),
    "X-RateLimit-Remaining": String(Math.max(rate.limit - window.used, 0)),
    "X-RateLimit-Reset": (window.resetAt / 1000).toFixed(3),
    "X-RateLimit-Reset-After": (Math.max(window.resetAt - now, 0) / 1000).toFixed(3),
    "X-RateLimit-Bucket": createHash("md5").update(rule.name).digest("hex"),
  };
}

export function createNonces(clock: Clock, keptMs: number): Nonces {
  const kept = new Map<string, { readonly messageId: string; readonly until: number }>();
  return {
    find(key) {
      const entry = kept.get(key);
      return entry && entry.until > clock.now() ? entry.messageId : undefined;
    },
    keep(key, messageId) {
      kept.set(key, { messageId, until: clock.now() + keptMs });
    },
  };
}
