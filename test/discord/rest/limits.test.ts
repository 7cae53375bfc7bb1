import { describe, expect, it } from "vitest";
import { readLimits, readRefusal } from "../../../src/discord/rest/limits.ts";

const from = (headers: Record<string, string>) => {
  const all = new Headers(headers);
  return (name: string) => all.get(name);
};

describe("rate limit headers", () => {
  it("are read with seconds as milliseconds", () => {
    const header = from({
      "x-ratelimit-limit": "5",
      "x-ratelimit-remaining": "3",
      "x-ratelimit-reset-after": "4.312",
      "x-ratelimit-bucket": "abc",
    });
    expect(readLimits(header)).toEqual({ bucket: "abc", limit: 5, remaining: 3, resetAfterMs: 4_312 });
  });

  it("count as not said when they are no numbers", () => {
    const header = from({
      "x-ratelimit-limit": "many",
      "x-ratelimit-remaining": "-1",
      "x-ratelimit-reset-after": "",
    });
    expect(readLimits(header)).toEqual({});
  });

  it("never make us wait longer than an hour", () => {
    expect(readLimits(from({ "x-ratelimit-reset-after": "1e9" })).resetAfterMs).toBe(3_600_000);
  });
});

describe("a 429", () => {
  it("names its scope and how long to wait", () => {
    expect(readRefusal(from({ "retry-after": "2", "x-ratelimit-scope": "shared" }))).toEqual({
      retryAfterMs: 2_000,
      scope: "shared",
    });
  });

  it("is global when the global header says so", () => {
    const header = from({ "retry-after": "1", "x-ratelimit-global": "true" });
    expect(readRefusal(header)).toEqual({ retryAfterMs: 1_000, scope: "global" });
  });

  it("without any header is waited out for a second", () => {
    expect(readRefusal(from({}))).toEqual({ retryAfterMs: 1_000, scope: "user" });
  });
});
