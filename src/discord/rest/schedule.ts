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
  "catch-up",
] as const;

/**
 * Why a request is made; decides who goes first when not all can. `aside`: what stands beside an answer's text; `catch-up`:
 * looking for what was missed.
 */
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

/** The beginning of an answer, in which people watch and the burst is used. */
const EAGER_MS = 2_500;
/** Share of the even gap that is kept in that time. */
const EAGER_SHARE = 0.7;
/** In gaps: how much of a window's end stays without a request. Smaller keeps one ready for the answer's end. */
const TAIL = 0.5;
/** From so many unseen characters on gaps shrink: the text pours, and will soon be over. */
const POURING_CHARS = 250;
/** Requests of a window that are spread evenly even then. */
const KEPT = 2;
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
 * would only queue a second. Edits that show progress are spread over the window. `unseen`: characters that people
 * cannot see yet.
 */
export function bucketReadyAt(
  bucket: Bucket,
  kind: RequestKind,
  priority: Priority,
  now: number,
  unseen = 0,
): number {
  if (bucket.inFlight) return NEVER;
  const isOpen = now < bucket.resetAt;
  if (isOpen && bucket.remaining < 1) return Math.max(bucket.blockedUntil, bucket.resetAt);
  if (kind !== "edit" || priority !== "progress") return bucket.blockedUntil;
  const haste = Math.min(1, POURING_CHARS / Math.max(1, unseen));
  const gap = isOpen ? spreadGap(bucket, haste) : LEAST_GAP_MS * haste;
  return Math.max(bucket.blockedUntil, bucket.lastSentAt + gap);
}

/** The time between edits that uses up a window evenly; shorter while the answer is young or pours. */
function spreadGap({ resetAt, lastSentAt, activeSince, remaining }: Bucket, haste: number): number {
  const even = (resetAt - lastSentAt) / (remaining + TAIL);
  const eager = lastSentAt - activeSince < EAGER_MS && remaining > 1 ? EAGER_SHARE : 1;
  return even * eager * (remaining > KEPT ? haste : 1);
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
