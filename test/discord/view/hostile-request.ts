import fc from "fast-check";
import type { RequestItem } from "../../../src/conversation/approval.ts";
import type { CardState, DecidedBy, OutboxRow } from "../../../src/conversation/approval-row.ts";
import { ASKED_AT } from "./a-card.ts";

const NASTY = [
  "@everyone",
  "<@123456789012345678>",
  "<@&987654321098765432>",
  "```",
  "``````\n# Approved",
  "`",
  "\u202e",
  "\u2066\u200b\u00ad\u3164",
  "[prompt](https://evil.example)",
  "**✅ approved by ana**",
  "\n> quoted\n-# small",
  "\ud800",
  "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: n\n",
  "{kind: [",
  "漢字".repeat(300),
  "x".repeat(3000),
];

/** Text as an agent that wants to deceive would write it. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...NASTY),
      fc.string({ unit: "grapheme", maxLength: 60, size: "max" }),
      fc.string({ unit: "binary", maxLength: 20, size: "max" }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(""));

const hostileKey = fc.oneof(fc.stringMatching(/^[a-z_]{1,12}$/), hostileText);

const { value: hostileJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    hostileText,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(hostileKey, tie("value"), { maxKeys: 5 }),
  ),
}));

const args = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.dictionary(hostileKey, hostileJson, { maxKeys: 8 }).map((one) => JSON.stringify(one)),
  },
  { weight: 1, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"a":123456789012345678901234567890,"a":2}',
      "[".repeat(500) + "]".repeat(500),
    ),
  },
);

const via = fc.option(
  fc.record({ name: hostileText, taskId: fc.constant("t"), contextId: fc.constant("c") }),
  {
    nil: undefined,
  },
);

const item: fc.Arbitrary<RequestItem> = fc.oneof(
  fc.record({ tool: hostileText, args, via }).map(({ tool, args: text, via: by }) => ({
    kind: "operation" as const,
    id: "",
    callId: "",
    tool,
    args: text,
    ...(by ? { via: by } : {}),
  })),
  fc
    .array(
      fc.record({
        text: hostileText,
        choices: fc.array(hostileText, { maxLength: 40 }),
        multiple: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((questions) => ({ kind: "questions" as const, id: "", callId: "", questions })),
);

/** Everything that a paused agent could ask. */
export const hostileItems = fc
  .array(item, { minLength: 1, maxLength: 30 })
  .map((items) => items.map((one, index) => ({ ...one, id: `item${index}`, callId: `call${index}` })));

/** A state of a card for these items; the open one most often. */
export function stateOf(items: readonly RequestItem[]): fc.Arbitrary<CardState> {
  const outbox = fc.record({
    by: fc.constantFrom<DecidedBy>("people", "rule", "expiry", "stop", "closed"),
    approved: fc.boolean(),
    reason: hostileText,
  });
  const decided = outbox.map(
    ({ by, approved, reason }): OutboxRow => ({
      state: "decided",
      decision: { verdicts: items.map(({ id }) => ({ itemId: id, approved, reason })) },
      by,
      decidedAt: ASKED_AT,
      attempts: 1,
    }),
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant<CardState>({ kind: "open" }) },
    { weight: 1, arbitrary: fc.constant<CardState>({ kind: "elsewhere" }) },
    {
      weight: 2,
      arbitrary: fc.oneof(
        decided.map((row): CardState => ({ kind: "decided", outbox: row })),
        decided.map((row): CardState => ({ kind: "doubtful", outbox: row })),
        fc
          .tuple(decided, fc.boolean())
          .map(([row, away]): CardState => ({ kind: "sending", away, outbox: row })),
      ),
    },
  );
}
