import type { LimitFacts } from "./limits.ts";

/** Most urgent first. */
export const PRIORITIES = [
  "acknowledgement",
  "first-text",
  "final",
  "waiting",
  "progress",
  "aside",
  "typing",
] as const;

/** Why a request is made; decides who goes first when not all can. `aside`: what stands beside an answer's text. */
export type Priority = (typeof PRIORITIES)[number];

/** Kinds of request that Discord counts apart, per channel. `other:…` for every further route. */
export type RequestKind = "create" | "edit" | "delete" | "typing" | "thread" | `other:${string}`;

/**
 * One bucket of Discord: `limit` requests in a window that starts with its first request. A value; the functions
 * below make the next one. Times are milliseconds on the scheduler's clock.
 *
 * @see https://docs.discord.com/developers/topics/rate-limits
 */
export interface Bucket {
  readonly limit: number;
  readonly windowMs: number;
  readonly remaining: number;
  /** When the current window ends; in the past: the next request opens a new one. */
  readonly resetAt: number;
  readonly blockedUntil: number;
  readonly lastSentAt: number;
  /** When the current spell of activity began. */
  readonly activeSince: number;
  readonly inFlight: boolean;
}

/** How progress edits are spread over a bucket's window. */
interface Spread {
  /** Length of the beginning of an answer, when people watch, in which the burst is used. */
  readonly eagerMs: number;
  /** Share of the even gap that is kept in that time. */
  readonly eagerShare: number;
  /** In gaps: how much of the window's end stays dark. Smaller keeps a request ready for the answer's end. */
  readonly tail: number;
}

const SPREAD: Spread = { eagerMs: 2_500, eagerShare: 0.7, tail: 0.5 };

/** Between text that just came and the next progress: a few characters more are not worth one of five edits. */
const LEAST_GAP_MS = 400;
const IDLE_MS = 10_000;
const NEVER = Number.POSITIVE_INFINITY;

/** A bucket nothing is known of yet: what people report for messages, until the headers say otherwise. */
export function newBucket(): Bucket {
  return {
    limit: 5,
    windowMs: 5_000,
    remaining: 5,
    resetAt: 0,
    blockedUntil: 0,
    lastSentAt: Number.NEGATIVE_INFINITY,
    activeSince: 0,
    inFlight: false,
  };
}

/** The bucket once a request has left. */
export function afterSend(bucket: Bucket, now: number): Bucket {
  const fresh = now >= bucket.resetAt;
  return {
    ...bucket,
    remaining: (fresh ? bucket.limit : bucket.remaining) - 1,
    resetAt: fresh ? now + bucket.windowMs : bucket.resetAt,
    activeSince: now - bucket.lastSentAt > IDLE_MS ? now : bucket.activeSince,
    lastSentAt: now,
    inFlight: true,
  };
}

/** The bucket of edits once a new message has left: what follows is an edit of text just seen. */
export function afterCreate(bucket: Bucket, now: number): Bucket {
  const activeSince = now - bucket.lastSentAt > IDLE_MS ? now : bucket.activeSince;
  return { ...bucket, lastSentAt: now, activeSince };
}

/** The bucket once the response is here; without facts (reply lost) the request counts as made at the latest time. */
export function afterAnswer(bucket: Bucket, facts: LimitFacts, now: number): Bucket {
  const landed = { ...bucket, inFlight: false };
  if (facts.remaining === undefined || facts.resetAfterMs === undefined) {
    return { ...landed, resetAt: bucket.resetAt + Math.max(0, now - bucket.lastSentAt) };
  }
  const limit = Math.max(1, facts.limit ?? bucket.limit);
  const opened = facts.remaining === limit - 1;
  return {
    ...landed,
    limit,
    remaining: facts.remaining,
    resetAt: now + facts.resetAfterMs,
    windowMs: opened ? facts.resetAfterMs : bucket.windowMs,
  };
}

/** The bucket after a 429: nothing leaves before the time that Discord named. */
export function afterRefusal(bucket: Bucket, retryAfterMs: number, now: number): Bucket {
  return { ...bucket, inFlight: false, blockedUntil: Math.max(bucket.blockedUntil, now + retryAfterMs) };
}

/**
 * When this bucket lets a request of that priority leave; `Infinity` while one is in flight, since discord.js
 * would only queue a second. Progress is spread over the window, denser while the answer is young.
 */
export function bucketReadyAt(
  bucket: Bucket,
  kind: RequestKind,
  priority: Priority,
  now: number,
  spread = SPREAD,
): number {
  if (bucket.inFlight) return NEVER;
  const fresh = now >= bucket.resetAt;
  if (!fresh && bucket.remaining < 1) return Math.max(bucket.blockedUntil, bucket.resetAt);
  if (kind !== "edit" || priority !== "progress") return bucket.blockedUntil;
  if (fresh) return Math.max(bucket.blockedUntil, bucket.lastSentAt + LEAST_GAP_MS);
  const even = (bucket.resetAt - bucket.lastSentAt) / (bucket.remaining + spread.tail);
  const eager = bucket.lastSentAt - bucket.activeSince < spread.eagerMs && bucket.remaining > 1;
  const gap = eager ? even * spread.eagerShare : even;
  return Math.max(bucket.blockedUntil, bucket.lastSentAt + gap);
}

/** Whether forgetting the bucket loses nothing. */
export function isIdle(bucket: Bucket, now: number): boolean {
  return (
    !bucket.inFlight &&
    now >= bucket.resetAt &&
    now >= bucket.blockedUntil &&
    now - bucket.lastSentAt > IDLE_MS
  );
}
