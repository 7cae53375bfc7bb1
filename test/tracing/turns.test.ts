import { describe, expect, it } from "vitest";
import { fail, say, script, tool, usage } from "../../emulator/agent/script.ts";
import { scaler } from "../e2e/pausing.ts";
import { agent } from "../e2e/story.ts";
import { traced } from "./stage.ts";

/** The W3C `traceparent` headers of what was sent to the agents. */
function sentUnder(passed: Awaited<ReturnType<typeof traced>>["passed"], method: string): readonly string[] {
  return passed
    .filter(({ body }) => body.includes(`"${method}"`))
    .map((one) => String(one.headers.traceparent));
}

describe("the trace of a question", () => {
  it("holds all that it caused, each below what caused it", async () => {
    const { ana, ops, shown, said, discord, stopBot, receiver, spans, span } = await traced();
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await shown("heard: why?");
    await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
    await stopBot();
    expect(receiver.refused).toEqual([]);
    const [interaction, turn, run] = [
      span("interaction command"),
      span("turn"),
      span("invoke_agent k8s-agent"),
    ];
    expect(interaction).toMatchObject({ kind: "server", parentSpanId: "" });
    expect(interaction.attributes).toMatchObject({ "kagent_discord.command": "k8s", "user.id": ana.id });
    expect(turn).toMatchObject({ kind: "internal", parentSpanId: interaction.spanId, links: [] });
    expect(turn.attributes).toMatchObject({ "kagent_discord.outcome": "completed" });
    expect(turn.status.code).toBe("unset");
    expect(run).toMatchObject({ kind: "client", parentSpanId: turn.spanId });
    expect(spans("a2a stream").map((one) => one.parentSpanId)).toEqual([run.spanId]);
    const ack = span("POST /interactions/:id/:token/callback");
    expect(ack).toMatchObject({ kind: "client", parentSpanId: interaction.spanId });
    expect(ack.attributes).toMatchObject({ "http.request.method": "POST", "http.response.status_code": 200 });
    const paints = spans(/^(POST|PATCH) \/channels\/:id\/messages/).map((one) => one.parentSpanId);
    expect(paints).toContain(turn.spanId);
    expect(spans(/^store /).map((one) => one.parentSpanId)).toContain(turn.spanId);
    const known = new Set(receiver.spans().map((one) => one.spanId));
    for (const one of receiver.spans()) {
      expect(one.traceId).toBe(interaction.traceId);
      expect(one === interaction || known.has(one.parentSpanId), one.name).toBe(true);
      expect(one.endedAt, one.name).toBeGreaterThanOrEqual(one.startedAt);
      expect(one.resource).toMatchObject({ "service.name": "kagent-discord", "service.version": "1.2.3" });
    }
  });

  it("says of the agent what the GenAI conventions ask for, and is what the agent is called under", async () => {
    const answer = script(
      tool("k8s_get", { name: "checkout" }, { output: "ok" }),
      say("Fine."),
      usage(120, 30),
    );
    const story = await traced({ agents: [agent("k8s-agent", answer)] });
    const { ana, ops, shown, said, discord, stopBot, span, passed, lines } = story;
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await shown("Fine.");
    await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
    await stopBot();
    const [run, turn] = [span("invoke_agent k8s-agent"), span("turn")];
    const [line] = said("turn over");
    expect(run.attributes).toMatchObject({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "kagent",
      "gen_ai.agent.name": "k8s-agent",
      "gen_ai.agent.id": "kagent/k8s-agent",
      "gen_ai.conversation.id": line?.contextId,
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.output_tokens": 30,
      "server.address": "127.0.0.1",
      "server.port": expect.any(Number),
      "kagent_discord.outcome": "completed",
    });
    expect(turn.attributes).toMatchObject({
      "kagent_discord.tools": 1,
      "gen_ai.conversation.id": line?.contextId,
    });
    expect(sentUnder(passed, "message/stream")).toEqual([`00-${run.traceId}-${run.spanId}-01`]);
    const ofTurn = lines.filter((one) => one.turnId === turn.attributes["kagent_discord.turn.id"]);
    expect(ofTurn.length).toBeGreaterThan(3);
    for (const one of ofTurn) expect(one).toMatchObject({ trace_id: turn.traceId, span_id: turn.spanId });
  });

  it("of a mention begins with the message", async () => {
    const { ana, ops, shown, discord, said, stopBot, span } = await traced();
    const message = await ana.says(ops, "@bot why?");
    await shown("heard: why?");
    await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
    await stopBot();
    const first = span("message");
    expect(first).toMatchObject({ kind: "consumer", parentSpanId: "" });
    expect(first.attributes).toMatchObject({ "kagent_discord.message.id": message.id, "user.id": ana.id });
    expect(span("turn")).toMatchObject({ traceId: first.traceId, parentSpanId: first.spanId });
  });
});

