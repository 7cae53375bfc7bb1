import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../src/conversation/agent.ts";
import { failedWith, isOver, reduce, startTurn, stopped } from "../../src/conversation/turn.ts";
import { answerText } from "../../src/conversation/turn-output.ts";

const turn = startTurn({
  id: "t",
  place: { kind: "thread", channelId: "1" },
  agent: { cluster: "c", namespace: "kagent", name: "k8s-agent" },
  contextId: "ours",
  userId: "u",
  messageId: "m",
  traceparent: "00",
  prompt: { actor: { id: "a", name: "ana", roleIds: [], bot: false, manager: false }, text: "why?" },
  startedAt: 0,
});
const turnAfter = (...events: AgentEvent[]) =>
  events.reduce((one, event, index) => reduce(one, event, index + 1), turn);
const text = (segment: string, value: string, append = true): AgentEvent => ({
  kind: "text",
  segment,
  text: value,
  append,
});
const call = { id: "c1", name: "k8s_get_resources", args: "{}" };

describe("reduce", () => {
  it("appends words to their segment and lets the full text replace them", () => {
    expect(answerText(turnAfter(text("1", "Let "), text("1", "me")))).toBe("Let me");
    expect(answerText(turnAfter(text("1", "Let "), text("1", "Let me see", false)))).toBe("Let me see");
  });

  it("keeps segments and tools in the order in which they first appeared", () => {
    const over = turnAfter(
      text("1", "a"),
      { kind: "tool-call", call },
      text("2", "b"),
      text("1", "A", false),
    );
    expect(over.output.map((item) => (item.kind === "text" ? item.text : item.call.name))).toEqual([
      "A",
      "k8s_get_resources",
      "b",
    ]);
  });

  it("counts a tool call that is announced twice once, and matches its result by id", () => {
    const over = turnAfter(
      { kind: "tool-call", call },
      { kind: "tool-call", call },
      { kind: "tool-result", id: "c1", ok: false },
      { kind: "tool-result", id: "other", ok: true },
    );
    expect(over.output).toEqual([{ kind: "tool", call, startedAt: 1, endedAt: 3, ok: false }]);
  });

  it("takes a snapshot as the whole truth, keeping the times that it saw itself", () => {
    const over = turnAfter(
      text("1", "half a wo"),
      { kind: "tool-call", call },
      {
        kind: "snapshot",
        output: [
          { kind: "text", segment: "s", text: "half a word" },
          { kind: "tool", call, result: { ok: true } },
        ],
      },
    );
    expect(over.output).toEqual([
      { kind: "text", segment: "s", text: "half a word" },
      { kind: "tool", call, startedAt: 2, endedAt: 3, ok: true },
    ]);
  });

  it("takes the agent's own ids for the context and the task", () => {
    expect(turnAfter({ kind: "task", taskId: "T", contextId: "theirs" })).toMatchObject({
      taskId: "T",
      contextId: "theirs",
    });
  });

  it("keeps the agent's words about a failure apart from our sentence, and gives a reference", () => {
    const over = turnAfter({ kind: "over", outcome: "failed", text: "Error code: 500" });
    expect(over).toMatchObject({
      state: "failed",
      problem: {
        code: "agent-failed",
        detail: "Error code: 500",
        reference: over.id,
        sentence: expect.stringContaining("Try again"),
      },
    });
  });

  it("calls a canceled run stopped, and a lost one lost and maybe still running", () => {
    expect(turnAfter({ kind: "over", outcome: "canceled" }).state).toBe("stopped");
    expect(turnAfter({ kind: "over", outcome: "lost" })).toMatchObject({ state: "lost", stillRunning: true });
  });

  it("changes nothing any more once the turn is over", () => {
    const over = turnAfter(text("1", "a"), { kind: "over", outcome: "completed" });
    expect(reduce(over, text("1", "late"), 9)).toBe(over);
    expect(stopped(over, false, 9)).toBe(over);
    expect(failedWith(over, { code: "internal", sentence: "x" }, false, 9)).toBe(over);
    expect(isOver(over)).toBe(true);
  });
});
