import { describe, expect, it } from "vitest";
import { agent, closedGate, heldAt, roomy, tell } from "./story.ts";

describe("trouble around an answer", () => {
  it("a thread that is deleted in the middle ends the run and what waits there", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, guild, discord, asked, kagent } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
      discord: roomy,
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.says(place, "two");
    await sees(place, "queued · position 1");
    await ana.says(place, "three");
    await sees(place, "queued · position 2");
    guild.deleteChannel(place);
    await kagent.until(() => /cancell?ed/i.test(kagent.runs()[0]?.task.state() ?? ""));
    await sees(ops, "⏹️ stopped");
    gate.open();
    await ana.runs(ops, "/k8s", { prompt: "four" });
    const next = await discord.until(() => discord.threads(ops).find((one) => one.id !== place.id));
    await sees(next, "All is well.");
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: four"]);
  });

  it("a channel that is deleted ends the runs in its threads and what waits there", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, guild, discord, asked, kagent, hasAsked, logLines } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
      discord: roomy,
    });
    const other = guild.createChannel({ name: "other" });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.says(place, "two");
    await sees(place, "queued · position 1");
    await ana.runs(other, "/k8s", { prompt: "three" });
    await hasAsked(2);
    guild.deleteChannel(ops);
    await kagent.until(() => /cancell?ed/i.test(kagent.runs()[0]?.task.state() ?? ""));
    await discord.until(() => logLines.some((line) => line.includes("turn over")), {
      what: "the turn's end",
    });
    gate.open();
    await sees(await thread(other), "All is well.");
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: three"]);
    const vain = discord.requests.filter((one) => one.code === 10_003);
    expect(vain.length).toBeLessThan(10);
  });

  it("a server that the bot lost while it was away counts no more, and the only one left is served", async () => {
    const strangers: { removeBot(): void }[] = [];
    const { ana, ops, thread, sees, discord, asked } = await tell({
      furnish: (local) => void strangers.push(local.createGuild({ name: "strangers" })),
    });
    await ana.says(ops, "@bot one");
    await sees(ops, /does not serve|not served|serve/);
    discord.gateway.refuseConnections(true);
    discord.gateway.drop();
    for (const one of strangers) one.removeBot();
    discord.gateway.refuseResumes();
    discord.gateway.refuseConnections(false);
    await discord.until(() => discord.gateway.stats.identifies === 2);
    await ana.says(ops, "@bot two");
    await sees(await thread(), "heard: two");
    expect(asked()).toEqual(["k8s-agent: two"]);
  });

  it("a server that the bot is removed from ends what runs there", async () => {
    const { ana, ops, thread, sees, guild, kagent } = await tell({
      agents: [agent("k8s-agent", heldAt(closedGate()))],
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    await sees(await thread(), "Looking.");
    guild.removeBot();
    await kagent.until(() => /cancell?ed/i.test(kagent.runs()[0]?.task.state() ?? ""));
  });

  it("a private thread that the bot was not added to is named as the reason", async () => {
    const { ana, ops, sees, asked } = await tell({
      furnish: (_discord, guild) => {
        const everyone = guild.guild.roles.get(guild.id);
        if (everyone) everyone.permissions |= 1n << 36n;
      },
    });
    const hidden = await ana.opensThread(ops, "hidden", { private: true });
    await ana.runs(hidden, "/k8s", { prompt: "hello" });
    await sees(hidden, "I cannot see this channel.", ana);
    await ana.runs(hidden, "/status");
    await sees(hidden, /(I cannot see this channel[\s\S]*){2}/, ana);
    expect(asked()).toEqual([]);
  });

  it("a dropped gateway connection resumes, and what was asked meanwhile is answered once", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell();
    discord.gateway.drop();
    await ana.says(ops, "@bot hello");
    await sees(await discord.until(() => discord.threads(ops)[0]), "heard: hello");
    expect(await thread()).toBeDefined();
    expect(asked()).toEqual(["k8s-agent: hello"]);
    expect(discord.gateway.stats.resumes).toBe(1);
  });

  it("without the Message Content intent the bot warns and goes on with mentions and commands", async () => {
    const { ana, ops, thread, sees, asked, logLines, message } = await tell({
      discord: { ...roomy, messageContent: false },
      env: ({ ops: channel }) => ({ DISCORD_CHANNEL_ONLY: channel.id }),
    });
    expect(logLines.join("")).toContain("the Message Content intent is off, so only mentions are prompts");
    await ana.says(ops, "not for the bot");
    await ana.says(ops, "@bot one");
    const place = await thread();
    await sees(place, /k8s-agent · \d/);
    await ana.says(place, "not for the bot either");
    await ana.says(place, "two", { replyTo: await message(place, "heard: one") });
    await sees(place, "heard: two");
    await ana.runs(place, "/k8s", { prompt: "three" });
    await sees(place, "heard: three");
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: two", "k8s-agent: three"]);
  });
});
