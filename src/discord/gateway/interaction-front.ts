import {
  ActionRowBuilder,
  ButtonBuilder,
  type ButtonInteraction,
  ButtonStyle,
  type ChatInputCommandInteraction,
  DiscordAPIError,
  type ModalSubmitInteraction,
  RESTJSONErrorCodes,
} from "discord.js";
import type { MessageAddress } from "../../conversation/prompt.ts";
import type { ButtonView } from "../view/message.ts";
import type { Front } from "./asking.ts";
import { confirmButtons, confirmText } from "./confirm.ts";
import { insteadOffer } from "./instead-offer.ts";
import { privately } from "./private-reply.ts";
import type { Surroundings } from "./surroundings.ts";

const LOST = "an acknowledgement was lost; the bot token goes on";

/**
 * How a command or form speaks back. When the acknowledgement is lost (Discord answers 10062 now and then, and
 * replays after a reconnect come late) the bot token posts instead, so that the prompt goes on.
 */
export function interactionFront(
  around: Surroundings,
  interaction: ChatInputCommandInteraction | ModalSubmitInteraction | ButtonInteraction,
): Front {
  return {
    refuse: (sentence) => privately(around, interaction, sentence),
    async confirm(agent, pendingId) {
      const content = confirmText(around.label(agent), agent.cluster);
      const buttons = confirmButtons(pendingId, agent.cluster);
      await question(around, interaction, { content, buttons }, "ok");
    },
    async instead(card, pending) {
      const offer = insteadOffer(around, card, pending);
      await question(around, interaction, offer, "in");
    },
    async begin(content) {
      const address =
        (await acknowledge(around, interaction, content)) ??
        (await postInstead(around, interaction, content));
      return address ? { address, ours: true } : undefined;
    },
  };
}

/** A question back to this person, with buttons; `nonce` tells kinds of questions apart. */
async function question(
  around: Surroundings,
  interaction: ChatInputCommandInteraction | ModalSubmitInteraction | ButtonInteraction,
  { content, buttons }: { readonly content: string; readonly buttons: readonly ButtonView[] },
  nonce: string,
): Promise<void> {
  try {
    const components = [rowOf(buttons)];
    await interaction.reply({ content, components, flags: "Ephemeral", allowedMentions: { parse: [] } });
  } catch (err) {
    around.log.warn({ err, interactionId: interaction.id }, LOST);
    const message = { content, buttons, nonce: `${nonce}-${interaction.id}` };
    await around.channels.post(interaction.channelId ?? "", message);
  }
}

async function acknowledge(
  around: Surroundings,
  interaction: ChatInputCommandInteraction | ModalSubmitInteraction | ButtonInteraction,
  content: string,
): Promise<MessageAddress | undefined> {
  if (interaction.replied || interaction.deferred) return undefined;
  try {
    const response = await interaction.reply({
      content,
      allowedMentions: { parse: [] },
      flags: "SuppressEmbeds",
      withResponse: true,
    });
    const message = response.resource?.message;
    return message ? { channelId: message.channelId, messageId: message.id } : undefined;
  } catch (err) {
    around.log.warn({ err, interactionId: interaction.id }, LOST);
    return isUnknown(err) ? undefined : committed(interaction);
  }
}

/** The reply that Discord took although its answer was lost: a second one would say everything twice. */
async function committed(
  interaction: ChatInputCommandInteraction | ModalSubmitInteraction | ButtonInteraction,
): Promise<MessageAddress | undefined> {
  try {
    const { channelId, id } = await interaction.webhook.fetchMessage("@original");
    return { channelId, messageId: id };
  } catch {
    return undefined;
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownInteraction;
}

function rowOf(buttons: readonly ButtonView[]): ActionRowBuilder<ButtonBuilder> {
  return new ActionRowBuilder<ButtonBuilder>().addComponents(
    buttons.map((button) =>
      new ButtonBuilder()
        .setLabel(button.label)
        .setCustomId(button.customId)
        .setStyle(button.style === "danger" ? ButtonStyle.Danger : ButtonStyle.Secondary),
    ),
  );
}

async function postInstead(
  around: Surroundings,
  interaction: ChatInputCommandInteraction | ModalSubmitInteraction | ButtonInteraction,
  content: string,
): Promise<MessageAddress | undefined> {
  const { channelId } = interaction;
  if (channelId === null) return undefined;
  const nonce = `it-${interaction.id}`;
  const messageId = await around.channels.post(channelId, { content, nonce }, "acknowledgement");
  return messageId === undefined ? undefined : { channelId, messageId };
}
