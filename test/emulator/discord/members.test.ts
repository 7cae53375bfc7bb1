import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { connect, openStage, type Stage } from "./stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

describe("a request for members (op 8)", () => {
  it("tells the members that it names, without any privileged intent", async () => {
    const { bot, guild, discord, ana } = stage;
    const found = await bot.guilds.cache.get(guild.id)?.members.fetch({ user: [discord.botId, ana.id] });
    expect(found?.map((member) => member.id).sort()).toEqual([ana.id, discord.botId].sort());
    expect(discord.gateway.memberRequests).toBe(1);
  });

  it("gets no answer while the gateway is silent", async () => {
    const { bot, guild, discord } = stage;
    discord.gateway.silence({ events: true });
    const asked = bot.guilds.cache.get(guild.id)?.members.fetch({ user: [discord.botId], time: 200 });
    await expect(asked).rejects.toThrow("Members didn't arrive in time");
  });

  async function codeFor(members: object): Promise<number | "open"> {
    const { discord } = stage;
    const socket = new WebSocket(`${discord.gatewayUrl}?v=10&encoding=json`);
    await new Promise((resolve) => socket.once("open", resolve));
    const properties = { os: "linux", browser: "x", device: "x" };
    socket.send(JSON.stringify({ op: 2, d: { token: discord.token, intents: 1, properties } }));
    socket.send(JSON.stringify({ op: 8, d: members }));
    return new Promise((resolve) => {
      socket.once("close", (code) => resolve(code));
      socket.on("message", (text) => {
        if (!String(text).includes("GUILD_MEMBERS_CHUNK")) return;
        resolve("open");
        socket.close();
      });
    });
  }

  it("is refused as Discord refuses it", async () => {
    const guild_id = stage.guild.id;
    expect(await codeFor({ guild_id, user_ids: [stage.ana.id] })).toBe("open");
    expect(await codeFor({ guild_id, query: "a", limit: 5 })).toBe("open");
    expect(await codeFor({ user_ids: [stage.ana.id] })).toBe(4002);
    expect(await codeFor({ guild_id })).toBe(4002);
    expect(await codeFor({ guild_id, user_ids: Array.from({ length: 101 }, () => stage.ana.id) })).toBe(4002);
    expect(await codeFor({ guild_id, query: "", limit: 0 })).toBe(4014);
    expect(await codeFor({ guild_id, user_ids: [stage.ana.id], presences: true })).toBe(4014);
  });
});

describe("session starts", () => {
  it("run out, are told, and come back after the period", async () => {
    const { discord, bot } = stage;
    const left = async () => Object(Object(await bot.rest.get("/gateway/bot")).session_start_limit).remaining;
    expect(await left()).toBe(999);
    discord.world.identifies = 1000;
    expect(await left()).toBe(0);
    expect(discord.world.takeSessionStart()).toBe(false);
    discord.clock.advance(24 * 60 * 60 * 1000);
    expect(await left()).toBe(1000);
  });

  it("are refused with the code that a test wants", async () => {
    stage.discord.gateway.refuseIdentifies(4013);
    await expect(connect(stage.discord)).rejects.toThrow("intents");
  });
});
