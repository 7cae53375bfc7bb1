import { describe, expect, it } from "vitest";
import type { Person } from "../../emulator/discord/people/person.ts";
import { agent, roomy, tell } from "./story.ts";

describe("who may ask", () => {
  it("serves the only guild that the bot is in, and says at start who may ask what", async () => {
    const { ana, ops, sees, logLines, guild } = await tell();
    expect(logLines.join("")).toContain(`open to everyone in server ${guild.id}`);
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(ops, "✅ done");
  });

  it("serves nobody while the bot is in a second guild and none is named", async () => {
    const { ana, ops, sees, discord, asked, logLines } = await tell({
      furnish: (local) => void local.createGuild({ name: "strangers" }),
    });
    expect(logLines.join("")).toContain("serving nobody: the bot is in 2 servers");
    await ana.says(ops, "@bot hello");
    await sees(ops, "This bot does not serve this server");
    expect(discord.threads(ops)).toEqual([]);
    const used = await ana.runs(ops, "/k8s", { prompt: "hello" });
    expect((await used.response()).isEphemeral).toBe(true);
    expect(await ana.completes(ops, "/ask", "agent", "", { prompt: "x" })).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it("keeps serving the named guild when strangers invite the bot, and not theirs", async () => {
    const { ana, ops, sees, discord, asked } = await tell({
      env: ({ guild }) => ({ DISCORD_GUILD_IDS: guild.id }),
    });
    const strangers = discord.createGuild({ name: "strangers" });
    const hall = strangers.createChannel({ name: "hall" });
    const eve = discord.createPerson({ name: "eve", guild: strangers });
    await eve.says(hall, "@bot hello");
    await sees(hall, "This bot does not serve this server");
    expect(eve.offers(hall)).toEqual([]);
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(ops, "✅ done");
    expect(asked()).toEqual(["k8s-agent: hello"]);
  });

  it("refuses a channel that is not listed, in private, and names those that are", async () => {
    const { ana, guild, sees, asked, discord } = await tell({
      env: ({ ops }) => ({ DISCORD_CHANNEL_ONLY: ops.id }),
    });
    const random = guild.createChannel({ name: "random" });
    await ana.runs(random, "/k8s", { prompt: "hello" });
    await sees(random, "I answer only in #ops", ana);
    expect(discord.transcript(random)).toBe("#random");
    expect(asked()).toEqual([]);
  });

  it("asks a guarded agent only for its role, and pings nobody by saying so", async () => {
    let role = "";
    const { ana, guild, discord, ops, sees, asked, message } = await tell({
      agents: [agent("k8s-agent"), agent("security-agent")],
      furnish: (_local, home) => {
        role = home.createRole({ name: "sre", mentionable: true }).id;
      },
      yaml: () => `access:\n  rules:\n    - agents: [security-*]\n      roleIds: ["${role}"]\n`,
    });
    await ana.runs(ops, "/security", { prompt: "hello" });
    await sees(ops, "Only members of @sre may ask security-agent", ana);
    await ana.says(ops, "@bot hello");
    await discord.until(() => discord.threads(ops)[0]);
    const sre = guild.guild.roles.get(role);
    const ben = discord.createPerson({ name: "ben", roles: sre ? [sre] : [] });
    await ben.runs(ops, "/security", { prompt: "hello" });
    await sees(ops, "✅ done · security-agent");
    await sees(discord.threads(ops)[0] ?? ops, "heard: hello");
    expect(asked().toSorted()).toEqual(["k8s-agent: hello", "security-agent: hello"]);
    const refusal = await message(ops, "Only members of");
    expect(refusal.pings.flatMap((ping) => ping.roleIds)).toEqual([]);
  });

  it("decides with the roles of the moment: a role that is taken no longer counts", async () => {
    let role = "";
    const { guild, discord, ops, thread, sees, asked } = await tell({
      furnish: (_local, home) => {
        role = home.createRole({ name: "sre" }).id;
      },
      yaml: () => `access:\n  rules:\n    - roleIds: ["${role}"]\n`,
    });
    const sre = guild.guild.roles.get(role);
    if (!sre) throw new Error("no role");
    const ben = discord.createPerson({ name: "ben", roles: [sre] });
    await ben.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "heard: one");
    guild.takeRole(ben, sre);
    await ben.says(place, "two");
    await sees(place, "Only members of @sre may ask");
    expect(asked()).toEqual(["k8s-agent: one"]);
  });

  it("ignores other bots and webhooks without a word", async () => {
    const { ana, ops, guild, discord, sees, thread, asked } = await tell();
    const robot = discord.createBot({ name: "Robot", guild });
    await robot.says(ops, "@bot hello");
    discord.postByWebhook(ops, { name: "Hook", content: `<@${discord.botId}> hello` });
    await ana.says(ops, "@bot mine");
    await sees(await thread(), "heard: mine");
    expect(asked()).toEqual(["k8s-agent: mine"]);
    expect(discord.messages(ops).filter((one) => one.author.id === discord.botId)).toEqual([]);
  });

  it("hears a bot that is listed, until the two talk in circles", async () => {
    let robot: Person | undefined;
    const { ops, discord, hasAsked, asked, ana, sees } = await tell({
      furnish: (local, guild) => {
        robot = local.createBot({ name: "Robot", guild });
      },
      yaml: () => `access:\n  botIds: ["${robot?.id}"]\n`,
      discord: roomy,
    });
    for (let count = 1; count <= 8; count += 1) await robot?.says(ops, `@bot ${count}`);
    await hasAsked(5);
    await ana.says(ops, "@bot mine");
    await discord.until(() => asked().includes("k8s-agent: mine"));
    expect(asked()).toHaveLength(6);
    expect(discord.threads(ops)).toHaveLength(6);
    const last = discord.threads(ops)[5];
    if (last) await sees(last, "heard: mine");
  });
});
