import { type Client, GatewayIntentBits, Status } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import { connect, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let heard: string[];

beforeEach(async () => {
  stage = await openStage({ heartbeatMs: 300 });
  heard = [];
  stage.bot.on("messageCreate", (message) => heard.push(message.content));
});
afterEach(() => stage.close());

const isReady = (client: Client) => client.ws.shards.every((shard) => shard.status === Status.Ready);

describe("the gateway", () => {
  it("replays what was missed when a lost connection is resumed", async () => {
    const { discord, general, ana } = stage;
    discord.gateway.drop();
    await ana.says(general, "while you were away");
    await discord.until(() => heard.length === 1);
    expect(discord.gateway.stats).toEqual({ connections: 2, identifies: 1, resumes: 1 });
  });

  it("resumes after a close code and after being asked to reconnect", async () => {
    const { discord, general, ana, bot } = stage;
    discord.gateway.close(4000);
    await discord.until(() => discord.gateway.stats.resumes === 1 && isReady(bot));
    discord.gateway.askToReconnect();
    await discord.until(() => discord.gateway.stats.resumes === 2 && isReady(bot));
    await ana.says(general, "there?");
    await discord.until(() => heard.includes("there?"));
  });

  it("starts a new session when a resume is refused, and what was missed is lost", async () => {
    const { discord, general, ana } = stage;
    discord.gateway.refuseResumes();
    discord.gateway.drop();
    await ana.says(general, "lost");
    await discord.until(() => discord.gateway.stats.identifies === 2);
    await ana.says(general, "found");
    await discord.until(() => heard.includes("found"));
    expect(heard).toEqual(["found"]);
  });

  it("makes a client without heartbeat ACKs reconnect, and gives it what it missed", async () => {
    const { discord, general, ana } = stage;
    discord.gateway.silence();
    await ana.says(general, "into the silence");
    await discord.until(() => discord.gateway.stats.connections >= 2);
    discord.gateway.speak();
    await discord.until(() => heard.includes("into the silence"));
    expect(discord.gateway.stats.identifies).toBe(1);
  });

  it("may send an event twice", async () => {
    const { discord, general, ana, bot } = stage;
    const ids: string[] = [];
    // The client itself drops a message that it has cached; the raw events show what was sent.
    bot.on("raw", (packet: { readonly t: string; readonly d: { readonly id: string } }) => {
      if (packet.t === "MESSAGE_CREATE") ids.push(packet.d.id);
    });
    discord.gateway.duplicate();
    const message = await ana.says(general, "twice");
    await discord.until(() => ids.length === 2);
    expect(ids).toEqual([message.id, message.id]);
  });

  it("hides channels that the bot does not see", async () => {
    const { discord, guild, ana, general } = stage;
    const hidden = guild.createChannel({
      name: "hidden",
      permissions: [{ for: "bot", deny: ["VIEW_CHANNEL"] }],
    });
    await ana.says(hidden, "secret");
    await ana.says(general, "open");
    await discord.until(() => heard.length > 0);
    expect(heard).toEqual(["open"]);
  });

  it("tells of guilds that the bot is invited to or removed from", async () => {
    const { discord, bot } = stage;
    const joined = new Promise<string>((resolve) => bot.once("guildCreate", (guild) => resolve(guild.name)));
    const other = discord.createGuild({ name: "strangers" });
    expect(await joined).toBe("strangers");
    const left = new Promise<string>((resolve) => bot.once("guildDelete", (guild) => resolve(guild.name)));
    other.removeBot();
    expect(await left).toBe("strangers");
  });
});

describe("a login", () => {
  it("is refused with a wrong token", async () => {
    const discord = await startDiscord();
    await expect(connect({ ...discord, token: "wrong" })).rejects.toThrow("token");
    await discord.stop();
  });

  it("is refused when an intent is not granted, which the application's flags tell before", async () => {
    const discord = await startDiscord({ messageContent: false });
    await expect(connect(discord)).rejects.toThrow("disallowed intents");
    const client = await connect(discord, {
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    });
    expect((await client.application.fetch()).flags.bitfield).toBe(0);
    await client.destroy();
    await discord.stop();
  });

  it("without the content intent hears of people's messages without their text", async () => {
    const discord = await startDiscord();
    const guild = discord.createGuild({ name: "ops" });
    const general = guild.createChannel({ name: "general" });
    const ana = discord.createPerson({ name: "ana" });
    const client = await connect(discord, {
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    });
    const texts: string[] = [];
    client.on("messageCreate", (message) => texts.push(message.content));
    await ana.says(general, "secret");
    await ana.says(general, "@bot open");
    await discord.until(() => texts.length === 2);
    expect(texts).toEqual(["", `<@${discord.botId}> open`]);
    await client.destroy();
    await discord.stop();
  });
});

describe("a raw connection", () => {
  async function closeCode(version: string, ...payloads: readonly unknown[]): Promise<number> {
    const socket = new WebSocket(`${stage.discord.gatewayUrl}?v=${version}&encoding=json`);
    await new Promise((resolve) => socket.once("open", resolve));
    for (const payload of payloads)
      socket.send(typeof payload === "string" ? payload : JSON.stringify(payload));
    return new Promise((resolve) => socket.once("close", (code) => resolve(code)));
  }
  const identify = (data: object) => ({
    op: 2,
    d: {
      token: stage.discord.token,
      intents: 513,
      properties: { os: "linux", browser: "x", device: "x" },
      ...data,
    },
  });

  it("is closed with Discord's codes when it breaks the protocol", async () => {
    expect(await closeCode("9")).toBe(4012);
    expect(await closeCode("10", "no json")).toBe(4002);
    expect(await closeCode("10", { op: 3, d: {} })).toBe(4003);
    expect(await closeCode("10", { op: 99, d: {} })).toBe(4001);
    expect(await closeCode("10", identify({ token: "x" }))).toBe(4004);
    expect(await closeCode("10", identify({}), identify({}))).toBe(4005);
    expect(await closeCode("10", identify({ intents: 2 ** 30 }))).toBe(4013);
    expect(await closeCode("10", identify({ intents: 2 }))).toBe(4014);
    expect(await closeCode("10", "x".repeat(4097))).toBe(4002);
    expect(await closeCode("10", ...Array.from({ length: 121 }, () => ({ op: 1, d: null })))).toBe(4008);
  });
});
