import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose } from "../../../src/discord/rest/choice.ts";
import {
  type GlobalBudget,
  globalAfterAnswer,
  globalAfterRefusal,
  globalAfterSend,
  globalReadyAt,
  newGlobalBudget,
} from "../../../src/discord/rest/global-budget.ts";
import {
  afterAnswer,
  afterRefusal,
  afterSend,
  type Bucket,
  bucketReadyAt,
  newBucket,
  type Priority,
} from "../../../src/discord/rest/schedule.ts";

const facts = (remaining: number, resetAfterMs: number) => ({ limit: 5, remaining, resetAfterMs });

describe("a bucket", () => {
  it("lets one request leave and the next only after the response", () => {
    const sent = afterSend(newBucket(), 0);
    expect(bucketReadyAt(sent, "edit", "final", 0)).toBe(Number.POSITIVE_INFINITY);
    expect(bucketReadyAt(afterAnswer(sent, facts(4, 4_900), 100), "edit", "final", 100)).toBeLessThanOrEqual(
      100,
    );
  });

  it("that is used up opens again when the server said", () => {
    const empty = afterAnswer(afterSend(newBucket(), 0), facts(0, 4_000), 100);
    expect(bucketReadyAt(empty, "edit", "acknowledgement", 200)).toBe(4_100);
  });

  it("spreads progress over its window, denser while the answer is young", () => {
    const young = afterAnswer(afterSend(newBucket(), 50_000), facts(4, 4_900), 50_100);
    const old = { ...young, activeSince: 20_000 };
    const youngAt = bucketReadyAt(young, "edit", "progress", 50_200);
    const oldAt = bucketReadyAt(old, "edit", "progress", 50_200);
    expect(youngAt).toBeLessThan(oldAt);
    expect(oldAt).toBeGreaterThan(51_000);
    expect(bucketReadyAt(old, "edit", "final", 50_200)).toBeLessThanOrEqual(50_200);
  });

  it("hurries while text pours, but keeps some requests back", () => {
    const bucket = {
      ...afterAnswer(afterSend(newBucket(), 50_000), facts(4, 4_900), 50_100),
      activeSince: 0,
    };
    const at = (unseen: number, remaining: number) =>
      bucketReadyAt({ ...bucket, remaining }, "edit", "progress", 50_200, unseen);
    expect(at(1_000, 4)).toBeLessThan(at(100, 4));
    expect(at(1_000, 2)).toBe(at(100, 2));
  });

  it("learns another limit from the headers", () => {
    const wide = afterAnswer(
      afterSend(newBucket(), 0),
      { limit: 10, remaining: 9, resetAfterMs: 9_000 },
      100,
    );
    expect(wide).toMatchObject({ limit: 10, remaining: 9, windowMs: 9_000 });
  });

  it("counts a request whose response was lost as made at the latest possible time", () => {
    const lost = afterAnswer(afterSend(newBucket(), 0), {}, 3_000);
    expect(lost).toMatchObject({ inFlight: false, remaining: 4, resetAt: 8_000 });
  });

  it("waits as long as a 429 told", () => {
    const refused = afterRefusal(afterSend(newBucket(), 0), 30_000, 100);
    expect(bucketReadyAt(refused, "edit", "acknowledgement", 200)).toBe(30_100);
  });

  it("never exceeds the server's windows, whatever the latency", () => {
    const trip = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }));
    const priority = fc.constantFrom<Priority>("progress", "final", "first-text");
    fc.assert(
      fc.property(fc.array(fc.tuple(trip, priority), { minLength: 1, maxLength: 60 }), (steps) => {
        let bucket: Bucket = newBucket();
        let now = 0;
        let window = { count: 0, resetAt: 0 };
        for (const [[up, down], urgency] of steps) {
          now = Math.max(now, bucketReadyAt(bucket, "edit", urgency, now));
          bucket = afterSend(bucket, now);
          const arrival = now + up;
          if (arrival >= window.resetAt) window = { count: 0, resetAt: arrival + 5_000 };
          window.count += 1;
          expect(window.count).toBeLessThanOrEqual(5);
          now = arrival + down;
          bucket = afterAnswer(bucket, facts(5 - window.count, window.resetAt - arrival), now);
        }
      }),
    );
  });
});

