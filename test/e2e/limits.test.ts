import { describe, expect, it } from "vitest";
import { fail, say, script } from "../../emulator/agent/script.ts";
import { agent, closedGate, heldAt, sqliteStore, tell } from "./story.ts";

const yaml = (limits: string) => () => `limits: ${limits}\n`;
const oncePerHour = yaml("{ promptsPerUser: { count: 1, minutes: 60 } }");

describe("limits for people", () => {
  it("tells a command in private when one may ask again, before anything is visible", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell({ yaml: oncePerHour });
    await ana.runs(ops, "/k8s", { prompt: "first" });
    await sees(await thread(), "k8s-agent heard: first");
    await sees(ops, "✅ done");
    const before = discord.transcript(ops);
    await ana.runs(ops, "/k8s", { prompt: "second" });
    const shown = await sees(ops, "You have asked one question within an hour", ana);
    expect(shown).toMatch(/There is room for the next one (<t:\d+:R>|.*in .*)/);
    expect(discord.transcript(ops)).toBe(before);
    expect(discord.threads(ops)).toHaveLength(1);
    const ben = discord.createPerson({ name: "ben" });
    await ben.runs(ops, "/k8s", { prompt: "mine" });
    await discord.until(() => asked().length === 2, { what: "ben's question asked" });
    expect(asked()).toEqual(["k8s-agent: first", "k8s-agent: mine"]);
  });

  it("replies to a message, opens no thread, and asks nothing", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell({ yaml: oncePerHour });
    await ana.says(ops, `<@${discord.world.bot.id}> first`);
    const place = await thread();
    await sees(place, "k8s-agent heard: first");
    await ana.says(place, "second");
    await sees(place, "You have asked one question within an hour");
    await ana.says(ops, `<@${discord.world.bot.id}> third`);
    await sees(ops, "You have asked one question within an hour");
    expect(discord.threads(ops)).toHaveLength(1);
    expect(asked()).toEqual(["k8s-agent: first"]);
  });

  it("still counts after a restart", async () => {
    const store = sqliteStore();
    const { ana, ops, sees, asked, startBot, stopBot } = await tell({
      yaml: oncePerHour,
      env: () => ({ STORE_URL: store }),
    });
    await ana.runs(ops, "/k8s", { prompt: "first" });
    await sees(ops, "✅ done");
    await stopBot();
    await startBot();
    await ana.runs(ops, "/k8s", { prompt: "second" });
    await sees(ops, "You have asked one question within an hour", ana);
    expect(asked()).toEqual(["k8s-agent: first"]);
  });

  it("counts a server's people together", async () => {
    const { ana, ops, sees, asked, discord } = await tell({
      yaml: yaml("{ promptsPerGuild: { count: 1, minutes: 10 } }"),
    });
    await ana.runs(ops, "/k8s", { prompt: "first" });
    await sees(ops, "✅ done");
    const ben = discord.createPerson({ name: "ben" });
    await ben.runs(ops, "/k8s", { prompt: "second" });
    await sees(ops, "This server has asked one question within 10 minutes", ben);
    expect(asked()).toEqual(["k8s-agent: first"]);
  });

  it("bounds what goes on at once, lets people line up in their thread, and frees the place at the end", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, asked, hasAsked, discord, logLines } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
      yaml: yaml("{ turnsPerUser: 1 }"),
    });
    await ana.runs(ops, "/k8s", { prompt: "first" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.runs(ops, "/k8s", { prompt: "elsewhere" });
    await sees(ops, "You have one conversation going on", ana);
    await ana.says(place, "in line");
    await sees(place, "queued");
    const ben = discord.createPerson({ name: "ben" });
    await ben.runs(ops, "/k8s", { prompt: "mine" });
    await hasAsked(2);
    gate.open();
    await hasAsked(3);
    await discord.until(() => logLines.filter((line) => line.includes("turn over")).length === 3, {
      what: "three turns over",
    });
    await ana.runs(ops, "/k8s", { prompt: "again" });
    await hasAsked(4);
    expect(asked()).toEqual([
      "k8s-agent: first",
      "k8s-agent: mine",
      "k8s-agent: in line",
      "k8s-agent: again",
    ]);
  });

  it("counts Try again too, and leaves its button for later", async () => {
    const { ana, ops, thread, sees, message, asked } = await tell({
      agents: [agent("k8s-agent", script(say("I begin."), fail("model overloaded")))],
      yaml: oncePerHour,
    });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    const place = await thread();
    await sees(ops, "❌ failed");
    await ana.clicks(await message(place, "❌"), "Try again");
    await sees(place, "You have asked one question within an hour", ana);
    expect(await sees(place, "I begin.")).toContain("[🔁 Try again]");
    expect(asked()).toEqual(["k8s-agent: why?"]);
  });

  it("exempts managers where that is configured", async () => {
    const { ops, sees, hasAsked, discord } = await tell({
      yaml: yaml("{ promptsPerUser: { count: 1, minutes: 60 }, exemptManagers: true }"),
    });
    const owner = discord.createPerson({ name: "max", manager: true });
    await owner.runs(ops, "/k8s", { prompt: "one" });
    await hasAsked(1);
    await owner.runs(ops, "/k8s", { prompt: "two" });
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: two"]);
    await sees(ops, "✅ done");
  });

  it("shows in /status how much is used, and nothing where nothing is bounded", async () => {
    const { ana, ops, sees } = await tell({
      yaml: yaml("{ promptsPerUser: { count: 1, minutes: 60 }, turnsPerGuild: 20 }"),
    });
    await ana.runs(ops, "/status");
    const before = await sees(ops, "You: 0 of 1 questions within an hour", ana);
    expect(before).toContain("This server: 0 of 20 conversations going on");
    await ana.runs(ops, "/k8s", { prompt: "one" });
    await sees(ops, "✅ done");
    await ana.runs(ops, "/status");
    await sees(ops, /You: 1 of 1 questions within an hour, room again/, ana);
    const free = await tell();
    await free.ana.runs(free.ops, "/status");
    expect(await free.sees(free.ops, "**Bot**", free.ana)).not.toContain("Limits");
  });
});
