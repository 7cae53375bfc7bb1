import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  counted,
  excessSentence,
  freeAt,
  isCrowded,
  minutesText,
  placesOf,
} from "../../src/conversation/quota.ts";

const limit = { count: 3, windowMs: 1000 };

describe("prompts per time", () => {
  it("never admits more than the bound in any window, and refuses nothing that would fit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }),
        (count, gaps) => {
          const bound = { count, windowMs: 1000 };
          let now = 5000;
          let times: readonly number[] = [];
          const admitted: number[] = [];
          for (const gap of gaps) {
            now += gap;
            const inWindow = admitted.filter((time) => time > now - 1000).length;
            const at = freeAt(times, bound, now);
            expect(at === undefined).toBe(inWindow < count);
            if (at !== undefined) continue;
            times = [...counted(times, bound, now), now];
            admitted.push(now);
          }
        },
      ),
    );
  });

  it("tells the moment from which one more fits, and no earlier one", () => {
    const times = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(times, (all) => {
        const at = freeAt(all, limit, 2000);
        if (at === undefined) return;
        expect(freeAt(all, limit, at)).toBeUndefined();
        expect(freeAt(all, limit, at - 1)).toBe(at);
      }),
    );
  });

  it("counts a time no longer than a window when the clock is set back", () => {
    expect(freeAt([9000, 9000, 9000], limit, 100)).toBe(1100);
  });
});

describe("turns at once", () => {
  const unfinished = [
    { actorId: "ana", guildId: "g", placeId: "t1" },
    { actorId: "ana", guildId: "g", placeId: "t1" },
    { actorId: "ben", guildId: "g", placeId: "t2" },
    { actorId: "ana", placeId: "dm" },
  ];
  const ana = { actorId: "ana", guildId: "g" };

  it("counts places, because each works on one prompt at a time", () => {
    expect(placesOf(unfinished, "user", ana)).toEqual(new Set(["t1", "dm"]));
    expect(placesOf(unfinished, "guild", ana)).toEqual(new Set(["t1", "t2"]));
    expect(placesOf(unfinished, "guild", { actorId: "ana" })).toEqual(new Set());
  });

  it("lets people line up where they talk already", () => {
    expect(isCrowded(unfinished, "user", ana, 2)).toBe(true);
    expect(isCrowded(unfinished, "user", { ...ana, placeId: "t2" }, 2)).toBe(true);
    expect(isCrowded(unfinished, "user", { ...ana, placeId: "t1" }, 2)).toBe(false);
    expect(isCrowded(unfinished, "user", ana, 3)).toBe(false);
    expect(isCrowded(unfinished, "user", ana, undefined)).toBe(false);
  });
});

describe("the sentence", () => {
  it("says what the bound is and when there is room again", () => {
    const at = 1_700_000_000_400;
    expect(
      excessSentence({ kind: "prompts", scope: "user", limit: { count: 1, windowMs: 60_000 }, at }),
    ).toBe(
      "You have asked one question within a minute, which is as many as one person may. There is room for the next one <t:1700000001:R>.",
    );
    expect(
      excessSentence({ kind: "prompts", scope: "guild", limit: { count: 100, windowMs: 7_200_000 }, at }),
    ).toContain("This server has asked 100 questions within 2 hours, which is as many as a server may.");
    expect(excessSentence({ kind: "turns", scope: "user", most: 2 })).toContain(
      "You have 2 conversations going on",
    );
  });

  it.each([
    [1, "a minute"],
    [10, "10 minutes"],
    [60, "an hour"],
    [90, "90 minutes"],
    [1440, "24 hours"],
  ])("says %i minutes as people do", (minutes, text) => {
    expect(minutesText({ count: 1, windowMs: minutes * 60_000 })).toBe(text);
  });
});
