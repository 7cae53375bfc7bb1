import fc from "fast-check";
import { expect, test } from "vitest";
import { type Action, readCustomId, toCustomId } from "../../../src/discord/gateway/custom-id.ts";

const id = fc.stringMatching(/^[\w-]{16}$/);
const position = fc.nat(99);
const yes = fc.boolean();

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ act: fc.constantFrom("stop", "retry"), turnId: id }),
  fc.record({ act: fc.constant("unqueue"), promptId: id }),
  fc.record({ act: fc.constant("about"), pendingId: id }),
  fc.record({ act: fc.constantFrom("confirm", "instead"), pendingId: id, yes }),
  fc.record({
    act: fc.constantFrom("ok", "no", "why"),
    requestId: id,
    item: fc.oneof(position, fc.constant("all")),
  }),
  fc.record({ act: fc.constant("each"), requestId: id, item: position }),
  fc.record({ act: fc.constant("ask"), requestId: id, item: position, question: position, page: position }),
  fc.record({ act: fc.constant("pick"), requestId: id, item: position, question: position }),
  fc.record({
    act: fc.constant("pick"),
    requestId: id,
    item: position,
    question: position,
    choice: position,
  }),
  fc.record({ act: fc.constant("write"), requestId: id, item: position, question: position }),
  fc.record({ act: fc.constant("again"), requestId: id }),
  fc.record({ act: fc.constant("missed"), listId: id, yes }),
);

test("every action is read back as it was written, within Discord's 100 characters", () => {
  fc.assert(
    fc.property(action, (one) => {
      expect(readCustomId(toCustomId(one))).toEqual(one);
      expect(toCustomId(one).length).toBeLessThanOrEqual(100);
    }),
  );
});

test.each([
  "ok:abc",
  "ok:abc:1:2",
  "ok:abc:-1",
  "ok:abc:01",
  "ok:abc:1e3",
  "ok::all",
  "each:abc:all",
  "ask:abc:0:0",
  "ask:abc:0:0:0:0",
  "pick:abc:0",
  "pick:abc:0:1:2:3",
  "pick:abc:0::2",
  "write:abc:0:1:2",
  "again:abc:0",
  "instead:abc:maybe",
  "other:abc",
  "",
])("%j is nobody's action", (customId) => {
  expect(readCustomId(customId)).toBeUndefined();
});
