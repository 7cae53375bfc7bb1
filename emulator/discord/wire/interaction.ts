import type { JsonObject } from "../json.ts";
import { MOST_FILE_BYTES } from "../rules/attachments.ts";
import { type Interaction, interactionTypes } from "../world/interaction.ts";
import { permissionsIn } from "../world/permissions.ts";
import type { World } from "../world/world.ts";
import { channelJson } from "./channel.ts";
import { type MessageView, messageJson } from "./message.ts";
import { interactionMemberJson, userJson } from "./user.ts";

/** The payload of INTERACTION_CREATE. */
export function interactionJson(view: MessageView, interaction: Interaction): JsonObject {
  const { world } = view;
  const { channel, user, source } = interaction;
  const guild = world.guildOf(channel);
  return {
    id: interaction.id,
    application_id: world.applicationId,
    type: interactionTypes[interaction.kind],
    token: interaction.token,
    version: 1,
    data: interaction.data,
    channel_id: channel.id,
    channel: {
      ...channelJson(channel, world.bot),
      permissions: permissionsIn(world, channel, user).toString(),
    },
    ...who(world, interaction),
    ...(guild ? { guild_id: guild.id, guild: { id: guild.id, locale: guild.locale, features: [] } } : {}),
    ...(guild ? { guild_locale: guild.locale } : {}),
    app_permissions: permissionsIn(world, channel, world.bot).toString(),
    locale: user.locale,
    entitlements: [],
    authorizing_integration_owners: { "0": guild?.id ?? "0" },
    context: guild ? 0 : 1,
    attachment_size_limit: MOST_FILE_BYTES,
    ...(source ? { message: messageJson({ ...view, contentGranted: true }, channel, source) } : {}),
  };
}

function who(world: World, interaction: Interaction): JsonObject {
  const member = world.guildOf(interaction.channel)?.members.get(interaction.user.id);
  if (!member) return { user: userJson(interaction.user) };
  const permissions = permissionsIn(world, interaction.channel, interaction.user);
  return { member: interactionMemberJson(member, permissions) };
}
