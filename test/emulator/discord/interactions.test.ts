import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  Events,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, refusal, type Stage } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ limits: { buckets: { create: { limit: 50, perMs: 5000 } } } });
  await stage.bot.application.commands.set([
    {
      name: "k8s",
      description: "Ask the Kubernetes agent",
      options: [
        { type: 3, name: "prompt", description: "What you want done", required: true },
        { type: 11, name: "file", description: "A file" },
        { type: 3, name: "cluster", description: "Where", autocomplete: true },
      ],
    },
    { type: 3, name: "Ask an agent about this" },
  ]);
});
afterEach(() => stage.close());

/** Runs `act` on the next interaction of the bot and gives what it gave. */
function next<T>(act: (interaction: Interaction) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    stage.bot.once(Events.InteractionCreate, (interaction) => act(interaction).then(resolve, reject));
  });
}

function slash(interaction: Interaction): ChatInputCommandInteraction {
  if (!interaction.isChatInputCommand()) throw new Error("not a slash command");
  return interaction;
}

function row(...buttons: ButtonBuilder[]) {
  return new ActionRowBuilder<ButtonBuilder>().addComponents(buttons);
}

const stop = new ButtonBuilder().setCustomId("stop:1").setLabel("Stop").setStyle(ButtonStyle.Danger);

describe("slash commands", () => {
  it("reach the bot with their options and show the reply", async () => {
    const { ana, general, discord } = stage;
    const replied = next(async (interaction) => {
      const command = slash(interaction);
      const response = await command.reply({
        content: `> ${command.options.getString("prompt")}`,
        withResponse: true,
      });
      return response.resource?.message?.id;
    });
    const handle = await ana.runs(general, "/k8s", {
      prompt: "why?",
      file: { name: "a.txt", content: "log" },
    });
    const response = await handle.response();
    expect(response).toMatchObject({ type: "message", isEphemeral: false, message: { content: "> why?" } });
    expect(await replied).toBe(response.message?.id);
    expect(discord.transcript(general)).toBe("#general\n↳ ana used /k8s\nkagent BOT: > why?");
  });

  it("carry attachments that can be downloaded", async () => {
    const { ana, general } = stage;
    const text = next(async (interaction) => {
      const file = slash(interaction).options.getAttachment("file");
      await slash(interaction).reply("ok");
      return (await fetch(file?.url ?? "")).text();
    });
    await ana.runs(general, "/k8s", { prompt: "why?", file: { name: "a.txt", content: "log line" } });
    expect(await text).toBe("log line");
  });

  it("cannot be sent when they are unknown, lack an option or break its rules", async () => {
    const { ana, general } = stage;
    await expect(ana.runs(general, "/nope")).rejects.toThrow("offered: /k8s");
    await expect(ana.runs(general, "/k8s")).rejects.toThrow('needs "prompt"');
    await expect(ana.runs(general, "/k8s", { prompt: "x", odd: "y" })).rejects.toThrow('no option "odd"');
    await expect(ana.runs(general, "/k8s", { prompt: 5 })).rejects.toThrow("takes a string");
  });

  it("show thinking until the deferred reply is edited, and can be edited with the bot token", async () => {
    const { ana, general, discord, channel } = stage;
    const id = next(async (interaction) => {
      await slash(interaction).deferReply();
      return (await slash(interaction).fetchReply()).id;
    });
    const handle = await ana.runs(general, "/k8s", { prompt: "x" });
    await handle.response();
    expect(discord.transcript(general)).toContain("kagent BOT: (thinking…)");
    await channel.messages.edit(await id, "done");
    expect(discord.transcript(general)).toBe("#general\n↳ ana used /k8s\nkagent BOT: done");
  });

  it("answered privately are seen by their user alone and unknown to channel routes", async () => {
    const { ana, general, discord, channel } = stage;
    const ben = discord.createPerson({ name: "ben" });
    const id = next(async (interaction) => {
      await slash(interaction).reply({ content: "only you", flags: MessageFlags.Ephemeral });
      return (await slash(interaction).fetchReply()).id;
    });
    await ana.runs(general, "/k8s", { prompt: "x" });
    expect(await refusal(channel.messages.edit(await id, "x"))).toBe(10008);
    expect(discord.transcript(general, { as: ana })).toContain(
      "kagent BOT: only you (only you can see this)",
    );
    expect(discord.transcript(general, { as: ben })).toBe("#general");
  });

  it("fail after three seconds, and a late or second answer is refused", async () => {
    const { ana, general, discord } = stage;
    const late = next(async (interaction) => {
      discord.clock.advance(3001);
      return refusal(slash(interaction).reply("late"));
    });
    const handle = await ana.runs(general, "/k8s", { prompt: "x" });
    expect(await late).toBe(10062);
    await expect(handle.response()).rejects.toThrow("did not respond");
    const twice = next(async (interaction) => {
      await slash(interaction).reply("once");
      slash(interaction).replied = false;
      return refusal(slash(interaction).reply("twice"));
    });
    await ana.runs(general, "/k8s", { prompt: "x" });
    expect(await twice).toBe(40060);
  });

  it("cannot be edited by their token after fifteen minutes", async () => {
    const { ana, general, discord } = stage;
    const code = next(async (interaction) => {
      await slash(interaction).reply("early");
      await slash(interaction).followUp("more");
      discord.clock.advance(15 * 60_000 + 1);
      return refusal(slash(interaction).editReply("late"));
    });
    await ana.runs(general, "/k8s", { prompt: "x" });
    expect(await code).toBe(50027);
    expect(discord.transcript(general)).toContain("↳ to kagent: early\nkagent BOT: more");
  });

  it("complete options while they are typed", async () => {
    const { ana, general } = stage;
    const answered = next(async (interaction) => {
      if (!interaction.isAutocomplete()) throw new Error("no autocomplete");
      await interaction.respond([{ name: `for ${interaction.options.getFocused()}`, value: "prod" }]);
    });
    expect(await ana.completes(general, "/k8s", "cluster", "pr")).toEqual([
      { name: "for pr", value: "prod" },
    ]);
    await answered;
  });

  it("work in direct messages", async () => {
    const { ana, discord } = stage;
    const answered = next(async (interaction) => slash(interaction).reply(`guild: ${interaction.guildId}`));
    await ana.runs(ana.dm(), "/k8s", { prompt: "x" });
    await answered;
    expect(discord.transcript(ana.dm())).toContain("guild: null");
  });
});

