import { describe, expect, it } from "vitest";
import { profileOf, seeded, startTimes } from "../../../bench/load.ts";
import { optimum } from "../../../bench/optimum.ts";
import { runVirtually } from "../../../bench/virtual/run.ts";

const LOADS = [
  { profile: "steady", conversations: 1 },
  { profile: "steady", conversations: 10 },
  { profile: "steady", conversations: 50 },
  { profile: "steady", conversations: 200 },
  { profile: "burst", conversations: 1 },
  { profile: "burst", conversations: 50 },
  { profile: "burst", conversations: 200 },
] as const;

describe("answers in virtual time, under Discord's limits", () => {
  it.each(LOADS)(
    "$conversations $profile: near the optimum, and no 429",
    async ({ profile, conversations }) => {
      const load = profileOf(profile);
      const best = optimum({
        profile: load,
        firstTokens: startTimes(conversations, 20_000, seeded(1)),
        before: conversations,
        after: 2 * conversations,
        messageChars: 2_000,
      });
      const { figures, limited, correct, renders, requests } = await runVirtually(load, conversations);
      const crowd = conversations > 50;
      expect(limited).toBe(0);
      expect(correct).toBe(conversations);
      expect(figures.lagMs).toBeLessThanOrEqual(best.lagMs * 1.15);
      expect(figures.staleMs).toBeLessThanOrEqual(best.staleMs * 1.3);
      expect(figures.firstMs).toBeLessThanOrEqual(crowd ? 400 : 150);
      expect(figures.endMs).toBeLessThanOrEqual(crowd ? 600 : 300);
      expect(renders).toBeLessThanOrEqual(requests);
    },
  );
});
