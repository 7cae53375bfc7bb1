import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentLines, rawLines } from "../../../src/discord/view/argument-lines.ts";
import { visibleProse, visibleText } from "../../../src/discord/view/exact-text.ts";
import { readJson, wholeJson } from "../../../src/discord/view/json-text.ts";
import { createManifestReader } from "../../../src/discord/view/manifests.ts";

function lines(json: string, room = 60): readonly string[] {
  const node = readJson(json);
  if (!node) throw new Error("no JSON");
  return argumentLines(node, room);
}

describe("arguments", () => {
  test("keep every number as it was written, and a key that comes twice", () => {
    expect(lines('{"a":12345678901234567890,"b":4.0,"c":-1e+400,"a":true,"d":null}')).toEqual([
      "a: 12345678901234567890",
      "b: 4.0",
      "c: -1e+400",
      "a: true",
      "d: null",
    ]);
  });

  test("show structure by indentation, and short lists on one line", () => {
    expect(lines('{"spec":{"ports":[{"port":80}],"args":["-v","x"],"none":{},"no":[]}}')).toEqual([
      "spec:",
      "  ports:",
      "    -",
      "      port: 80",
      '  args: ["-v", "x"]',
      "  none: {}",
      "  no: []",
    ]);
  });

  test("show head, length and tail of a long value", () => {
    expect(lines(`{"v":"${"a".repeat(100)}z","n":${"1".repeat(80)}}`, 9)).toEqual([
      'v: "aaaaaa" ⋯ 101 characters ⋯ "aaz"',
      "n: 111111 ⋯ 80 characters ⋯ 111",
    ]);
  });

  test("put texts of several lines behind a bar that nothing in them can imitate", () => {
    expect(lines('{"m":"one\\n⋯ 5 characters in 2 lines ⋯\\nnext: \\"x\\"","n":1}')).toEqual([
      "m:",
      "  │ one",
      "  │ ⋯ 5 characters in 2 lines ⋯",
      '  │ next: "x"',
      "n: 1",
    ]);
    expect(rawLines(`${"x".repeat(30)}\n${"y".repeat(30)}`, 6)).toEqual([
      "│ xxxx",
      "⋯ 61 characters in 2 lines ⋯",
      "│ yy",
    ]);
  });

  test("quote keys that could be taken for something else", () => {
    expect(lines('{"a: 1\\nb":2,"":3,"\\u202e":4}')).toEqual(['"a: 1\\nb": 2', '"": 3', '"\\u202e": 4']);
  });

  test("that are no JSON, too deep or too many are not read", () => {
    expect(readJson('{"a":')).toBeUndefined();
    expect(readJson(`${"[".repeat(33)}${"]".repeat(33)}`)).toBeUndefined();
    expect(readJson(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toBeUndefined();
    expect(readJson(`[${"1,".repeat(10_000)}1]`)).toBeUndefined();
  });
});

test("the whole JSON means the same, with nothing invisible in it", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), (json) => {
      const whole = wholeJson(json);
      expect(JSON.parse(whole)).toEqual(JSON.parse(json));
      expect(visibleText(whole.replaceAll("\n", ""))).toBe(whole.replaceAll("\n", ""));
    }),
  );
  expect(wholeJson('{"a":[1,{"b":[]}],"c":{}}')).toBe(
    '{\n  "a": [\n    1,\n    {\n      "b": []\n    }\n  ],\n  "c": {}\n}',
  );
  expect(wholeJson("no \u202e JSON")).toBe('"no \\u202e JSON"');
});

test("what hides is shown, in prose all but what emoji and languages need", () => {
  expect(visibleText("a\u202eb\u200bc\u00a0d\u3164e\u{e0041}f\tg")).toBe(
    "a\\u202eb\\u200bc\\u00a0d\\u3164e\\udb40\\udc41f\\tg",
  );
  expect(visibleProse("⚠️ 👩‍💻\u00a0\u2067x")).toBe("⚠️ 👩‍💻 \\u2067x");
});

describe("manifests in arguments", () => {
  const found = (value: unknown) => {
    const node = readJson(JSON.stringify(value));
    return node ? createManifestReader()(node) : [];
  };

  test("are named by kind, namespace and name, in YAML and JSON, alone or in lists", () => {
    const yaml =
      "kind: Deployment\nmetadata: {name: web, namespace: shop}\n---\nkind: Namespace\nmetadata:\n  name: shop\n";
    const list = { kind: "List", items: [{ kind: "Secret", metadata: { name: "s", namespace: "n" } }] };
    expect(found({ manifest: yaml, nested: [JSON.stringify(list)] })).toEqual([
      "Deployment/shop/web",
      "Namespace/-/shop",
      "Secret/n/s",
    ]);
    expect(found({ m: "kind: Job\nmetadata:\n  generateName: run-" })).toEqual(["Job/-/run-…"]);
  });

  test("resolve aliases as the cluster does, and hide nothing in their names", () => {
    expect(found({ m: 'x: &k Secret\nkind: *k\nmetadata: {name: "a\\u202eb"}' })).toEqual([
      'Secret/-/"a\\u202eb"',
    ]);
    expect(found({ m: "kind: 3\nmetadata: {name: {a: 1}}" })).toEqual(['3/-/"{\\"a\\":1}"']);
  });

  test("that cannot be read, or not in time, are named as such", () => {
    expect(found({ m: "kind: [" })).toEqual(["a manifest that cannot be read"]);
    expect(found({ m: `kind: ${"[".repeat(50_000)}` })).toEqual(["a manifest that cannot be read"]);
    const bomb = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    expect(found({ m: `a0: &a0 [x]\n${bomb.join("\n")}\nkind: *a9` })).toEqual([
      "a manifest that cannot be read",
    ]);
    expect(found({ m: `kind: A\n${"# x\n".repeat(40_000)}` })[0]).toMatch(
      /^a manifest of 160,\d+ characters, too long/,
    );
  });

  test("are no prose that speaks of kinds", () => {
    expect(found({ text: "be kind to pods", kind: "Pod" })).toEqual([]);
  });
});
