import { describe, expect, it } from "vitest";
import { agent, closedGate, heldAt, sqliteStore, tell } from "./story.ts";

const COMMANDS = { method: "GET", route: /\/commands$/, times: 10 } as const;
const THREADS = { method: "POST", route: /\/threads$/ } as const;

describe("a start and an end of the bot", () => {
  it("runs questions once that come while the bot is still starting", async () => {
    const store = sqliteStore();
    const gate = closedGate();
    const { ana, ops, thread, sees, asked, hasAsked, stopBot, startBot, discord, logLines } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
      env: () => ({ STORE_URL: store }),
    });
    await stopBot();
    discord.faults.add(COMMANDS, { kind: "latency", ms: 1_500 });
    const started = startBot();
    await discord.until(() => discord.gateway.stats.identifies > 1, { what: "the second login" });
    await ana.says(ops, "@bot hello");
    await hasAsked(1);
    const place = await thread();
    await ana.says(place, "again");
    await sees(place, "position 1");
    await started;
    gate.open();
    await discord.until(() => discord.transcript(place).match(/k8s-agent · \d/g)?.length === 2 || undefined, {
      what: "two answers",
    });
    await stopBot();
    expect(asked()).toEqual(["k8s-agent: hello", "k8s-agent: again"]);
    expect(logLines.filter((line) => line.includes("turn over"))).toHaveLength(2);
  });

  it("keeps a question whose thread is being opened when the bot is asked to end", async () => {
    const store = sqliteStore();
    const { ana, ops, thread, sees, asked, stopBot, startBot, discord } = await tell({
      env: () => ({ STORE_URL: store }),
    });
    const slow = discord.faults.add(THREADS, { kind: "latency", ms: 300 });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await discord.until(() => slow.hits > 0, { what: "the thread being opened" });
    await stopBot();
    await startBot();
    await sees(await thread(), "k8s-agent heard: hello");
    await sees(ops, "✅ done");
    expect(asked()).toEqual(["k8s-agent: hello"]);
  });

  it("goes on in the message whose posting was not yet confirmed when the bot was asked to end", async () => {
    const store = sqliteStore();
    const { ana, ops, thread, sees, message, stopBot, startBot, discord } = await tell({
      agents: [agent("k8s-agent", heldAt(closedGate()))],
      env: () => ({ STORE_URL: store }),
    });
    const slow = discord.faults.add(
      { method: "POST", route: /\/messages$/, body: /Looking/ },
      { kind: "latency", ms: 600 },
    );
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await sees(place, "Looking.");
    expect(slow.hits).toBe(1);
    await stopBot();
    await startBot();
    await ana.clicks(await message(place, "Looking."), "Stop");
    await sees(place, "⏹️ Stopped.");
    expect(discord.messages(place).filter((one) => one.author.bot && one.content !== "")).toHaveLength(1);
  });
});