describe("the trace of a question that failed", () => {
  it("has the error's code, and the reference that people read", async () => {
    const story = await traced({ agents: [agent("k8s-agent", script(fail("the model is away")))] });
    const { ana, ops, shown, discord, said, stopBot, span, receiver } = story;
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    const { text } = await shown("Reference:");
    const reference = /Reference: ([\w-]+)/.exec(text)?.[1];
    await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
    await stopBot();
    const [turn, run] = [span("turn"), span("invoke_agent k8s-agent")];
    expect(turn.status).toEqual({ code: "error", message: "agent-failed" });
    expect(turn.attributes).toMatchObject({
      "error.type": "agent-failed",
      "kagent_discord.reference": reference,
      "kagent_discord.turn.id": reference,
    });
    expect(run.status.code).toBe("error");
    expect(run.attributes).toMatchObject({ "error.type": "agent-failed" });
    expect(said("turn over")).toMatchObject([{ reference, turnId: reference, trace_id: turn.traceId }]);
    expect(receiver.text()).not.toContain("the model is away");
  });
});

describe("the trace of a turn that paused", () => {
  it("goes on after a restart under the same id, and names the click that decided", async () => {
    const { ana, ops, discord, shown, startBot, stopBot, said, spans, passed } = await traced({
      agents: [scaler()],
    });
    const boss = discord.createPerson({ name: "boss", manager: true });
    await ana.runs(ops, "/k8s", { prompt: "scale checkout" });
    const { thread } = await shown("wants to run");
    await stopBot();
    await startBot();
    const card = await discord.until(
      () => discord.messages(thread).find((one) => discord.messageText(one).includes("[Approve]")),
      { what: "the card" },
    );
    await boss.clicks(card, "Approve");
    await shown("scaled to 4");
    await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
    await stopBot();
    const [before, waiting, after] = spans("turn").sort((one, other) => one.startedAt - other.startedAt);
    const [click] = spans("interaction component");
    const [first, second] = spans("invoke_agent k8s-agent").sort(
      (one, other) => one.startedAt - other.startedAt,
    );
    expect(before?.attributes).toMatchObject({ "kagent_discord.outcome": "waiting" });
    // The start found it waiting.
    expect(waiting).toMatchObject({ traceId: before?.traceId, parentSpanId: before?.spanId });
    expect(after).toMatchObject({ traceId: before?.traceId, parentSpanId: before?.spanId });
    expect(after?.attributes).toMatchObject({
      "kagent_discord.outcome": "completed",
      "kagent_discord.pauses": 1,
    });
    expect(click?.traceId).not.toBe(after?.traceId);
    expect(after?.links).toEqual([{ traceId: click?.traceId, spanId: click?.spanId }]);
    expect(first?.parentSpanId).toBe(before?.spanId);
    expect(second?.parentSpanId).toBe(after?.spanId);
    expect(sentUnder(passed, "message/stream")).toEqual(
      [first, second].map((run) => `00-${run?.traceId}-${run?.spanId}-01`),
    );
    // Nobody waits for hours inside of a span.
    for (const one of spans("turn")) expect(one.endedAt).toBeLessThan(Date.now());
  });
});