describe("components and forms", () => {
  it("are clicked by their label, and update their message", async () => {
    const { ana, general, discord, channel } = stage;
    await channel.send({ content: "running", components: [row(stop)] });
    const [message] = discord.messages(general);
    if (!message) throw new Error("no message");
    expect(discord.transcript(general)).toBe("#general\nkagent BOT: running\n  [Stop]");
    const clicked = next(async (interaction) => {
      if (!interaction.isButton()) throw new Error("no button");
      await interaction.update({
        content: "stopped",
        components: [row(new ButtonBuilder(stop.data).setDisabled(true))],
      });
      return interaction.customId;
    });
    await ana.clicks(message, "Stop");
    expect(await clicked).toBe("stop:1");
    expect(discord.transcript(general)).toBe("#general\nkagent BOT: stopped (edited)\n  [Stop (disabled)]");
    await expect(ana.clicks(message, "Stop")).rejects.toThrow("is disabled");
    await expect(ana.clicks(message, "Go")).rejects.toThrow("is not there");
  });

  it("are chosen from by label", async () => {
    const { ana, general, discord, channel } = stage;
    const menu = new StringSelectMenuBuilder()
      .setCustomId("agent")
      .setPlaceholder("Which agent?")
      .addOptions({ label: "Kubernetes", value: "k8s" }, { label: "Istio", value: "istio" });
    await channel.send({
      content: "?",
      components: [new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu)],
    });
    const [message] = discord.messages(general);
    if (!message) throw new Error("no message");
    const chosen = next(async (interaction) => {
      if (!interaction.isStringSelectMenu()) throw new Error("no select");
      await interaction.deferUpdate();
      return interaction.values;
    });
    await ana.selects(message, "Which agent?", ["Istio"]);
    expect(await chosen).toEqual(["istio"]);
    expect(discord.transcript(general)).toContain("[Which agent? ▾ Kubernetes | Istio]");
  });

  it("open forms that people fill in by label", async () => {
    const { ana, general } = stage;
    const message = await ana.says(general, "alert: CPU high");
    const opened = next(async (interaction) => {
      if (!interaction.isMessageContextMenuCommand()) throw new Error("no menu");
      const question = new TextInputBuilder().setCustomId("question").setStyle(TextInputStyle.Paragraph);
      const modal = new ModalBuilder().setCustomId("ask:1").setTitle("Ask");
      modal.addLabelComponents(new LabelBuilder().setLabel("Question").setTextInputComponent(question));
      await interaction.showModal(modal);
      return interaction.targetMessage.content;
    });
    const form = await (await ana.uses(message, "Ask an agent about this")).modal();
    expect(await opened).toBe("alert: CPU high");
    await expect(ana.submits(form, {})).rejects.toThrow("must be filled in");
    await expect(ana.submits(form, { Question: "x", Nope: "y" })).rejects.toThrow("it has: Question");
    const submitted = next(async (interaction) => {
      if (!interaction.isModalSubmit()) throw new Error("no form");
      await interaction.reply(interaction.fields.getTextInputValue("question"));
    });
    const handle = await ana.submits(form, { Question: "why?" });
    expect((await handle.response()).message?.content).toBe("why?");
    await submitted;
  });

  it("are refused beyond Discord's limits", async () => {
    const { channel, bot } = stage;
    const twin = { type: 2, style: 1, custom_id: "same", label: "x" };
    const post = (components: unknown) =>
      bot.rest.post(`/channels/${channel.id}/messages`, { body: { content: "x", components } });
    const rows = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ type: 1, components: [{ ...twin, custom_id: `${n}` }] }));
    expect(await refusal(post([{ type: 1, components: [twin, twin] }]))).toBe(50035);
    expect(await refusal(post(rows(6)))).toBe(50035);
    expect(await refusal(post([{ type: 1, components: [{ ...twin, label: undefined }] }]))).toBe(50035);
    expect(await refusal(post([{ type: 1, components: [{ ...twin, custom_id: "c".repeat(101) }] }]))).toBe(
      50035,
    );
    expect(await refusal(post([{ type: 10, content: "v2 without its flag" }]))).toBe(50035);
    expect(await refusal(post(rows(5)))).toBe("accepted");
  });
});
