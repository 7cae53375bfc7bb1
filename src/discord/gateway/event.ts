import {
  type Attachment,
  type BaseInteraction,
  type Channel,
  GuildMember,
  type Message,
  PermissionFlagsBits,
} from "discord.js";
import type { Actor, Place } from "../../conversation/place.ts";
import type { Decider } from "../../conversation/policy.ts";
import type { PromptFile } from "../../conversation/prompt.ts";

/** Who sent a message, with the roles that the event itself carried. */
export function actorOfMessage(message: Message): Actor {
  return {
    id: message.author.id,
    name: message.member?.displayName ?? message.author.displayName,
    roleIds: message.member ? [...message.member.roles.cache.keys()] : [],
    bot: message.author.bot,
    manager: message.member?.permissions.has(PermissionFlagsBits.ManageGuild) ?? false,
  };
}

/** Who clicked or typed a command, with the roles and permissions that the interaction itself carried. */
export function actorOfInteraction(interaction: BaseInteraction): Actor {
  const { member } = interaction;
  const roles = member instanceof GuildMember ? [...member.roles.cache.keys()] : (member?.roles ?? []);
  return {
    id: interaction.user.id,
    name: member instanceof GuildMember ? member.displayName : interaction.user.displayName,
    roleIds: roles,
    bot: interaction.user.bot,
    manager: interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false,
  };
}

/** Who wants to decide, and from which server: as the interaction itself says. */
export function deciderOf(interaction: BaseInteraction): Decider {
  const { guildId } = interaction;
  return { actor: actorOfInteraction(interaction), ...(guildId === null ? {} : { guildId }) };
}

/** Where something happened, from the channel that the event names. */
export function placeOf(channel: Channel): Place {
  if (channel.isDMBased()) return { kind: "direct", channelId: channel.id };
  if (channel.isThread()) {
    return {
      kind: "thread",
      guildId: channel.guildId,
      channelId: channel.id,
      ...(channel.parentId === null ? {} : { parentId: channel.parentId }),
    };
  }
  return { kind: "channel", guildId: channel.guildId, channelId: channel.id };
}

/** A place's ids from the most special to the most general: thread, then its channel. */
export function channelIdsOf(place: Place): readonly string[] {
  return place.parentId === undefined ? [place.channelId] : [place.channelId, place.parentId];
}

/** An attachment as a file to download later. */
export function fileOf(attachment: Attachment): PromptFile {
  return {
    name: attachment.name,
    mediaType: attachment.contentType ?? "application/octet-stream",
    size: attachment.size,
    url: attachment.url,
  };
}
