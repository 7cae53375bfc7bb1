import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderTurn } from "../../../src/discord/view/render.ts";
import { codePointLength } from "../../../src/discord/view/safe-text.ts";
import { tellingArguments } from "../../../src/discord/view/tool-arguments.ts";
import { aTurn, calls, returns, says, type Timed } from "./a-turn.ts";

describe("the telling arguments", () => {
  test.each([
    [
      "a resource",
      { resource_type: "pods", resource_name: "checkout", namespace: "shop" },
      "pods/checkout in shop",
    ],
    ["a namespace alone", { namespace: "shop" }, "in shop"],
    ["a query", { query: "sum(rate(x[5m]))", step: 5 }, "sum(rate(x[5m]))"],
    [
      "a request, on one line and short",
      { request: `why\nis ${"it so ".repeat(20)}` },
      "why is it so it so it so it so it so it…",
    ],
    ["the first plain one otherwise", { options: {}, replicas: 3 }, "3"],
    ["never a secret", { api_key: "s3cr3t", password: "x", authToken: "y" }, ""],
    ["nothing of nothing", {}, ""],
  ])("are %s", (_, args, text) => {
    expect(tellingArguments(JSON.stringify(args))).toBe(text);
  });

  test("of broken JSON are none", () => {
    expect(tellingArguments('{"a":')).toBe("");
    expect(tellingArguments("[1]")).toBe("1");
    expect(tellingArguments("null")).toBe("");
  });
});

const tool = fc.record({
  name: fc.string({ unit: "grapheme", maxLength: 80 }),
  args: fc.dictionary(fc.constantFrom("name", "namespace", "query", "kind"), fc.string({ maxLength: 200 })),
  ok: fc.option(fc.boolean()),
  text: fc.option(fc.string({ maxLength: 900, size: "max" })),
});

test("however many tools are called, with whatever names, no message grows too long", () => {
  fc.assert(
    fc.property(fc.array(tool, { maxLength: 25, size: "max" }), (tools) => {
      const events = tools.flatMap(({ name, args, ok, text }, index): Timed[] => [
        [index, calls(`${index}`, name, args)],
        ...(ok === null ? [] : [[index, returns(`${index}`, ok)] satisfies Timed]),
        ...(text === null ? [] : [[index, says(text, `${index}`)] satisfies Timed]),
      ]);
      const { messages } = renderTurn(aTurn(...events), { agentLabel: () => "agent" });
      for (const { content } of messages) expect(codePointLength(content)).toBeLessThanOrEqual(2000);
    }),
    { numRuns: 200 },
  );
});

test("many calls at once are counted, and the last ones shown", () => {
  const events = Array.from({ length: 9 }, (_, index): Timed[] => [
    [index * 10, calls(`${index}`, "get")],
    [index * 10 + 10, returns(`${index}`)],
  ]).flat();
  const [message] = renderTurn(aTurn(...events), { agentLabel: () => "agent" }).messages;
  expect(message?.content.split("\n")).toEqual([
    "-# ✓ 5 tools · 50 ms · get ×5",
    ...Array.from({ length: 4 }, () => "-# ✓ get · 10 ms"),
  ]);
});
