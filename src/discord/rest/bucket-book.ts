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
  const shelves = new Map<RequestKind, Map<string, Bucket>>();
  const ownerOfName = new Map<string, RequestKind>();
  const sharedWith = new Map<RequestKind, RequestKind>();
  const unknown = newBucket();

  function shelf(kind: RequestKind): Map<string, Bucket> {
    const owner = sharedWith.get(kind) ?? kind;
    const known = shelves.get(owner) ?? new Map<string, Bucket>();
    shelves.set(owner, known);
    return known;
  }

  function change(kind: RequestKind, channelId: string, next: (bucket: Bucket) => Bucket): void {
    const buckets = shelf(kind);
    buckets.set(channelId, next(buckets.get(channelId) ?? unknown));
  }

  function learnName(kind: RequestKind, name: string): void {
    const owner = ownerOfName.get(name);
    if (owner === undefined) ownerOfName.set(name, sharedWith.get(kind) ?? kind);
    else if (owner !== kind) sharedWith.set(kind, owner);
  }

  function sweep(buckets: Map<string, Bucket>, now: number): void {
    if (buckets.size < SWEEP_ABOVE) return;
    for (const [channelId, bucket] of buckets) if (isIdle(bucket, now)) buckets.delete(channelId);
  }

  return {
    of: (kind, channelId) => shelf(kind).get(channelId) ?? unknown,
    sent(kind, channelId, now) {
      sweep(shelf(kind), now);
      change(kind, channelId, (bucket) => afterSend(bucket, now));
      if (kind === "create") change("edit", channelId, (bucket) => afterCreate(bucket, now));
    },
    answered(kind, channelId, facts, now) {
      change(kind, channelId, (bucket) => afterAnswer(bucket, facts, now));
      const landed = shelf(kind).get(channelId) ?? unknown;
      if (facts.bucket === undefined) return;
      learnName(kind, facts.bucket);
      change(kind, channelId, () => landed);
    },
    refused(kind, channelId, retryAfterMs, now) {
      change(kind, channelId, (bucket) => afterRefusal(bucket, retryAfterMs, now));
    },
  };
}
