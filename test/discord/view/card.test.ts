import { describe, expect, test } from "vitest";
import type { InputRequest } from "../../../src/conversation/approval.ts";
import type { Card, CardState, DecidedBy, OutboxRow } from "../../../src/conversation/approval-row.ts";
import { renderCard } from "../../../src/discord/view/card.ts";
import { renderInstead, renderItemStep, renderQuestionStep } from "../../../src/discord/view/card-step.ts";
import type { CardLook, CardView } from "../../../src/discord/view/card-view.ts";
import { ASKED_AT, aCard, guarded, LOOK, operation, questions, vote } from "./a-card.ts";

const read = (view: CardView) => view.blocks.join("\n\n");
const card = (one: Card, look: CardLook = LOOK) => read(renderCard(one, look));

/** The rows as `[label](custom_id)`, or a select with its options. */
function controls(view: CardView): readonly string[] {
  return view.rows.map((row) =>
    row.kind === "buttons"
      ? row.buttons.map(({ label, customId }) => `[${label}](${customId})`).join(" ")
      : `${row.customId} ${row.most}: ${row.options.map(({ value, label }) => `${value}=${label}`).join(" | ")}`,
  );
}

function outbox(by: DecidedBy, approved: Readonly<Record<string, boolean>>, reason?: string): OutboxRow {
  const verdicts = Object.entries(approved).map(([itemId, yes]) => ({
    itemId,
    approved: yes,
    ...(reason === undefined ? {} : { reason }),
  }));
  return { state: "delivered", decision: { verdicts }, by, decidedAt: ASKED_AT + 90_000, attempts: 1 };
}

function request(one: Card, more: Partial<InputRequest>): Card {
  return { ...one, row: { ...one.row, request: { ...one.row.request, ...more } } };
}

const PROMPT = "asked by ana ([prompt](https://discord.com/channels/1/10/30))";
const ID = "requestId1234567";

describe("a card that waits for one operation", () => {
  const args =
    '{"namespace":"shop","replicas":12345678901234567890,"ratio":4.0,"labels":{"app":"a\\u202eb"}}';
  const one = aCard([operation("a", args)], {
    context: "Looked.\n\n**Scaling** helps <@123456789012345678>.",
  });

  test("says first who wants what, then exactly what it would run, and who decides", () => {
    expect(card(one)).toBe(
      [
        "✋ **k8s-agent** on **Production EU** ⚠️ production wants to run `scale_thing`",
        `-# ${PROMPT} · expires <t:1700003600:R>`,
        "",
        "> Looked.",
        ">",
        "> Scaling helps \\<@123456789012345678>.",
        "",
        "`scale_thing`",
        "```",
        'namespace: "shop"',
        "replicas: 12345678901234567890",
        "ratio: 4.0",
        "labels:",
        '  app: "a\\u202eb"',
        "```",
        "⏳ waits for a decision · decides: <@&700>, but nobody who prompted here",
      ].join("\n"),
    );
  });

  test("has the colour of its cluster, three buttons, and the request as it came", () => {
    const view = renderCard(one, LOOK);
    expect(view.accent).toBe(0xd64545);
    expect(controls(view)).toEqual([
      `[Approve](ok:${ID}:0) [Reject](no:${ID}:0) [Reject with reason…](why:${ID}:0)`,
    ]);
    const [file] = view.files;
    expect(file?.name).toBe("request.json");
    expect(new TextDecoder().decode(file?.bytes)).toContain('"replicas": 12345678901234567890,');
  });

  test("names the sub-agent that wants it", () => {
    const via = { name: "kagent/helm-agent", taskId: "t", contextId: "c" };
    expect(card(aCard([operation("a", {}, { via })]))).toContain("`scale_thing` via `kagent/helm-agent`");
  });

  test("names no cluster where there is only one, and no colour where none is configured", () => {
    const only = { ...LOOK, clusters: [{ name: "prod", label: "prod", production: false }] };
    expect(card(one, only)).toMatch(/^✋ \*\*k8s-agent\*\* wants to run/);
    expect(renderCard(one, only).accent).toBeUndefined();
  });

  test("sends its reader to the file where its arguments cannot be laid out", () => {
    const view = renderCard(aCard([operation("a", `${"[".repeat(99)}${"]".repeat(99)}`)]), LOOK);
    expect(read(view)).toContain(
      "⚠️ **These arguments cannot be laid out.** Read all of them in request.json",
    );
    expect(new TextDecoder().decode(view.files[0]?.bytes)).toContain('"arguments": [');
  });

  test("counts votes, with their names", () => {
    const look = guarded({ count: 2, roleIds: ["700", "701"], distinctRoles: true });
    expect(card(aCard([operation("a")], { votes: [vote("a", "b*n")] }), look)).toContain(
      "⏳ 1 of 2 approvals: b\\*n · decides: <@&700>, <@&701> (2 approvals from different roles), but nobody who prompted here",
    );
  });

  test("tells when the rules became stricter, when nobody may decide, and when managers do", () => {
    const then = { a: guarded({ roleIds: ["699"] }).guardNow(one.row.agent, operation("a")) };
    expect(card(aCard([operation("a")], { guards: then }))).toContain(
      "decides: <@&699>, but nobody who prompted here, and by the present rules <@&700>",
    );
    expect(card(one, guarded({ basis: "nobody" }))).toContain("nobody, because no approval rule covers it");
    expect(card(one, guarded({ basis: "manager", askerMayApprove: true }))).toContain(
      "decides: members with Manage Server",
    );
  });
});