describe("the global budget", () => {
  it("lets the server never see more than 50 requests in any second, whatever the latency", () => {
    const trip = fc.tuple(fc.integer({ min: 30, max: 60 }), fc.integer({ min: 30, max: 60 }));
    const priority = fc.constantFrom<Priority>("progress", "final", "typing");
    fc.assert(
      fc.property(fc.array(fc.tuple(trip, priority), { minLength: 200, maxLength: 300 }), (requests) => {
        const arrivals = drive(requests).sort((a, b) => a - b);
        for (const [index, arrival] of arrivals.entries()) {
          const fiftieth = arrivals[index + 50];
          if (fiftieth !== undefined) expect(fiftieth - arrival).toBeGreaterThanOrEqual(1_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("keeps typing to half of it", () => {
    let budget = newGlobalBudget(50);
    for (let sent = 0; sent < 25; sent++) budget = globalAfterSend(budget, 0);
    expect(globalReadyAt(budget, "typing")).toBe(Number.POSITIVE_INFINITY);
    expect(globalReadyAt(budget, "final")).toBeLessThanOrEqual(0);
  });

  it("leaves room for a start beside it, and for nothing later", () => {
    let budget = newGlobalBudget(50, 0);
    for (let sent = 0; sent < 44; sent++) budget = globalAfterSend(budget, 0);
    expect(globalReadyAt(budget, "final")).toBe(4_000);
    for (let answered = 0; answered < 44; answered++) budget = globalAfterAnswer(budget, 0, 100, true);
    expect(globalReadyAt(budget, "final")).toBe(1_100);
    for (let sent = 0; sent < 5; sent++) budget = globalAfterSend(budget, 5_000);
    for (let answered = 0; answered < 5; answered++) budget = globalAfterAnswer(budget, 5_000, 5_100, true);
    for (let sent = 0; sent < 44; sent++) budget = globalAfterSend(budget, 5_100);
    expect(globalReadyAt(budget, "final")).toBeLessThanOrEqual(5_100);
  });

  it("stops everything for as long as a global 429 told", () => {
    const budget = globalAfterRefusal(newGlobalBudget(50), 5_000, 100);
    expect(globalReadyAt(budget, "acknowledgement")).toBe(5_100);
  });
});

describe("the choice among waiting requests", () => {
  const candidate = (priority: Priority, since: number, unseen = 0) => ({
    kind: "edit" as const,
    priority,
    since,
    unseen: () => unseen,
    notBefore: 0,
  });
  const pick = (...waiting: ReturnType<typeof candidate>[]) =>
    choose(waiting, () => newBucket(), newGlobalBudget(50), 20_000);

  it("goes by urgency first", () => {
    const first = candidate("first-text", 19_000);
    expect(pick(candidate("progress", 0, 9_000), first, candidate("final", 0))).toEqual({ next: first });
  });

  it("then by who has waited longest and has most to show", () => {
    const stalest = candidate("progress", 12_000);
    expect(pick(candidate("progress", 15_000), stalest)).toEqual({ next: stalest });
    const fullest = candidate("progress", 15_000, 800);
    expect(pick(stalest, fullest)).toEqual({ next: fullest });
  });

  it("lets what stands beside the text wait, but not for ever", () => {
    const text = candidate("progress", 19_900);
    expect(pick(text, candidate("aside", 10_000))).toEqual({ next: text });
    const old = candidate("aside", 1_000);
    expect(pick(text, old)).toEqual({ next: old });
  });

  it("waits for the global budget when that is used up", () => {
    const budget = globalAfterRefusal(newGlobalBudget(50), 5_000, 20_000);
    expect(choose([candidate("final", 0)], () => newBucket(), budget, 20_000)).toEqual({ at: 25_000 });
  });

  it("says when to look again if nobody may leave", () => {
    const later = { ...candidate("final", 0), notBefore: 20_500 };
    expect(pick(later)).toEqual({ at: 20_500 });
    expect(pick()).toEqual({ at: Number.POSITIVE_INFINITY });
  });
});

/** Sends as early as the budget allows, and gives the times at which the server saw the requests. */
function drive(requests: readonly (readonly [readonly [number, number], Priority])[]): number[] {
  let budget: GlobalBudget = newGlobalBudget(50);
  let flying: { readonly sentAt: number; readonly backAt: number }[] = [];
  const arrivals: number[] = [];
  let now = 0;
  const land = (until: number) => {
    flying.sort((a, b) => a.backAt - b.backAt);
    for (const { sentAt, backAt } of flying.filter((one) => one.backAt <= until)) {
      budget = globalAfterAnswer(budget, sentAt, backAt, true);
    }
    flying = flying.filter((one) => one.backAt > until);
  };
  for (const [[up, down], priority] of requests) {
    for (let at = globalReadyAt(budget, priority); at > now; at = globalReadyAt(budget, priority)) {
      now = Math.min(at, ...flying.map(({ backAt }) => backAt));
      land(now);
    }
    budget = globalAfterSend(budget, now);
    flying.push({ sentAt: now, backAt: now + up + down });
    arrivals.push(now + up);
  }
  return arrivals;
}
