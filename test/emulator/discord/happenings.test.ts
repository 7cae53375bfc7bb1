import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Events,
  GatewayDispatchEvents,
  type Interaction,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, refusal, type Stage } from "./stage.ts";

let stage: Stage;
/** Every interaction that the bot hears; clicks are acknowledged. */
let heard: Interaction[];
beforeEach(async () => {
  stage = await openStage();
  heard = [];
  stage.bot.on(Events.InteractionCreate, (interaction) => {
    heard.push(interaction);
    if (interaction.isButton()) interaction.deferUpdate().catch(() => {});
  });
});
afterEach(() => stage.close());

async function withButton(channelId = stage.general.id) {
  const { bot, discord } = stage;
  const go = new ButtonBuilder().setCustomId("go").setLabel("Go").setStyle(ButtonStyle.Primary);
  const channel = await bot.channels.fetch(channelId);
  if (!channel?.isSendable()) throw new Error("no channel");
  const sent = await channel.send({
    content: "?",
    components: [new ActionRowBuilder<ButtonBuilder>().addComponents(go)],
  });
  const message = discord.world.channels.get(channelId)?.messages.get(sent.id);
  if (!message) throw new Error("no message");
  return message;
}

const hasHeard = (count: number) =>
  stage.discord.until(() => heard.length >= count, { what: `${count} interactions` });

describe("what can happen around a click", () => {
  it("is that it is delivered twice, with the same id", async () => {
    const { ana, discord } = stage;
    const handle = await ana.clicks(await withButton(), "Go");
    await handle.response();
    discord.redeliver(handle);
    await hasHeard(2);
    expect(heard.map((one) => one.id)).toEqual([handle.id, handle.id]);
  });

  it("is that a message is delivered twice", async () => {
    const { ana, discord, general, bot } = stage;
    const names: string[] = [];
    // discord.js passes on only the first one while it has the message in its cache.
    bot.ws.on(GatewayDispatchEvents.MessageCreate, (data) => names.push(data.id));
    const message = await ana.says(general, "once");
    discord.redeliver(message);
    await discord.until(() => names.length === 2, { what: "two events" });
    expect(names).toEqual([message.id, message.id]);
  });

  it("is that two people click at the same moment, and each gets an interaction", async () => {
    const { ana, discord } = stage;
    const ben = discord.createPerson({ name: "ben" });
    const message = await withButton();
    await Promise.all([ana.clicks(message, "Go"), ben.clicks(message, "Go")]);
    await hasHeard(2);
    expect(heard.map((one) => one.user.username)).toEqual(["ana", "ben"]);
  });

  it("is that roles changed since the last one: the event has the present ones", async () => {
    const { ana, guild } = stage;
    const sre = guild.createRole({ name: "sre" });
    const dev = guild.createRole({ name: "dev" });
    const message = await withButton();
    const rolesOf = (one: Interaction | undefined) =>
      one?.inCachedGuild() ? [...one.member.roles.cache.keys()].filter((id) => id !== guild.id) : undefined;
    guild.setRoles(ana, [sre]);
    await (await ana.clicks(message, "Go")).response();
    expect(rolesOf(heard[0])).toEqual([sre.id]);
    guild.setRoles(ana, [dev]);
    await (await ana.clicks(message, "Go")).response();
    expect(rolesOf(heard[1])).toEqual([dev.id]);
  });

  it("is that the thread is archived, which phones cannot cope with", async () => {
    const { ana, discord, general, guild } = stage;
    const ben = discord.createPerson({ name: "ben", phone: true });
    const thread = await ana.opensThread(general, "talk");
    const message = await withButton(thread.id);
    await ben.clicks(message, "Go");
    guild.changeThread(thread, { archived: true });
    await expect(ben.clicks(message, "Go")).rejects.toThrow("phone fails");
    await (await ana.clicks(message, "Go")).response();
  });

  it("is that the message or its thread is gone", async () => {
    const { ana, general, guild } = stage;
    const message = await withButton();
    guild.deleteMessage(message);
    await expect(ana.clicks(message, "Go")).rejects.toThrow("gone");
    const thread = await ana.opensThread(general, "talk");
    const inside = await withButton(thread.id);
    guild.deleteChannel(thread);
    await expect(ana.clicks(inside, "Go")).rejects.toThrow("gone");
  });
});

describe("a form", () => {
  it("is filled in only by whom it was opened for", async () => {
    const { ana, general, discord, bot } = stage;
    discord.world.commands.replace(undefined, [{ name: "form", description: "Opens a form" }]);
    const ben = discord.createPerson({ name: "ben" });
    bot.on(Events.InteractionCreate, (interaction) => {
      const components = [{ type: 18, label: "Why", component: { type: 4, custom_id: "why", style: 1 } }];
      const data = { custom_id: "m", title: "Form", components };
      if (!interaction.isChatInputCommand()) return;
      bot.rest
        .post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
          body: { type: 9, data },
          auth: false,
        })
        .catch(() => {});
    });
    const form = await (await ana.runs(general, "/form")).modal();
    await expect(ben.submits(form, { Why: "x" })).rejects.toThrow("does not see this form");
    await ana.submits(form, { Why: "because" });
    await hasHeard(2);
  });
});

describe("editing a message", () => {
  it("with a file needs the permission to attach files", async () => {
    const { channel, guild, general } = stage;
    const message = await channel.send("text");
    const file = { attachment: Buffer.from("x"), name: "x.txt" };
    guild.setPermissions(general, [{ for: "bot", deny: ["ATTACH_FILES"] }]);
    expect(await refusal(message.edit({ files: [file] }))).toBe(50013);
    expect(await refusal(message.edit("other text"))).toBe("accepted");
    guild.setPermissions(general, []);
    expect(await refusal(message.edit({ files: [file] }))).toBe("accepted");
  });
});

describe("a guild", () => {
  it("that has an outage stays the bot's; one that removes the bot does not", async () => {
    const { bot, guild, discord, ana, general } = stage;
    const events: string[] = [];
    bot.on(Events.GuildUnavailable, () => events.push("unavailable"));
    bot.on(Events.GuildAvailable, () => events.push("available"));
    bot.on(Events.GuildDelete, () => events.push("deleted"));
    const spoken: string[] = [];
    bot.on(Events.MessageCreate, (message) => spoken.push(message.content));
    guild.goAway();
    await discord.until(() => events.includes("unavailable"));
    await ana.says(general, "nobody hears this");
    guild.comeBack();
    await discord.until(() => events.includes("available"));
    await ana.says(general, "hello again");
    await discord.until(() => spoken.length > 0);
    guild.removeBot();
    await discord.until(() => events.includes("deleted"));
    expect(events).toEqual(["unavailable", "available", "deleted"]);
    expect(spoken).toEqual(["hello again"]);
  });
});
