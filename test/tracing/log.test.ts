import { describe, expect, it } from "vitest";
import { say, script, tool, usage } from "../../emulator/agent/script.ts";
import { agent } from "../e2e/story.ts";
import { traced } from "./stage.ts";

describe("the log of a turn", () => {
  it("is one line at info: who, where, which agent, how it ended, how long it took and what it cost", async () => {
    const answer = script(
      tool("k8s_get", { name: "checkout" }, { output: "ok" }),
      say("Fine."),
      usage(120, 30),
    );
    const { ana, ops, guild, discord, lines, said, shown } = await traced({
      agents: [agent("k8s-agent", answer)],
    });
    const before = lines.length;
    await ana.runs(ops, "/k8s", { prompt: "a-marker" });
    const { thread } = await shown("Fine.");
    await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
    const later = lines.slice(before);
    expect(later.filter(({ level, turnId }) => turnId !== undefined && level !== "debug")).toEqual([
      {
        level: "info",
        time: expect.any(String),
        msg: "turn over",
        turnId: expect.any(String),
        contextId: expect.any(String),
        taskId: expect.any(String),
        trace_id: expect.stringMatching(/^[\da-f]{32}$/),
        span_id: expect.stringMatching(/^[\da-f]{16}$/),
        guildId: guild.id,
        channelId: thread.id,
        userId: ana.id,
        agent: "kagent/k8s-agent",
        cluster: "default",
        outcome: "completed",
        durationMs: expect.any(Number),
        waitedMs: 0,
        pauses: 0,
        tools: 1,
        inputTokens: 120,
        outputTokens: 30,
        tokens: 150,
      },
    ]);
    const steps = later.filter(({ level }) => level === "debug");
    expect(steps.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["task", "tool-call", "tool-result", "over"]),
    );
    expect(JSON.stringify(later)).not.toMatch(/a-marker|checkout|Fine/);
  });
});