describe("a card of several operations", () => {
  const two = [operation("a", { x: 1 }), operation("b", { y: 2 }, { tool: "delete_thing" })];

  test("offers all at once and one by one, and shows each one's state", () => {
    const view = renderCard(aCard(two, { votes: [vote("a", "ben")] }), LOOK);
    expect(read(view)).toContain("wants to run 2 operations");
    expect(read(view)).toMatch(/\*\*1\.\*\* `scale_thing`[\s\S]*✅ approved by ben · <t:1700000060:f>/);
    expect(read(view)).toMatch(/\*\*2\.\*\* `delete_thing`[\s\S]*⏳ waits for a decision/);
    expect(controls(view)).toEqual([
      `[Approve all](ok:${ID}:all) [Reject all](no:${ID}:all) [Decide one by one](each:${ID}:1)`,
    ]);
  });

  test("shows what rules decided", () => {
    const look: CardLook = {
      ...LOOK,
      guardNow: (agent, item) =>
        guarded({ effect: item.id === "a" ? "allow" : "deny" }).guardNow(agent, item),
    };
    const text = card(aCard(two), look);
    expect(text).toContain("✅ allowed by rule");
    expect(text).toContain("❌ denied by rule");
  });

  test("has a step for each, with ways to the others", () => {
    const first = renderItemStep(aCard(two), 0, LOOK);
    expect(read(first)).toContain("**1 of 2** · **k8s-agent**");
    expect(controls(first)).toEqual([
      `[Approve](ok:${ID}:0) [Reject](no:${ID}:0) [Reject with reason…](why:${ID}:0) [▶](each:${ID}:1)`,
    ]);
    const second = renderItemStep(
      aCard(two, { votes: [vote("b", "ben", false, { reason: "no" })] }),
      1,
      LOOK,
    );
    expect(read(second)).toContain("❌ rejected by ben · <t:1700000060:f> · “no”");
    expect(controls(second)).toEqual([`[◀](each:${ID}:0)`]);
  });

  test("that are too much for a card are named and counted, and their reader is sent to the file", () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      operation(`${index}`, { ["k".repeat(60)]: index }),
    );
    const view = renderCard(aCard(many), LOOK);
    expect(read(view)).toMatch(/… and \d+ more\n\n⚠️ \*\*There is more than this card can show\.\*\*/);
    expect(view.files).toHaveLength(1);
  });
});

