import type {
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  Interaction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  StringSelectMenuInteraction,
} from "discord.js";
import type { Actor } from "../../conversation/place.ts";
import type { MessageCommand } from "../command.ts";
import { openAbout, submitAbout } from "./about.ts";
import type { Asking } from "./asking.ts";
import { clickButton } from "./buttons.ts";
import type { CatchUp } from "./catch-up.ts";
import { chatContext } from "./chat-context.ts";
import { completions } from "./completion.ts";
import { decidingClick } from "./deciding.ts";
import { actorOfInteraction } from "./event.ts";
import { happeningOf } from "./handling.ts";
import { privately } from "./private-reply.ts";
import { mayUseHere, sentenceFor } from "./refusal.ts";
import type { Surroundings } from "./surroundings.ts";

/** A day: longer than Discord replays anything. */
const SEEN_TTL_MS = 24 * 60 * 60 * 1000;

/** Routes every kind of interaction. An interaction that was delivered twice runs once. */
export function createInteractions(
  around: Surroundings,
  asking: Asking,
  form: MessageCommand["form"],
  catchUp?: Pick<CatchUp, "click">,
) {
  async function chat(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = around.commands.find((one) => one.name === interaction.commandName);
    if (!command) {
      return privately(
        around,
        interaction,
        "I do not know this command any more. Discord will forget it within an hour.",
      );
    }
    const context = await chatContext(around, asking, interaction);
    if (command.reply === "public") return command.run(context);
    await interaction
      .deferReply({ flags: "Ephemeral" })
      .catch((err: unknown) => around.log.warn({ err }, "an acknowledgement was lost"));
    const decision = await mayUseHere(around, context.actor, context.place);
    if (!decision.allowed) return privately(around, interaction, decision.sentence);
    await command.run(context);
  }

  async function complete(interaction: AutocompleteInteraction): Promise<void> {
    const { name, value } = interaction.options.getFocused(true);
    const actor = actorOfInteraction(interaction);
    const command = around.commands.find((one) => one.name === interaction.commandName);
    if (!(await isServed(actor, interaction))) return interaction.respond([]);
    const names = await completions(around, actor, command?.options[name]?.complete, value);
    await interaction.respond(names.map((one) => ({ name: one, value: one })));
  }

  /** Names of agents stay within the boundary too; the channel is left to the question itself. */
  async function isServed(actor: Actor, { guildId, channelId }: AutocompleteInteraction): Promise<boolean> {
    const place = guildId === null ? { kind: "direct" as const } : { kind: "channel" as const, guildId };
    const everywhere = { ...around, access: { ...around.access, channelIds: [] } };
    return (await mayUseHere(everywhere, actor, { ...place, channelId })).allowed;
  }

  async function handle(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) return complete(interaction);
    const { handling } = around;
    const work = () => handleOnce(interaction);
    return handling ? handling.handle(happeningOf(interaction), work) : work();
  }

  async function handleOnce(interaction: Exclude<Interaction, AutocompleteInteraction>): Promise<void> {
    try {
      if (!(await around.seen.claim(`interaction/${interaction.id}`, true, SEEN_TTL_MS))) return;
      await route(interaction);
    } catch (error) {
      if (!interaction.isRepliable()) throw error;
      await privately(around, interaction, sentenceFor(around, error));
    }
  }

  async function route(interaction: Interaction): Promise<void> {
    if (interaction.isChatInputCommand()) return chat(interaction);
    if (interaction.isMessageContextMenuCommand()) return about(interaction);
    if (interaction.isStringSelectMenu())
      return decidingClick(around, asking, interaction) ?? nothing(interaction);
    if (interaction.isButton())
      return decidingClick(around, asking, interaction) ?? catchUp?.click(interaction) ?? button(interaction);
    if (interaction.isModalSubmit()) return decidingClick(around, asking, interaction) ?? submit(interaction);
  }

  const nothing = (interaction: StringSelectMenuInteraction) =>
    privately(around, interaction, "This does nothing any more.");
  const about = (interaction: MessageContextMenuCommandInteraction) => openAbout(around, form, interaction);
  const button = (interaction: ButtonInteraction) => clickButton(around, asking, interaction);
  const submit = (interaction: ModalSubmitInteraction) => submitAbout(around, asking, interaction);

  return { handle };
}
