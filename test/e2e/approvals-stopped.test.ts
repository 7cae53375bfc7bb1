import { describe, expect, it } from "vitest";
import { paused, scaler } from "./pausing.ts";
import { sqliteStore } from "./story.ts";

describe.each(["go", "python"] as const)("a stop of a %s agent", (runtime) => {
  it("that meets the pause of its run leaves nothing waiting", async () => {
    const story = await paused({ agents: [scaler({ runtime })] }, "");
    const { ana, place, ops, sees, discord, kagent } = story;
    await ana.runs(place, "/stop");
    await sees(ops, runtime === "go" ? "⏹️ stopped" : /stopped|done/);
    expect(discord.transcript(place)).not.toContain("[Approve]");
    expect(kagent.toolRuns).toEqual([]);
    expect(kagent.runs()[0]?.task.state()).not.toBe("input-required");
  });

  it("that is on its way when the pause comes ends or rejects it", async () => {
    const story = await paused({ agents: [scaler({ runtime })] }, "");
    const { ana, place, sees, ops, discord, kagent } = story;
    kagent.agent("k8s-agent").fault({ fault: "delay", ms: 300 }, { on: "cancel" });
    await ana.runs(place, "/stop");
    await sees(ops, runtime === "go" ? "⏹️ stopped" : /stopped|done/);
    expect(discord.transcript(place)).not.toContain("[Approve]");
    expect(kagent.toolRuns).toEqual([]);
    expect(kagent.runs()[0]?.task.state()).not.toBe("input-required");
  });

  it("while a card waits stands on the card, and nothing runs", async () => {
    const { ana, place, ops, sees, discord, kagent } = await paused({ agents: [scaler({ runtime })] });
    await ana.runs(place, "/stop");
    await sees(place, "**Stopped**");
    await sees(ops, runtime === "go" ? "⏹️ stopped" : "✅ done");
    expect(discord.transcript(place)).not.toContain("[Approve]");
    expect(kagent.toolRuns).toEqual([]);
    expect(kagent.decisions.map(({ did }) => did)).toEqual(runtime === "go" ? [] : ["rejected"]);
  });

  it("that a restart interrupted ends what waits", async () => {
    const url = sqliteStore();
    const env = () => ({ STORE_URL: url });
    const story = await paused({ agents: [scaler({ runtime })], env });
    const { ana, place, ops, sees, startBot, stopBot, kagent, discord } = story;
    kagent.agent("k8s-agent").fault({ fault: "delay", ms: 1_000 }, { on: "cancel" });
    await ana.runs(place, "/stop");
    await discord.until(() => kagent.requests.some(({ rpc }) => /cancel/i.test(rpc?.method ?? "")));
    await stopBot();
    await startBot();
    await sees(ops, runtime === "go" ? "⏹️ stopped" : "✅ done");
    await sees(place, "**Stopped**");
    expect(kagent.toolRuns).toEqual([]);
  });
});