describe("a card with questions", () => {
  test("has buttons for one choice of few", () => {
    const view = renderCard(aCard([questions("q", ["Which one?", ["web", "api"]])]), LOOK);
    expect(read(view)).toContain("asks a question");
    expect(read(view)).toContain("❓ Which one?");
    expect(controls(view)).toEqual([
      `[web](pick:${ID}:0:0:0) [api](pick:${ID}:0:0:1)`,
      `[Something else…](write:${ID}:0:0)`,
    ]);
    expect(view.files).toEqual([]);
  });

  test("has a select for several choices, and numbers those that are too long for it", () => {
    const long = `all of ${"it ".repeat(50)}`.trim();
    const view = renderCard(aCard([questions("q", ["Which?", ["web", long], true])]), LOOK);
    expect(read(view)).toContain(`**2.** ${long}`);
    const [select, more] = controls(view);
    expect(select).toMatch(/^pick:requestId1234567:0:0 2: 0=web \| 1=2\. all of it/);
    expect(more).toBe(`[Something else…](write:${ID}:0:0)`);
  });

  test("asks for free text with a form, and for more with steps", () => {
    expect(controls(renderCard(aCard([questions("q", ["Why?"])]), LOOK))).toEqual([
      `[Write an answer…](write:${ID}:0:0)`,
    ]);
    const many = questions(
      "q",
      ["Which?", Array.from({ length: 60 }, (_, index) => `pod-${index}`)],
      ["Why?"],
    );
    const answers = [{ itemId: "q", index: 0, values: ["pod-3"], actorId: "7", actorName: "ben" }];
    const view = renderCard(aCard([many], { answers }), LOOK);
    expect(read(view)).toContain("❓ **1 of 2** Which?\n✍️ pod-3 · answered by ben\n❓ **2 of 2** Why?");
    expect(controls(view)).toEqual([`[Answer…](ask:${ID}:0:1:0)`]);
    const step = renderQuestionStep(aCard([many], { answers }), 0, 0, 1, LOOK);
    expect(read(step)).toContain("-# choices 26 to 50 of 60");
    expect(controls(step)[0]).toMatch(/^pick:requestId1234567:0:0 1: 25=pod-25 \| 26=pod-26/);
    expect(controls(step).slice(1)).toEqual([
      `[Something else…](write:${ID}:0:0)`,
      `[◀ More choices](ask:${ID}:0:0:0) [More choices ▶](ask:${ID}:0:0:2) [Next](ask:${ID}:0:1:0)`,
    ]);
  });

  test("beside operations come after them, and on a wire that cannot take answers not at all", () => {
    const mixed = aCard([questions("q", ["Which?", ["a", "b"]]), operation("a")]);
    const view = renderCard(mixed, LOOK);
    expect(read(view)).toContain("wants to run `scale_thing` and asks a question");
    expect(read(view)).toContain("-# The question can be answered when every operation is approved.");
    expect(controls(view)).toEqual([
      `[Approve](ok:${ID}:1) [Reject](no:${ID}:1) [Reject with reason…](why:${ID}:1)`,
    ]);
    const approved = renderCard({ ...mixed, row: { ...mixed.row, votes: [vote("a", "ben")] } }, LOOK);
    expect(controls(approved)[0]).toBe(`[a](pick:${ID}:0:0:0) [b](pick:${ID}:0:0:1)`);
    const again = request(mixed, { asksAgain: true, wire: "hitl-v1" });
    expect(card(again)).toContain("The agent will ask its question again after the decision");
  });
});

