import { ChannelType, type ThreadChannel } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, refusal, type Stage } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

async function threadFrom(text: string, name = "talk"): Promise<ThreadChannel> {
  const message = await stage.channel.messages.fetch((await stage.ana.says(stage.general, text)).id);
  return message.startThread({ name, autoArchiveDuration: 60 });
}

describe("threads", () => {
  it("open once from a message, carry its id and show under it", async () => {
    const { discord, general, channel } = stage;
    const thread = await threadFrom("why?", "why is it slow");
    await thread.send("because");
    const [message] = discord.messages(general);
    expect(thread.id).toBe(message?.id);
    expect(discord.transcript(general)).toBe("#general\nana: why?\n  thread: why is it slow");
    const [opened] = discord.threads(general);
    expect(opened && discord.transcript(opened)).toBe("# why is it slow\nkagent BOT: because");
    const again = (await channel.messages.fetch(thread.id)).startThread({ name: "again" });
    await expect(again).rejects.toThrow();
    const raw = stage.bot.rest.post(`/channels/${channel.id}/messages/${thread.id}/threads`, {
      body: { name: "again" },
    });
    expect(await refusal(raw)).toBe(160004);
  });

  it("have names of 1 to 100 characters", async () => {
    expect(await refusal(threadFrom("x", "n".repeat(101)))).toBe(50035);
    expect(await refusal(threadFrom("x", ""))).toBe(50035);
  });

  it("archive themselves, refuse edits then, and wake up for a message", async () => {
    const { discord, general } = stage;
    const thread = await threadFrom("x");
    const sent = await thread.send("one");
    discord.clock.advance(61 * 60_000);
    const [opened] = discord.threads(general);
    if (!opened?.thread) throw new Error("no thread");
    expect(opened.thread.archived).toBe(true);
    expect(await refusal(sent.edit("two"))).toBe(50083);
    await thread.send("three");
    expect(opened.thread.archived).toBe(false);
    await thread.setArchived(true);
    await thread.setArchived(false);
    expect(await refusal(sent.edit("two"))).toBe("accepted");
  });

  it("that are locked take no messages of the bot, and only moderators lock", async () => {
    const { discord, general } = stage;
    const thread = await threadFrom("x");
    expect(await refusal(thread.setLocked(true))).toBe(50013);
    const boss = discord.createPerson({ name: "boss", manager: true });
    const [opened] = discord.threads(general);
    if (!opened) throw new Error("no thread");
    await boss.changesThread(opened, { locked: true, archived: true });
    expect(await refusal(thread.send("x"))).toBe(160005);
    await expect(stage.ana.says(opened, "x")).rejects.toThrow("MANAGE_THREADS");
  });

  it("are limited in number", async () => {
    await stage.close();
    stage = await openStage({ limits: { activeThreads: 1 } });
    await threadFrom("x");
    expect(await refusal(threadFrom("y"))).toBe(160006);
  });

  it("are renamed twice in ten minutes at most", async () => {
    await stage.close();
    stage = await openStage({}, { rest: { rejectOnRateLimit: () => true } });
    const thread = await threadFrom("x");
    await thread.setName("a");
    await thread.setName("b");
    await expect(thread.setName("c")).rejects.toThrow();
    expect(stage.discord.counts().tooMany).toBe(1);
  });

  it("open without a message, and cannot be opened in voice channels", async () => {
    const { discord, general, guild, bot, channel } = stage;
    if (channel.type !== ChannelType.GuildText) throw new Error("no text channel");
    await channel.threads.create({ name: "free", type: ChannelType.PublicThread });
    expect(discord.transcript(general)).toBe("#general\nkagent BOT started a thread: free");
    const voice = guild.createChannel({ name: "talk", kind: "voice" });
    const said = await stage.ana.says(voice, "here?");
    const raw = bot.rest.post(`/channels/${voice.id}/messages/${said.id}/threads`, { body: { name: "x" } });
    expect(await refusal(raw)).toBe(50024);
  });

  it("are forum posts with their first message, by people and by the bot", async () => {
    const { discord, guild, ana, bot } = stage;
    const forum = guild.createChannel({ name: "help", kind: "forum", tags: ["prod"] });
    const heard = new Promise<string>((resolve) =>
      bot.once("messageCreate", (message) =>
        resolve(`${message.id === message.channelId} ${message.content}`),
      ),
    );
    const post = await ana.posts(forum, "Pods crash", "why do my pods crash?", { tags: ["prod"] });
    expect(await heard).toBe("true why do my pods crash?");
    expect(discord.transcript(post)).toBe("# Pods crash\nana: why do my pods crash?");
    const own = await bot.channels.fetch(forum.id);
    if (own?.type !== ChannelType.GuildForum) throw new Error("no forum");
    await own.threads.create({ name: "Report", message: { content: "all fine" } });
    expect(discord.threads(forum).map((thread) => thread.name)).toEqual(["Pods crash", "Report"]);
    expect(await refusal(bot.rest.post(`/channels/${forum.id}/messages`, { body: { content: "x" } }))).toBe(
      50008,
    );
  });

  it("need permissions of their own", async () => {
    const { guild, general, ana } = stage;
    const thread = await threadFrom("x");
    guild.setPermissions(general, [
      { for: "bot", deny: ["SEND_MESSAGES_IN_THREADS", "CREATE_PUBLIC_THREADS"] },
    ]);
    expect(await refusal(thread.send("x"))).toBe(50013);
    expect(await refusal(stage.channel.send("still"))).toBe("accepted");
    const said = await ana.says(general, "y");
    const raw = stage.bot.rest.post(`/channels/${general.id}/messages/${said.id}/threads`, {
      body: { name: "y" },
    });
    expect(await refusal(raw)).toBe(50013);
  });
});

describe("permissions", () => {
  it("of the channel decide what the bot may do there", async () => {
    await stage.close();
    stage = await openStage({ limits: { buckets: { create: { limit: 50, perMs: 5000 } } } });
    const { guild, general, channel, bot } = stage;
    const said = await channel.send("x");
    const attempts = async () => [
      await refusal(channel.send("x")),
      await refusal(channel.send({ embeds: [{ description: "x" }] })),
      await refusal(channel.send({ files: [{ attachment: Buffer.from("x"), name: "x.txt" }] })),
      await refusal(said.reply("x")),
    ];
    guild.setPermissions(general, [{ for: "bot", deny: ["EMBED_LINKS"] }]);
    expect(await attempts()).toEqual(["accepted", 50013, "accepted", "accepted"]);
    guild.setPermissions(general, [{ for: "bot", deny: ["ATTACH_FILES", "READ_MESSAGE_HISTORY"] }]);
    expect(await attempts()).toEqual(["accepted", "accepted", 50013, 160002]);
    guild.setPermissions(general, [{ for: "everyone", deny: ["VIEW_CHANNEL"] }]);
    const raw = bot.rest.post(`/channels/${general.id}/messages`, { body: { content: "x" } });
    // The bot's own role allows it to look into channels, the channel's overwrite wins.
    expect(await refusal(raw)).toBe(50001);
  });

  it("to write to somebody directly are theirs to give", async () => {
    const { discord, ana, bot } = stage;
    const closed = discord.createPerson({ name: "closed", acceptsDms: false });
    expect(await refusal(bot.users.send(closed.id, "hi"))).toBe(50007);
    await bot.users.send(ana.id, "hi");
    expect(discord.transcript(ana.dm())).toBe("(direct messages)\nkagent BOT: hi");
  });
});
