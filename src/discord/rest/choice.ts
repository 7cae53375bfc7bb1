import { type GlobalBudget, globalReadyAt } from "./global-budget.ts";
import { type Bucket, bucketReadyAt, PRIORITIES, type Priority, type RequestKind } from "./schedule.ts";

/** A request that waits for its turn. */
export interface Candidate {
  readonly kind: RequestKind;
  readonly priority: Priority;
  /** Since when people have been looking at something older, in milliseconds. */
  readonly since: number;
  /** Characters that people cannot see yet. */
  readonly unseen: () => number;
  /** Not before this time: a retry's back-off. */
  readonly notBefore: number;
}

/** Who goes now, or else when to look again (`Infinity`: after the next response). */
export type Choice<T> = { readonly next: T } | { readonly at: number };

const WAITING_CHARS_A_SECOND = 50;
const ASIDE_PATIENCE_MS = 15_000;

/**
 * Chooses among waiting requests: those whose bucket and the global budget let them leave, the most urgent first,
 * and among equals the one whose text on the screen is the stalest. That keeps conversations fair to each other.
 * With many of them it is the global budget that all wait for, so it is asked before their buckets.
 */
export function choose<T extends Candidate>(
  waiting: Iterable<T>,
  bucketOf: (candidate: T) => Bucket,
  budget: GlobalBudget,
  now: number,
): Choice<T> {
  const earliest = globalReadyAt(budget, PRIORITIES[0]);
  if (earliest > now) return { at: earliest };
  const globalAt = new Map(PRIORITIES.map((priority) => [priority, globalReadyAt(budget, priority)]));
  let next: T | undefined;
  let at = Number.POSITIVE_INFINITY;
  for (const candidate of waiting) {
    const { kind, priority, notBefore, unseen } = candidate;
    const freeAt = Math.max(notBefore, globalAt.get(priority) ?? 0);
    const readyAt = freeAt > now ? freeAt : bucketReadyAt(bucketOf(candidate), kind, priority, now, unseen());
    if (readyAt > now) at = Math.min(at, readyAt);
    else if (next === undefined || goesBefore(candidate, next, now)) next = candidate;
  }
  return next === undefined ? { at } : { next };
}

function goesBefore(one: Candidate, other: Candidate, now: number): boolean {
  const rank = rankOf(one, now) - rankOf(other, now);
  return rank === 0 ? need(one, now) > need(other, now) : rank < 0;
}

/** Old text and much text both ask for a request: waiting counts like characters of a leisurely stream. */
function need({ since, unseen }: Candidate, now: number): number {
  return ((now - since) * WAITING_CHARS_A_SECOND) / 1_000 + unseen();
}

/** An aside gives way to text that moves, but not for ever. */
function rankOf({ priority, since }: Candidate, now: number): number {
  const aged = priority === "aside" && now - since > ASIDE_PATIENCE_MS;
  return PRIORITIES.indexOf(aged ? "progress" : priority);
}