describe("a card that is decided", () => {
  const items = [operation("a", { x: 1 })];
  const states: readonly (readonly [string, CardState, readonly string[]])[] = [
    [
      "approved",
      { kind: "decided", outbox: outbox("people", { a: true }) },
      [
        "✅ **k8s-agent**",
        "wanted to run",
        "**Approved** <t:1700000090:f>",
        "✅ approved by ben · <t:1700000060:f>",
      ],
    ],
    [
      "expired",
      { kind: "decided", outbox: outbox("expiry", { a: false }, "late") },
      ["⌛ **k8s-agent**", "nobody decided in time"],
    ],
    [
      "not taken by the agent",
      { kind: "not-taken", outbox: outbox("people", { a: true }) },
      ["⚠️ **k8s-agent**", "**Approved**", "**The agent could not take this decision.**", "approved by ben"],
    ],
    [
      "stopped",
      { kind: "decided", outbox: outbox("stop", { a: false }, "The run was stopped.") },
      ["⏹️ **k8s-agent**", "the run was stopped"],
    ],
    [
      "sent when the agent is back",
      { kind: "sending", away: true, outbox: outbox("people", { a: true }) },
      ["will be sent when the agent is back"],
    ],
    [
      "on its way",
      { kind: "sending", away: false, outbox: outbox("people", { a: true }) },
      ["on its way to the agent"],
    ],
    [
      "decided elsewhere",
      { kind: "elsewhere" },
      ["↪️ **k8s-agent**", "**Decided elsewhere:**", "Nothing was sent from here"],
    ],
  ];

  test.each(states)("says that it is %s, and has no controls", (_, state, words) => {
    const votes = "outbox" in state && state.outbox.by === "people" ? [vote("a", "ben")] : [];
    const view = renderCard(aCard(items, { votes }, state), LOOK);
    for (const word of words) expect(read(view)).toContain(word);
    expect(view.rows).toEqual([]);
    expect(view.files).toHaveLength(1);
  });

  test("tells who rejected it, and why", () => {
    const votes = [vote("a", "ben", false, { reason: "Not *now*,\nplease" })];
    const state: CardState = {
      kind: "decided",
      outbox: outbox("people", { a: false }, "Not *now*,\nplease"),
    };
    expect(card(aCard(items, { votes }, state))).toContain(
      "❌ rejected by ben · <t:1700000060:f> · “Not \\*now\\*, please”",
    );
  });

  test("by several decisions says so", () => {
    const votes = [vote("a", "ben"), vote("b", "ben", false)];
    const state: CardState = { kind: "decided", outbox: outbox("people", { a: true, b: false }) };
    expect(card(aCard([...items, operation("b")], { votes }, state))).toContain("**Partly approved**");
  });

  test("in doubt explains why, and can be sent again", () => {
    const view = renderCard(
      aCard(items, {}, { kind: "doubtful", outbox: outbox("people", { a: true }) }),
      LOOK,
    );
    expect(read(view)).toContain("would run the tool a second time");
    expect(controls(view)).toEqual([`[Send again](again:${ID})`]);
  });

  test("is no more to be decided in a step that somebody still has open", () => {
    const decided = aCard(
      items,
      { votes: [vote("a", "ben")] },
      { kind: "decided", outbox: outbox("people", { a: true }) },
    );
    expect(renderItemStep(decided, 0, LOOK).rows).toEqual([]);
    expect(read(renderQuestionStep(decided, 0, 0, 0, LOOK))).toBe(
      "There is nothing to answer here any more.",
    );
    expect(read(renderItemStep(decided, 7, LOOK))).toBe("There is nothing to decide here any more.");
  });
});

test("a message that came meanwhile is quoted, and can replace what waits", () => {
  const waiting = aCard([operation("a")], { card: { channelId: "20", messageId: "99" } });
  const view = renderInstead({ id: "p1", text: "stop *that*" }, waiting, LOOK);
  expect(read(view)).toContain("waits for a decision ([card](https://discord.com/channels/1/20/99))");
  expect(read(view)).toContain("> stop \\*that\\*");
  expect(controls(view)).toEqual([
    "[Reject and send this instead](instead:p1:yes) [Keep waiting](instead:p1:no)",
  ]);
});
