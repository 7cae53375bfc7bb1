import { describe, expect, test } from "vitest";
import { renderQueued, renderRemoved, renderStarter, threadName } from "../../../src/discord/view/starter.ts";

const actor = { id: "1", name: "ana_b", roleIds: [], bot: false, manager: false };

describe("the public reply", () => {
  test("quotes the prompt and says how it stands", () => {
    const shown = renderStarter({
      prompt: "why is\ncheckout failing?",
      actor,
      agent: "k8s-agent on prod",
      state: "working",
    });
    expect(shown).toBe("> why is checkout failing?\n-# ⏳ working · k8s-agent on prod · asked by ana\\_b");
  });

  test.each([
    ["waiting", "✋ waiting for a decision"],
    ["completed", "✅ done"],
    ["failed", "❌ failed"],
    ["stopped", "⏹️ stopped"],
    ["lost", "❔ lost"],
  ] as const)("says when it is %s", (state, text) => {
    expect(renderStarter({ prompt: "x", actor, agent: "a", state })).toContain(`-# ${text} · a`);
  });

  test("says when it switches the agent", () => {
    const shown = renderStarter({
      prompt: "x",
      actor,
      agent: "istio-agent",
      state: "working",
      previousAgent: "k8s-agent",
    });
    expect(shown).toContain("-# switched here from k8s-agent to istio-agent");
  });

  test("pings nobody and stays short", () => {
    const shown = renderStarter({
      prompt: `@everyone <@1> ${"x ".repeat(5000)}`,
      actor,
      agent: "a",
      state: "working",
    });
    expect(shown).not.toMatch(/@everyone|(?<!\\)<@/);
    expect(shown.length).toBeLessThan(500);
  });
});

test("a queued prompt tells its position and can be removed", () => {
  const shown = renderQueued({ kind: "position", position: 2 }, { id: "p1", text: "and now?" });
  expect(shown.content).toBe("> and now?\n-# ⏳ queued · position 2");
  expect(shown.buttons).toEqual([{ label: "Remove", customId: "unqueue:p1", style: "secondary" }]);
  expect(renderQueued({ kind: "stopped-run" }, { id: "p1", text: "x" }).content).toContain(
    "a stopped run is still going on",
  );
  expect(renderRemoved({ text: "and now?" })).toBe("> and now?\n-# ✖ removed from the queue");
});

describe("thread names", () => {
  test.each([
    ["are one line", "why is\n\ncheckout failing?", "why is checkout failing?"],
    [
      "hold no markup",
      "## **Why** is `checkout` _down_ in ~~prod~~ [docs](https://a.example)?",
      "Why is checkout down in prod docs?",
    ],
    ["keep names whole", "check LOG_LEVEL of k8s-agent", "check LOG_LEVEL of k8s-agent"],
    ["hold no mentions", "<@123> look at <#5> <:ok:1>", "look at"],
    ["hold no disguise", "a\u202eb\u0000", "ab"],
    ["are never empty", "<@123> **", "Conversation"],
  ])("%s", (_, prompt, name) => {
    expect(threadName(prompt)).toBe(name);
  });

  test("have at most 80 code points", () => {
    const name = threadName("😀".repeat(500));
    expect([...name]).toHaveLength(80);
  });
});
