import type { Client } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import type { LocalDiscord } from "../../../emulator/discord/local-discord.ts";
import { connect } from "./client.ts";

let discord: LocalDiscord;
let client: Client<true>;

beforeEach(async () => {
  discord = await startDiscord({ checkResponses: true });
});
afterEach(async () => {
  await client?.destroy();
  expect(discord.requests.filter((request) => request.misfit !== undefined)).toEqual([]);
  await discord.stop();
});

describe("a bot in a channel", () => {
  it("hears what people write, mentions resolved, and answers", async () => {
    const guild = discord.createGuild({ name: "ops" });
    const general = guild.createChannel({ name: "general" });
    const ana = discord.createPerson({ name: "ana" });
    client = await connect(discord);
    client.on("messageCreate", async (message) => {
      if (message.author.bot || !message.mentions.has(client.user)) return;
      await message.reply(`you said: ${message.content}`);
    });
    await ana.says(general, "@bot hello");
    const reply = await discord.until(() => discord.messages(general).find((message) => message.author.bot));
    expect(reply.content).toBe(`you said: <@${discord.botId}> hello`);
    await discord.until(() => discord.requests.length > 0);
    expect(discord.transcript(general)).toBe("#general\nana: @kagent hello\n↳ to ana: @kagent hello\nkagent BOT: you said: @kagent hello");
  });
});
