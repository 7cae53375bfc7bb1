import fc from "fast-check";
import { expect, test } from "vitest";
import { readRequest } from "../../../src/a2a/kagent/hitl/request.ts";
import { readEnvelope, readResult } from "../../../src/a2a/wire/codec.ts";
import { argsText, parseWire } from "../../../src/a2a/wire/exact-args.ts";
import { isObject } from "../../../src/a2a/wire/json.ts";

/** The arguments that a request of the 0.3 wire tells, when they stand there as `args`. */
function told(args: string): string | undefined {
  const call = `{"id":"c1","name":"scale","args":${args}}`;
  const data = `{"id":"adk-1","name":"adk_request_confirmation","args":{"originalFunctionCall":${call}}}`;
  const message = `{"role":"agent","parts":[{"kind":"data","data":${data}}]}`;
  const status = `{"state":"input-required","message":${message}}`;
  const result = `{"kind":"status-update","taskId":"t","contextId":"c","final":true,"status":${status}}`;
  const envelope = readEnvelope(`{"jsonrpc":"2.0","id":1,"result":${result}}`);
  const event = envelope?.kind === "result" ? readResult(envelope.value) : undefined;
  if (event?.kind !== "status") return undefined;
  const item = readRequest(event.update.message, { taskId: "t", contextId: "c" })?.items[0];
  return item?.kind === "operation" ? item.args : undefined;
}

test.each([
  '{"id":9007199254740993}',
  '{"share":1.0,"many":1e5,"few":-0.10,"all":[1E+2,{"deep":4.0}]}',
  '{"__proto__":{"admin":true},"constructor":1.50}',
  '{"text":"1.0 \\" \\\\ é \\u0000","none":null,"yes":true,"empty":{},"list":[]}',
])("people see the arguments %s as they were written", (args) => {
  expect(told(args)).toBe(args);
});

test("arguments that are null, missing or a bare value have a text, too", () => {
  expect(told("null")).toBe("{}");
  expect(argsText(undefined)).toBe("{}");
  expect(told('"now"')).toBe('"now"');
});

test("where one key has two values people see the one that agents take", () => {
  expect(told('{"name":"shop","name":"prod","count":1.0}')).toBe('{"name":"prod","count":1}');
});

test("what is nested too deep to be read twice is still read", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const value = parseWire(`{"adk_request_confirmation":1,"args":{"a":1.0},"deep":${deep}}`);
  expect(isObject(value) && value.args).toEqual({ a: 1 });
});

test("a text without a pause is read as ever", () => {
  const value = parseWire('{"args":{"a":1.0}}');
  expect(isObject(value) ? argsText(value.args) : "").toBe('{"a":1}');
  expect(parseWire("no json adk_request_confirmation")).toBeUndefined();
});

test("any arguments survive, number by number", () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,12})?([eE][+-]?\d{1,2})?$/);
  const text = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      digits,
      fc.string().map((value) => JSON.stringify(value)),
      fc.constantFrom("true", "false", "null"),
      fc.array(tie("value"), { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
      fc
        .uniqueArray(fc.tuple(fc.string(), tie("value")), { maxLength: 4, selector: ([key]) => key })
        .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
    ),
  })).value;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z_]{1,12}$/), text), { maxLength: 5 }), (pairs) => {
      const unique = [...new Map(pairs)];
      const args = `{${unique.map(([key, value]) => `"${key}":${value}`).join(",")}}`;
      const shown = told(args) ?? "";
      expect(JSON.stringify(JSON.parse(shown))).toBe(JSON.stringify(JSON.parse(args)));
      expect(numbers(shown).sort()).toEqual(numbers(args).sort());
    }),
  );
});

function numbers(text: string): string[] {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return outside.match(/-?\d[\d.eE+-]*/g) ?? [];
}
