import { describe, expect, it } from "vitest";
import { say, script } from "../../emulator/agent/script.ts";
import { agent, closedGate, heldAt } from "../e2e/story.ts";
import { traced } from "./stage.ts";

describe("traces of questions that run together", () => {
  it("hold each what was done for it", async () => {
    const gate = closedGate();
    const story = await traced({ agents: [agent("k8s-agent", heldAt(gate))] });
    const { ana, ops, discord, said, stopBot, spans } = story;
    await ana.runs(ops, "/k8s", { prompt: "one" });
    await ana.runs(ops, "/k8s", { prompt: "two" });
    const showing = () => discord.threads(ops).filter((one) => discord.transcript(one).includes("Looking."));
    await discord.until(() => showing().length === 2, { what: "two answers that begin" });
    gate.open();
    await discord.until(() => said("turn over").length === 2, { what: "both ends" });
    await stopBot();
    const turns = spans("turn");
    expect(new Set(turns.map(({ traceId }) => traceId)).size).toBe(2);
    for (const { traceId, spanId } of turns) {
      const mine = story.receiver.spans().filter((one) => one.traceId === traceId);
      const named = (name: string) => mine.filter((one) => one.name === name);
      expect(named("interaction command")).toHaveLength(1);
      expect(named("invoke_agent k8s-agent")).toHaveLength(1);
      expect(named("POST /channels/:id/messages").map((one) => one.parentSpanId)).toEqual([spanId]);
      expect(named("PATCH /channels/:id/messages/:id").length).toBeGreaterThan(0);
    }
  });

  it("begin with their own click where one waits for the other", async () => {
    const gate = closedGate();
    const { ana, ops, discord, shown, said, stopBot, spans } = await traced({
      agents: [agent("k8s-agent", heldAt(gate))],
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const { thread } = await shown("Looking.");
    await ana.runs(thread, "/k8s", { prompt: "two" });
    await shown("two");
    gate.open();
    await discord.until(() => said("turn over").length === 2, { what: "both ends" });
    await stopBot();
    const clicks = spans("interaction command").sort((one, other) => one.startedAt - other.startedAt);
    const turns = spans("turn").sort((one, other) => one.startedAt - other.startedAt);
    expect(turns.map(({ parentSpanId }) => parentSpanId)).toEqual(clicks.map(({ spanId }) => spanId));
    expect(new Set(turns.map(({ traceId }) => traceId)).size).toBe(2);
  });
});

describe("a stream that was lost", () => {
  it("is in the trace and in the log of its turn", async () => {
    const story = await traced({
      agents: [agent("k8s-agent", script(say("One."), say("Two."), say("Three.")))],
    });
    const { ana, ops, kagent, discord, said, stopBot, span, spans } = story;
    kagent.agent("k8s-agent").fault({ fault: "cut", afterEvents: 2 }, { on: "message" });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
    await stopBot();
    const [turn, run] = [span("turn"), span("invoke_agent k8s-agent")];
    expect(run.attributes).toMatchObject({
      "kagent_discord.reconnects": 1,
      "kagent_discord.outcome": "completed",
    });
    const calls = spans(/^a2a /);
    expect(calls.length).toBeGreaterThan(1);
    for (const one of calls) expect(one.parentSpanId).toBe(run.spanId);
    const [{ contextId } = {}] = said("turn over");
    expect(said("a stream was lost")).toMatchObject([
      { trace_id: turn.traceId, contextId, taskId: expect.any(String) },
    ]);
  });
});
