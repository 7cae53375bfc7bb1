import type { JsonObject } from "../json.ts";
import type { Guild, Member, Role, User } from "../world/model.ts";
import { guildPermissions } from "../world/permissions.ts";

export function userJson(user: User): JsonObject {
  return {
    id: user.id,
    username: user.username,
    global_name: user.bot ? null : user.displayName,
    discriminator: user.bot ? "0000" : "0",
    avatar: null,
    avatar_decoration_data: null,
    banner: null,
    accent_color: null,
    public_flags: 0,
    flags: 0,
    primary_guild: null,
    ...(user.bot ? { bot: true } : {}),
  };
}

/** The bot's own account as `GET /users/@me` shows it. */
export function ownUserJson(user: User): JsonObject {
  return { ...userJson(user), mfa_enabled: true, locale: user.locale, verified: true, email: null };
}

/** A member without its user, as message events carry it. */
export function bareMemberJson(member: Member): JsonObject {
  return {
    roles: [...member.roleIds],
    joined_at: new Date(member.joinedAt).toISOString(),
    nick: null,
    avatar: null,
    banner: null,
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    deaf: false,
    mute: false,
    flags: 0,
  };
}

export function memberJson(member: Member): JsonObject {
  return { ...bareMemberJson(member), user: userJson(member.user) };
}

/** The member of an interaction, with the permissions that this person has there. */
export function interactionMemberJson(member: Member, permissions: bigint): JsonObject {
  return { ...memberJson(member), permissions: permissions.toString() };
}

export function roleJson(role: Role): JsonObject {
  return {
    id: role.id,
    name: role.name,
    description: null,
    permissions: role.permissions.toString(),
    position: role.position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: role.managed,
    mentionable: role.mentionable,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(role.botId === undefined ? {} : { tags: { bot_id: role.botId } }),
  };
}

/** The guilds of the bot as `GET /users/@me/guilds` lists them. */
export function ownGuildJson(guild: Guild, bot: User): JsonObject {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    banner: null,
    owner: guild.ownerId === bot.id,
    permissions: guildPermissions(guild, bot).toString(),
    features: [],
  };
}
