import { expect, it } from "vitest";
import { createTraceparent } from "../../src/telemetry/traceparent.ts";

it("makes a new sampled W3C traceparent each time", () => {
  const made = Array.from({ length: 100 }, createTraceparent);
  for (const value of made) expect(value).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(new Set(made).size).toBe(100);
});
