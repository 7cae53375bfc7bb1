import { refuse } from "../errors.ts";
import type { Channel, ChannelKind, ForumTag, Guild, Member, Overwrite, Role, User } from "./model.ts";
import { everyonePermissions } from "./permissions.ts";
import type { World } from "./world.ts";

export function addGuild(world: World, name: string, locale: string): Guild {
  const id = world.nextId();
  const guild: Guild = {
    id,
    name,
    ownerId: world.owner.id,
    locale,
    available: true,
    roles: new Map(),
    members: new Map(),
  };
  // The role that everyone has carries the guild's id.
  guild.roles.set(id, {
    id,
    name: "@everyone",
    permissions: everyonePermissions,
    position: 0,
    mentionable: false,
    managed: false,
  });
  world.guilds.set(id, guild);
  addMember(world, guild, world.owner, []);
  return guild;
}

export function addRole(
  world: World,
  guild: Guild,
  role: {
    readonly name: string;
    readonly permissions: bigint;
    readonly mentionable?: boolean;
    readonly managed?: boolean;
    readonly botId?: string;
  },
): Role {
  const added: Role = {
    id: world.nextId(),
    name: role.name,
    permissions: role.permissions,
    position: guild.roles.size,
    mentionable: role.mentionable ?? false,
    managed: role.managed ?? false,
    ...(role.botId === undefined ? {} : { botId: role.botId }),
  };
  guild.roles.set(added.id, added);
  return added;
}

export function addMember(world: World, guild: Guild, user: User, roles: readonly Role[]): Member {
  const member: Member = {
    user,
    roleIds: new Set(roles.map((role) => role.id)),
    joinedAt: world.clock.now(),
  };
  guild.members.set(user.id, member);
  return member;
}

export interface NewChannel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly overwrites?: readonly Overwrite[];
  readonly topic?: string;
  readonly tags?: readonly ForumTag[];
  readonly requiresTag?: boolean;
}

export function addChannel(world: World, guild: Guild, channel: NewChannel): Channel {
  const added: Channel = {
    id: world.nextId(),
    kind: channel.kind,
    guildId: guild.id,
    position: world.channelsOf(guild).length,
    recipients: [],
    name: channel.name,
    ...(channel.topic === undefined ? {} : { topic: channel.topic }),
    overwrites: channel.overwrites ?? [],
    rateLimitPerUser: 0,
    tags: channel.tags ?? [],
    requiresTag: channel.requiresTag ?? false,
    messages: new Map(),
  };
  world.channels.set(added.id, added);
  world.emit({ kind: "channel-created", channel: added });
  return added;
}

/** The direct channel of the bot and `user`; the same one every time. */
export function openDirect(world: World, user: User): Channel {
  for (const channel of world.channels.values()) {
    if (channel.kind === "dm" && channel.recipients.some((person) => person.id === user.id)) return channel;
  }
  const added: Channel = {
    id: world.nextId(),
    kind: "dm",
    position: 0,
    recipients: [user, world.bot],
    name: user.displayName,
    overwrites: [],
    rateLimitPerUser: 0,
    tags: [],
    requiresTag: false,
    messages: new Map(),
  };
  world.channels.set(added.id, added);
  return added;
}

/** Deletes a channel or thread and, with a channel, its threads. */
export function deleteChannel(world: World, channel: Channel): void {
  if (!world.channels.has(channel.id)) throw refuse("unknownChannel");
  for (const other of [...world.channels.values()]) {
    if (other.parentId === channel.id) world.channels.delete(other.id);
  }
  world.channels.delete(channel.id);
  for (const message of channel.messages.values()) message.deleted = true;
  world.emit({ kind: "channel-deleted", channel });
}
