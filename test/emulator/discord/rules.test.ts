import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClock } from "../../../emulator/discord/clock.ts";
import { ApiError } from "../../../emulator/discord/errors.ts";
import type { JsonObject } from "../../../emulator/discord/json.ts";
import { checkComponents, flatten } from "../../../emulator/discord/rules/components.ts";
import { keptFilename } from "../../../emulator/discord/rules/text.ts";
import { createSnowflakes, snowflakeTime } from "../../../emulator/discord/snowflake.ts";

function status(act: () => unknown): number {
  try {
    act();
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

const text = (content: string): JsonObject => ({ type: 10, content });

describe("components v2", () => {
  it("hold 4000 characters of text in all, whatever the number of displays", () => {
    expect(status(() => checkComponents([text("x".repeat(2000)), text("x".repeat(2000))], true))).toBe(200);
    expect(status(() => checkComponents([text("x".repeat(2000)), text("x".repeat(2001))], true))).toBe(400);
  });

  it("break Discord above 10170 bytes of text", () => {
    expect(status(() => checkComponents([text("漢".repeat(3386))], true))).toBe(200);
    expect(status(() => checkComponents([text("漢".repeat(3387))], true))).toBe(500);
  });

  it("are forty at most, nested ones counted", () => {
    const container = (count: number) => ({
      type: 17,
      components: Array.from({ length: count }, () => text("x")),
    });
    expect(status(() => checkComponents([container(39)], true))).toBe(200);
    expect(status(() => checkComponents([container(40)], true))).toBe(400);
  });

  it("get ids of their own, and keep those they have", () => {
    const kept = checkComponents(
      [{ type: 17, components: [{ ...text("a"), id: 2 }, text("b")] }, text("c")],
      true,
    );
    const ids = flatten(kept).map((component) => component.id);
    expect(new Set(ids).size).toBe(4);
    expect(ids).toContain(2);
  });
});

describe("ids", () => {
  it("are unique, ascending and tell their time, however the clock jumps", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 200 }), (times) => {
        const start = 1_790_000_000_000;
        let now = start;
        const next = createSnowflakes(() => now);
        const ids = times.map((time) => {
          now = start + time;
          return next();
        });
        expect(new Set(ids).size).toBe(ids.length);
        expect([...ids].sort()).toEqual(ids);
        for (const id of ids) expect(id).toMatch(/^\d{17,19}$/);
        expect(snowflakeTime(ids[0] ?? "")).toBe(start + (times[0] ?? 0));
      }),
    );
  });
});

describe("file names", () => {
  it("lose their folders and what is no letter, number, dot, dash or underscore", () => {
    expect(keptFilename("../etc/pass wd.txt")).toBe("pass_wd.txt");
    expect(keptFilename("..")).toBe("unknown");
    fc.assert(
      fc.property(fc.string(), (name) => !/[/\\\s]/.test(keptFilename(name)) && keptFilename(name) !== ""),
    );
  });
});

describe("the clock", () => {
  it("runs what falls due when it is moved, in order, and what that plans in time", () => {
    const clock = createClock();
    const done: string[] = [];
    clock.after(2000, () => done.push("late"));
    clock.after(1000, () => {
      done.push("early");
      clock.after(5000, () => done.push("later"));
    });
    const cancel = clock.after(1500, () => done.push("never"));
    cancel();
    clock.advance(3000);
    expect(done).toEqual(["early", "late"]);
    clock.advance(5000);
    expect(done).toEqual(["early", "late", "later"]);
    clock.stop();
  });
});
