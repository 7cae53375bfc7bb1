import type { LimitFacts } from "./limits.ts";
import {
  afterAnswer,
  afterCreate,
  afterRefusal,
  afterSend,
  type Bucket,
  isIdle,
  newBucket,
  type RequestKind,
} from "./schedule.ts";

/** All buckets that are known, found by kind and channel. */
export interface BucketBook {
  of(kind: RequestKind, channelId: string): Bucket;
  sent(kind: RequestKind, channelId: string, now: number): void;
  answered(kind: RequestKind, channelId: string, facts: LimitFacts, now: number): void;
  refused(kind: RequestKind, channelId: string, retryAfterMs: number, now: number): void;
}

const SWEEP_ABOVE = 1_000;

/**
 * Keeps one bucket per kind and channel. Kinds that Discord names the same bucket are counted together from the
 * moment that it says so.
 */
export function createBucketBook(): BucketBook {
  const buckets = new Map<string, Bucket>();
  const ownerOfName = new Map<string, RequestKind>();
  const sharedWith = new Map<RequestKind, RequestKind>();
  const unknown = newBucket();
  const key = (kind: RequestKind, channelId: string) => `${sharedWith.get(kind) ?? kind} ${channelId}`;
  const of = (kind: RequestKind, channelId: string) => buckets.get(key(kind, channelId)) ?? unknown;

  function learnName(kind: RequestKind, name: string): void {
    const owner = ownerOfName.get(name);
    if (owner === undefined) ownerOfName.set(name, sharedWith.get(kind) ?? kind);
    else if (owner !== kind) sharedWith.set(kind, owner);
  }

  function sweep(now: number): void {
    if (buckets.size < SWEEP_ABOVE) return;
    for (const [name, bucket] of buckets) if (isIdle(bucket, now)) buckets.delete(name);
  }

  return {
    of,
    sent(kind, channelId, now) {
      sweep(now);
      buckets.set(key(kind, channelId), afterSend(of(kind, channelId), now));
      if (kind === "create" && process.env["LG"])
        buckets.set(key("edit", channelId), afterCreate(of("edit", channelId), now));
    },
    answered(kind, channelId, facts, now) {
      const landed = afterAnswer(of(kind, channelId), facts, now);
      buckets.set(key(kind, channelId), landed);
      if (facts.bucket === undefined) return;
      learnName(kind, facts.bucket);
      buckets.set(key(kind, channelId), landed);
    },
    refused(kind, channelId, retryAfterMs, now) {
      buckets.set(key(kind, channelId), afterRefusal(of(kind, channelId), retryAfterMs, now));
    },
  };
}
