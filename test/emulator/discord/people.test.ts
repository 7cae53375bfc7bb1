import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import type { LocalDiscord } from "../../../emulator/discord/local-discord.ts";
import type { GuildHandle } from "../../../emulator/discord/people/guild-handle.ts";
import type { Person } from "../../../emulator/discord/people/person.ts";
import type { Channel } from "../../../emulator/discord/world/model.ts";

let discord: LocalDiscord;
let guild: GuildHandle;
let general: Channel;
let ana: Person;

beforeEach(async () => {
  discord = await startDiscord();
  guild = discord.createGuild({ name: "ops" });
  general = guild.createChannel({ name: "general" });
  ana = discord.createPerson({ name: "ana" });
});
afterEach(() => discord.stop());

describe("people", () => {
  it("mention people, roles and channels by name", async () => {
    const sre = guild.createRole({ name: "sre", mentionable: true });
    const ben = discord.createPerson({ name: "ben", roles: [sre] });
    const message = await ana.says(general, "@ben @sre look at #general, mail a@ben.de");
    expect(message.content).toBe(`<@${ben.id}> <@&${sre.id}> look at <#${general.id}>, mail a@ben.de`);
    expect(message.pings).toMatchObject([{ userIds: [ben.id], roleIds: [sre.id], everyone: false }]);
    expect(discord.transcript(general)).toBe("#general\nana: @ben @sre look at #general, mail a@ben.de");
  });

  it("can do only what their client would let them do", async () => {
    const quiet = guild.createChannel({
      name: "quiet",
      permissions: [{ for: "everyone", deny: ["SEND_MESSAGES"] }],
    });
    const hidden = guild.createChannel({
      name: "hidden",
      permissions: [{ for: "everyone", deny: ["VIEW_CHANNEL"] }],
    });
    const stranger = discord.createPerson({ name: "stranger", guild: null });
    const message = await ana.says(general, "mine");
    await expect(ana.says(quiet, "x")).rejects.toThrow("lacks SEND_MESSAGES");
    await expect(ana.says(hidden, "x")).rejects.toThrow("lacks VIEW_CHANNEL");
    await expect(stranger.says(general, "x")).rejects.toThrow("lacks VIEW_CHANNEL");
    await expect(ana.says(general, "")).rejects.toThrow("nothing to send");
    await expect(ana.says(general, "x".repeat(2001))).rejects.toThrow("at most 2000");
    await expect(ana.says(general, "x", { embeds: [{ title: "x" }] })).rejects.toThrow("only bots");
    const ben = discord.createPerson({ name: "ben" });
    await expect(ben.edits(message, "x")).rejects.toThrow("did not write");
    await expect(ben.deletes(message)).rejects.toThrow("may not delete");
    const boss = discord.createPerson({ name: "boss", manager: true });
    await boss.deletes(message);
    expect(discord.transcript(hidden, { as: ana })).toBe("ana does not see #hidden");
  });

  it("fail to reach a bot that is away, after three seconds", async () => {
    const commands = [{ name: "ask", description: "Ask" }];
    discord.world.commands.replace(undefined, commands);
    const handle = await ana.runs(general, "/ask");
    discord.clock.advance(3000);
    expect(handle.hasFailed).toBe(true);
    await expect(handle.response()).rejects.toThrow("did not respond");
  });

  it("see replies, forwards, files, embeds and reactions in the transcript", async () => {
    const alerts = discord.createBot({ name: "alerts" });
    const alert = await alerts.says(general, "", {
      embeds: [{ title: "CPU high", fields: [{ name: "node", value: "n-1" }] }],
    });
    const reply = await ana.says(general, "on it\nsoon", {
      replyTo: alert,
      files: [{ name: "log.txt", content: "abc" }],
    });
    await ana.reacts(reply, "👍");
    await ana.says(general, "", { forwards: reply });
    expect(discord.transcript(general)).toBe(
      [
        "#general",
        "alerts BOT: ",
        "  | CPU high",
        "  | node: n-1",
        "↳ to alerts: ",
        "ana: on it",
        "  soon",
        "  file: log.txt (3 bytes)",
        "  reactions: 👍 1",
        "ana: ",
        "  forwarded: on it",
        "  soon",
      ].join("\n"),
    );
  });
});

describe("waiting", () => {
  it("ends as soon as the world fits, and tells what there was when it never does", async () => {
    const waited = discord.until(() => discord.messages(general)[0]);
    await ana.says(general, "here");
    expect((await waited).content).toBe("here");
    const failed = discord.until(() => discord.messages(general).length > 1, {
      within: 20,
      what: "a second message",
    });
    await expect(failed).rejects.toThrow("not within 20 ms: a second message\n#general\nana: here");
  });

  it("passes on what its condition throws", async () => {
    const broken = () => {
      throw new Error("broken");
    };
    await expect(discord.until(broken)).rejects.toThrow("broken");
  });
});
