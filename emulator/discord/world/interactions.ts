import { refuse } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Written } from "../rules/message.ts";
import { userJson } from "../wire/user.ts";
import { type Interaction, type InteractionKind, interactionTypes, type OpenModal } from "./interaction.ts";
import { readAllowedMentions } from "./mentions.ts";
import { createMessage } from "./messages.ts";
import { type Channel, type Message, messageFlags, type Reference, type User } from "./model.ts";
import type { World } from "./world.ts";

/** An unanswered interaction fails after this. */
const ANSWER_MS = 3000;
/** An answered one can be used so long. Source: https://docs.discord.com/developers/interactions/receiving-and-responding */
export const TOKEN_MS = 15 * 60_000;

const SLASH_REPLY = 20;
const MENU_REPLY = 23;
const REPLY = 19;

export interface NewInteraction {
  readonly kind: InteractionKind;
  readonly user: User;
  readonly channel: Channel;
  readonly data: JsonObject;
  readonly commandName?: string;
  readonly commandType?: number;
  readonly source?: Message;
}

/** Sends an interaction to the bot and gives it three seconds. */
export function startInteraction(world: World, wanted: NewInteraction): Interaction {
  const interaction: Interaction = {
    ...wanted,
    id: world.nextId(),
    token: world.newToken(),
    createdAt: world.clock.now(),
    failed: false,
    ephemeral: false,
    followups: [],
  };
  world.interactions.set(interaction.token, interaction);
  world.clock.after(ANSWER_MS, () => {
    if (interaction.callback !== undefined) return;
    interaction.failed = true;
    world.emit({ kind: "interaction-answered", interaction });
  });
  world.emit({ kind: "interaction", interaction });
  return interaction;
}

/** Marks it as answered. Throws 40060 the second time and 10062 when it is too late. */
export function acknowledge(world: World, interaction: Interaction, callback: number): void {
  if (interaction.callback !== undefined) throw refuse("alreadyAcknowledged");
  const isLate = world.clock.now() - interaction.createdAt > ANSWER_MS;
  if (interaction.failed || isLate) throw refuse("unknownInteraction");
  interaction.callback = callback;
  interaction.acknowledgedAt = world.clock.now();
}

/** The reply message of an interaction, or one of its follow-ups. */
export function createReply(
  world: World,
  interaction: Interaction,
  written: Written,
  how: { readonly isLoading?: boolean; readonly replyTo?: Message },
): Message {
  const isEphemeral = (written.flags & messageFlags.ephemeral) !== 0;
  const { kind, commandType, channel, user } = interaction;
  const isCommand = kind === "command";
  const menuOrSlash = commandType === 1 ? SLASH_REPLY : MENU_REPLY;
  return createMessage(world, channel, {
    ...written,
    author: world.bot,
    flags: written.flags | (how.isLoading ? messageFlags.loading : 0),
    type: how.replyTo ? REPLY : isCommand ? menuOrSlash : 0,
    webhookId: world.applicationId,
    applicationId: world.applicationId,
    ...(how.replyTo ? { reference: referenceTo(how.replyTo) } : {}),
    ...(isCommand && !how.replyTo ? { interaction: named(interaction) } : {}),
    interactionMetadata: metadata(interaction),
    ...(isEphemeral ? { ephemeralFor: user.id } : {}),
  });
}

/** The empty message that a deferred reply shows. */
export function createLoadingReply(world: World, interaction: Interaction, flags: number): Message {
  const nothing = { content: "", embeds: [], components: [], attachments: [] };
  const allowed = readAllowedMentions({ parse: [] }, "webhook");
  return createReply(world, interaction, { ...nothing, flags, allowed }, { isLoading: true });
}

export function openModal(interaction: Interaction, modal: Omit<OpenModal, "interaction">): void {
  interaction.modal = { interaction, ...modal };
}

function named(interaction: Interaction) {
  return {
    id: interaction.id,
    type: interactionTypes[interaction.kind],
    user: interaction.user,
    ...(interaction.commandName === undefined ? {} : { name: interaction.commandName }),
  };
}

function metadata(interaction: Interaction): JsonObject {
  const { kind, source, commandName, channel, user } = interaction;
  return {
    id: interaction.id,
    type: interactionTypes[kind],
    user: userJson(user),
    authorizing_integration_owners: { "0": channel.guildId ?? "0" },
    ...(kind === "command" ? { name: commandName ?? "", command_type: interaction.commandType ?? 1 } : {}),
    ...(kind === "component" ? { interacted_message_id: source?.id ?? interaction.id } : {}),
    ...(kind === "modal" ? { triggering_interaction_metadata: triggering(interaction) } : {}),
  };
}

/** What opened the modal, as metadata of a modal's reply must say. */
function triggering(interaction: Interaction): JsonObject {
  return {
    id: interaction.id,
    type: interactionTypes.command,
    user: userJson(interaction.user),
    authorizing_integration_owners: { "0": interaction.channel.guildId ?? "0" },
    name: "",
  };
}

function referenceTo(message: Message): Reference {
  const guild = message.guildId === undefined ? {} : { guildId: message.guildId };
  return { kind: "reply", channelId: message.channelId, messageId: message.id, ...guild };
}
