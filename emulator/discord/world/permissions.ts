import { type Channel, channelTypes, type Guild, isThread, type User } from "./model.ts";
import type { World } from "./world.ts";

/** Permission bits: https://docs.discord.com/developers/topics/permissions */
export const permissionBits = {
  KICK_MEMBERS: 1n << 1n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  ADD_REACTIONS: 1n << 6n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  USE_EXTERNAL_EMOJIS: 1n << 18n,
  CONNECT: 1n << 20n,
  MANAGE_ROLES: 1n << 28n,
  MANAGE_WEBHOOKS: 1n << 29n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  CREATE_PRIVATE_THREADS: 1n << 36n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
} as const;
export type PermissionName = keyof typeof permissionBits;

const allPermissions = (1n << 53n) - 1n;

export function toBits(names: readonly PermissionName[]): bigint {
  return names.reduce((bits, name) => bits | permissionBits[name], 0n);
}

/** What the product's invite link asks for: see, send, threads, embeds, files, history, reactions. */
export const recommendedPermissions = 309_237_763_136n;

/** What a new guild's @everyone may do. */
export const everyonePermissions = toBits([
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "SEND_MESSAGES_IN_THREADS",
  "CREATE_PUBLIC_THREADS",
  "READ_MESSAGE_HISTORY",
  "ATTACH_FILES",
  "EMBED_LINKS",
  "ADD_REACTIONS",
  "USE_APPLICATION_COMMANDS",
]);

const inDirectMessages = toBits([
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "READ_MESSAGE_HISTORY",
  "ATTACH_FILES",
  "EMBED_LINKS",
  "ADD_REACTIONS",
  "USE_APPLICATION_COMMANDS",
]);

/** What `user` may do in the guild, before any channel changes it. */
export function guildPermissions(guild: Guild, user: User): bigint {
  const member = guild.members.get(user.id);
  if (!member) return 0n;
  if (guild.ownerId === user.id) return allPermissions;
  let bits = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roleIds) bits |= guild.roles.get(id)?.permissions ?? 0n;
  return bits & permissionBits.ADMINISTRATOR ? allPermissions : bits;
}

/** What `user` may do in `channel`; a thread has the permissions of its parent. */
export function permissionsIn(world: World, channel: Channel, user: User): bigint {
  if (channel.kind === "dm") {
    return channel.recipients.some((person) => person.id === user.id) ? inDirectMessages : 0n;
  }
  const guild = world.guildOf(channel);
  if (!guild) return 0n;
  const base = guildPermissions(guild, user);
  if (base === allPermissions || base === 0n) return base;
  const ruling = isThread(channel) ? (world.parentOf(channel) ?? channel) : channel;
  const bits = withOverwrites(base, guild, ruling, user);
  return bits & permissionBits.VIEW_CHANNEL ? bits : 0n;
}

function withOverwrites(base: bigint, guild: Guild, channel: Channel, user: User): bigint {
  const roles = guild.members.get(user.id)?.roleIds ?? new Set<string>();
  let bits = base;
  const apply = (allow: bigint, deny: bigint) => {
    bits = (bits & ~deny) | allow;
  };
  const everyone = channel.overwrites.find((entry) => entry.id === guild.id);
  if (everyone) apply(everyone.allow, everyone.deny);
  const ofRoles = channel.overwrites.filter((entry) => entry.kind === "role" && roles.has(entry.id));
  const any = (pick: "allow" | "deny") => ofRoles.reduce((sum, entry) => sum | entry[pick], 0n);
  apply(any("allow"), any("deny"));
  const own = channel.overwrites.find((entry) => entry.id === user.id);
  if (own) apply(own.allow, own.deny);
  return bits;
}

export function may(world: World, channel: Channel, user: User, permission: PermissionName): boolean {
  return (permissionsIn(world, channel, user) & permissionBits[permission]) !== 0n;
}

/** Sees the channel: a private thread is also hidden from those who were not added. */
export function sees(world: World, channel: Channel, user: User): boolean {
  if (!may(world, channel, user, "VIEW_CHANNEL")) return false;
  if (channel.kind !== "private-thread") return true;
  return channel.thread?.memberIds.has(user.id) === true || may(world, channel, user, "MANAGE_THREADS");
}

/** The permission that writing here needs. */
export function sendPermission(channel: Channel): PermissionName {
  return isThread(channel) ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES";
}

/** True where messages can be posted directly: everywhere but forums, media channels and categories. */
export function holdsMessages(channel: Channel): boolean {
  const type = channelTypes[channel.kind];
  return type !== channelTypes.forum && type !== channelTypes.media && type !== channelTypes.category;
}
