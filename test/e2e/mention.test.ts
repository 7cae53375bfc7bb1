import { describe, expect, it } from "vitest";
import { agent, closedGate, heldAt, tell } from "./story.ts";

const both = [agent("k8s-agent"), agent("istio-agent")];

describe("a mention", () => {
  it("opens a thread from the message and is answered there by the default agent", async () => {
    const { ana, ops, thread, sees, asked } = await tell({ agents: both });
    const message = await ana.says(ops, "@bot why is checkout failing?");
    const place = await thread();
    expect(place.id).toBe(message.id);
    expect(place.name).toBe("why is checkout failing?");
    await sees(place, "k8s-agent heard: why is checkout failing?");
    expect(asked()).toEqual(["k8s-agent: why is checkout failing?"]);
  });

  it("goes to the agent that the channel is bound to", async () => {
    const { ana, ops, thread, sees } = await tell({
      agents: both,
      yaml: ({ ops: channel }) => `bindings:\n  - channelId: ${channel.id}\n    agent: istio-agent\n`,
    });
    await ana.says(ops, "@bot which gateways are there?");
    await sees(await thread(), "istio-agent heard: which gateways");
  });

  it("is passed over where the bot was not mentioned", async () => {
    const { ana, ops, sees, asked, discord } = await tell();
    await ana.says(ops, "why is checkout failing?");
    await ana.says(ops, "@bot and the cart?");
    await sees(ops, "thread: and the cart?");
    await sees(discord.threads(ops)[0] ?? ops, "heard: and the cart?");
    expect(asked()).toEqual(["k8s-agent: and the cart?"]);
  });

  it("by the role that Discord made for the bot counts too", async () => {
    const { ops, guild, discord, thread, sees } = await tell();
    const role = [...guild.guild.roles.values()].find((one) => one.managed);
    // Discord lets only those who may mention everybody notify a bot's role.
    const ben = discord.createPerson({ name: "ben", manager: true });
    await ben.says(ops, `<@&${role?.id}> hello`);
    await sees(await thread(), "k8s-agent heard: hello");
  });

  it("of nothing answers with example prompts of the agents' skills", async () => {
    const skill = {
      id: "pods",
      name: "Pods",
      description: "Looks at pods",
      tags: [],
      examples: ["Which pods restart?"],
    };
    const { ana, ops, sees, asked, discord } = await tell({
      agents: [agent("k8s-agent", undefined, { skills: [skill] })],
    });
    await ana.says(ops, "@bot");
    const shown = await sees(ops, "Ask me something, for example:");
    expect(shown).toContain("> Which pods restart?");
    expect(shown).toContain("/help");
    expect(discord.threads(ops)).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it("that Discord delivers twice runs once", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell();
    discord.gateway.duplicate();
    await ana.says(ops, "@bot hello");
    await sees(await thread(), "heard: hello");
    await ana.says(ops, "@bot second");
    await discord.until(() => discord.threads(ops)[1]);
    await sees(discord.threads(ops)[1] ?? ops, "heard: second");
    expect(asked()).toEqual(["k8s-agent: hello", "k8s-agent: second"]);
    expect(discord.threads(ops)).toHaveLength(2);
  });

  it("pings nobody, whatever the question and the answer say", async () => {
    const { ana, ops, thread, sees, discord } = await tell();
    const ben = discord.createPerson({ name: "ben" });
    await ana.runs(ops, "/k8s", { prompt: `tell <@${ben.id}> and @everyone` });
    await sees(ops, "✅ done");
    const place = await thread();
    const own = [...discord.messages(ops), ...discord.messages(place)].filter((one) => one.author.bot);
    expect(own.length).toBeGreaterThan(1);
    expect(own.flatMap((one) => one.pings.flatMap((ping) => [ping.everyone, ...ping.userIds]))).not.toContain(
      ben.id,
    );
    expect(own.some((one) => one.pings.some((ping) => ping.everyone))).toBe(false);
  });

  it("waits in the answer with a Stop button while the agent works", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees } = await tell({ agents: [agent("k8s-agent", heldAt(gate))] });
    await ana.says(ops, "@bot hello");
    const place = await thread();
    expect(await sees(place, "Looking.")).toContain("[⏹️ Stop]");
    gate.open();
    expect(await sees(place, "All is well.")).toContain("Looking. All is well.");
    await sees(place, /k8s-agent · \d/);
  });
});
