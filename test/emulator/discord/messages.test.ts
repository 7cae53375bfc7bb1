import { AttachmentBuilder, EmbedBuilder, MessageFlags } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, refusal, type Stage } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

describe("messages of a real client", () => {
  it("answer people and show in the transcript", async () => {
    const { discord, general, ana, bot } = stage;
    bot.on("messageCreate", async (message) => {
      if (!message.author.bot && message.mentions.has(bot.user))
        await message.reply(`you said: ${message.content}`);
    });
    await ana.says(general, "@bot hello");
    await discord.until(() => discord.messages(general).length === 2);
    expect(discord.transcript(general)).toBe(
      "#general\nana: @kagent hello\n↳ to ana: @kagent hello\nkagent BOT: you said: @kagent hello",
    );
  });

  it("keep every version of an edited text", async () => {
    const { discord, general, channel } = stage;
    const sent = await channel.send("one");
    await sent.edit("two");
    const [message] = discord.messages(general);
    expect(message?.history.map((version) => version.content)).toEqual(["one", "two"]);
    expect(discord.transcript(general, { history: true })).toMatch(
      /kagent BOT: two \(edited\)\n {2}\+\d+ms one\n {2}\+\d+ms two/,
    );
    await sent.delete();
    expect(discord.messages(general)).toEqual([]);
  });

  it("are at most 2000 code points long and never empty", async () => {
    const { channel } = stage;
    expect(await refusal(channel.send("🐙".repeat(2000)))).toBe("accepted");
    expect(await refusal(channel.send("x".repeat(2001)))).toBe(50035);
    expect(await refusal(channel.send("   \n "))).toBe(50006);
  });

  it("of components show only files that they carry", async () => {
    const { channel } = stage;
    const withFile = (name: string) =>
      channel.send({
        flags: MessageFlags.IsComponentsV2,
        components: [{ type: 13, file: { url: `attachment://${name}` } }],
        files: [new AttachmentBuilder(Buffer.from("{}"), { name: "request.json" })],
      });
    expect(await refusal(withFile("request.json"))).toBe("accepted");
    expect(await refusal(withFile("other.json"))).toBe(50035);
  });

  it("lose their outer white space, as Discord strips it", async () => {
    expect((await stage.channel.send("  indented\n\n")).content).toBe("indented");
  });

  it("are created once for a nonce that is enforced", async () => {
    const { discord, general, channel, bot } = stage;
    const body = { content: "once", nonce: "turn:1", enforce_nonce: true };
    const route = `/channels/${channel.id}/messages` as const;
    const answers = [await bot.rest.post(route, { body }), await bot.rest.post(route, { body })];
    expect(answers[0]).toMatchObject({ nonce: "turn:1" });
    expect(answers[1]).toEqual(answers[0]);
    expect(discord.messages(general)).toHaveLength(1);
    expect(await refusal(bot.rest.post(route, { body: { ...body, nonce: "n".repeat(26) } }))).toBe(50035);
    discord.clock.advance(600_000);
    await bot.rest.post(route, { body });
    expect(discord.messages(general)).toHaveLength(2);
  });

  it("with a nonce whose message was deleted are unknown", async () => {
    const { channel } = stage;
    const options = { content: "gone", nonce: "a", enforceNonce: true };
    await (await channel.send(options)).delete();
    expect(await refusal(channel.send(options))).toBe(10008);
  });

  it("carry files that the CDN serves under a signed link that expires", async () => {
    const { discord, general, channel } = stage;
    const file = new AttachmentBuilder(Buffer.from("# answer"), { name: "my answer.md" });
    const sent = await channel.send({ content: "here", files: [file] });
    const attachment = sent.attachments.first();
    if (!attachment) throw new Error("no attachment");
    expect(attachment).toMatchObject({ name: "my_answer.md", size: 8 });
    expect(await (await fetch(attachment.url)).text()).toBe("# answer");
    expect((await fetch(attachment.url.split("?")[0] ?? "")).status).toBe(404);
    discord.clock.advance(25 * 3_600_000);
    expect((await fetch(attachment.url)).status).toBe(404);
    expect(discord.transcript(general)).toContain("  file: my_answer.md (8 bytes)");
  });

  it("refuse a file above 10 MiB and more than ten files", async () => {
    const { channel } = stage;
    const large = new AttachmentBuilder(Buffer.alloc(10 * 1024 * 1024 + 1), { name: "large.bin" });
    expect(await refusal(channel.send({ files: [large] }))).toBe(50045);
    const many = Array.from(
      { length: 11 },
      (_, n) => new AttachmentBuilder(Buffer.from("x"), { name: `${n}.txt` }),
    );
    expect(await refusal(channel.send({ files: many }))).toBe(50035);
  });

  it("keep their files through an edit that does not speak of them", async () => {
    const { discord, general, channel } = stage;
    const sent = await channel.send({ files: [new AttachmentBuilder(Buffer.from("x"), { name: "a.txt" })] });
    await sent.edit("text");
    expect(discord.messages(general)[0]?.attachments).toHaveLength(1);
    await sent.edit({ attachments: [] });
    expect(discord.messages(general)[0]?.attachments).toHaveLength(0);
  });

  it("have embeds of at most 6000 characters together", async () => {
    const { discord, general, channel } = stage;
    const embed = (length: number) => new EmbedBuilder().setTitle("t").setDescription("d".repeat(length));
    expect(await refusal(channel.send({ embeds: [embed(4000), embed(2000)] }))).toBe(50035);
    await channel.send({ embeds: [embed(3)] });
    expect(discord.transcript(general)).toContain("  | t\n  | ddd");
  });

  it("unfold links unless told not to, also after an edit", async () => {
    const { discord, general, channel } = stage;
    const open = await channel.send("see https://example.com and `https://code.example`");
    expect(discord.messages(general)[0]?.previews).toEqual(["https://example.com"]);
    await open.edit({ flags: MessageFlags.SuppressEmbeds });
    expect(discord.messages(general)[0]?.previews).toEqual([]);
    await channel.send({ content: "https://example.com", flags: MessageFlags.SuppressEmbeds });
    expect(discord.transcript(general)).not.toContain("preview:");
  });

  it("notify whom allowed_mentions lets them, and edits are parsed anew", async () => {
    const { discord, general, channel, ana } = stage;
    const text = `<@${ana.id}> and \`<@${ana.id}>\``;
    const sent = await channel.send({ content: text, allowedMentions: { parse: [] } });
    expect(discord.messages(general)[0]?.pings).toEqual([]);
    await sent.edit(text);
    expect(discord.messages(general)[0]?.pings).toMatchObject([{ by: "edit", userIds: [ana.id] }]);
    await channel.send("@everyone");
    expect(discord.messages(general)[1]?.pings).toEqual([]);
  });

  it("are listed newest first, after and around an id", async () => {
    const { discord, general, ana, channel } = stage;
    for (const text of ["1", "2", "3", "4", "5"]) await ana.says(general, text);
    const [first, second, third] = discord.messages(general);
    const contents = async (options: { limit: number; after?: string; around?: string }) =>
      [...(await channel.messages.fetch(options)).values()].map((message) => message.content);
    expect(await contents({ limit: 2 })).toEqual(["5", "4"]);
    expect(await contents({ limit: 2, after: first?.id ?? "" })).toEqual(["3", "2"]);
    expect(await contents({ limit: 3, around: third?.id ?? "" })).toEqual(["4", "3", "2"]);
    expect(await contents({ limit: 100, after: second?.id ?? "" })).toHaveLength(3);
  });

  it("of others cannot be edited, and unknown fields are mistakes", async () => {
    const { channel, general, ana, bot } = stage;
    const message = await ana.says(general, "mine");
    expect(await refusal(channel.messages.edit(message.id, "yours"))).toBe(50005);
    expect(await refusal(bot.rest.post(`/channels/${channel.id}/messages`, { body: { contnt: "x" } }))).toBe(
      50035,
    );
  });

  it("that are older than an hour take few edits", async () => {
    await stage.close();
    stage = await openStage({ limits: { oldEdits: { limit: 1, perMs: 20_000, status: 400 } } });
    const sent = await stage.channel.send("old");
    stage.discord.clock.advance(3_700_000);
    expect(await refusal(sent.edit("once"))).toBe("accepted");
    expect(await refusal(sent.edit("twice"))).toBe(30046);
  });

  it("come without content when the intent is not granted, unless they concern the bot", async () => {
    const { discord, general, ana, channel } = stage;
    discord.setMessageContent(false);
    await ana.says(general, "secret");
    await ana.says(general, "@bot open");
    const fetched = await channel.messages.fetch({ limit: 2 });
    expect([...fetched.values()].map((message) => message.content)).toEqual([`<@${discord.botId}> open`, ""]);
  });

  it("carry reactions and replies to forwarded and webhook messages", async () => {
    const { discord, general, ana, bot } = stage;
    const alert = discord.postByWebhook(general, {
      name: "Grafana",
      embeds: [{ title: "CPU high", description: "node-1" }],
    });
    const heard: string[] = [];
    bot.on("messageCreate", (message) => {
      heard.push(`${message.webhookId ? "webhook" : "person"} ${message.messageSnapshots.size}`);
    });
    await ana.says(general, "", { forwards: alert });
    const forwarded = await ana.says(general, "@bot why?", { replyTo: alert });
    await discord.until(() => heard.length === 3);
    const channel = await bot.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error("no channel");
    await (await channel.messages.fetch(forwarded.id)).react("👀");
    expect(heard).toEqual(["webhook 0", "person 1", "person 0"]);
    expect(discord.transcript(general)).toContain("↳ to Grafana:");
    expect(discord.transcript(general)).toContain("  reactions: 👀 1");
  });
});
