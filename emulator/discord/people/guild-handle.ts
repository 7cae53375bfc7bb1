import { addChannel, addMember, addRole, deleteChannel } from "../world/guilds.ts";
import { addBot, removeBot, setAvailable } from "../world/membership.ts";
import { deleteMessage } from "../world/messages.ts";
import {
  type Channel,
  type ChannelKind,
  type Guild,
  isThread,
  type Member,
  type Message,
  type Overwrite,
  type Role,
} from "../world/model.ts";
import { type PermissionName, recommendedPermissions, toBits } from "../world/permissions.ts";
import { editThread } from "../world/threads.ts";
import type { World } from "../world/world.ts";
import type { Person } from "./person.ts";

/** Gives or takes permissions in a channel. */
export interface PermissionChange {
  readonly for: "everyone" | "bot" | Role | Person;
  readonly allow?: readonly PermissionName[];
  readonly deny?: readonly PermissionName[];
}

export interface ChannelOptions {
  readonly name: string;
  /** Default "text". */
  readonly kind?: Exclude<ChannelKind, "dm" | "public-thread" | "private-thread">;
  readonly permissions?: readonly PermissionChange[];
  readonly topic?: string;
  /** Tags of a forum. */
  readonly tags?: readonly string[];
  readonly requiresTag?: boolean;
}

/** What an administrator of a guild can do. */
export class GuildHandle {
  readonly guild: Guild;
  readonly id: string;
  readonly name: string;
  readonly #world: World;

  constructor(world: World, guild: Guild) {
    this.#world = world;
    this.guild = guild;
    this.id = guild.id;
    this.name = guild.name;
  }

  createChannel(options: ChannelOptions): Channel {
    const { permissions, tags, kind, ...rest } = options;
    return addChannel(this.#world, this.guild, {
      ...rest,
      kind: kind ?? "text",
      overwrites: (permissions ?? []).map((change) => this.#overwrite(change)),
      tags: (tags ?? []).map((name) => ({ id: this.#world.nextId(), name })),
    });
  }

  createRole(role: {
    readonly name: string;
    readonly permissions?: readonly PermissionName[];
    readonly mentionable?: boolean;
  }): Role {
    const added = addRole(this.#world, this.guild, {
      name: role.name,
      permissions: toBits(role.permissions ?? []),
      mentionable: role.mentionable ?? false,
    });
    this.#world.emit({ kind: "guild-edited", guild: this.guild });
    return added;
  }

  /** Replaces the permission changes of a channel. */
  setPermissions(channel: Channel, changes: readonly PermissionChange[]): void {
    channel.overwrites = changes.map((change) => this.#overwrite(change));
    this.#world.emit({ kind: "channel-edited", channel });
  }

  addMember(person: Person, roles: readonly Role[] = []): void {
    addMember(this.#world, this.guild, person.user, roles);
  }

  giveRole(person: Person, role: Role): void {
    this.#member(person).roleIds.add(role.id);
  }

  takeRole(person: Person, role: Role): void {
    this.#member(person).roleIds.delete(role.id);
  }

  /** The person has these roles and no others; interactions from now on say so. */
  setRoles(person: Person, roles: readonly Role[]): void {
    const { roleIds } = this.#member(person);
    roleIds.clear();
    for (const role of roles) roleIds.add(role.id);
  }

  removeMember(person: Person): void {
    this.guild.members.delete(person.id);
  }

  /** Invites the bot; default with the permissions of the product's invite link. */
  addBot(permissions: bigint = recommendedPermissions): void {
    addBot(this.#world, this.guild, permissions);
  }

  /** An outage: the bot stays a member, but Discord tells nothing of this guild until `comeBack`. */
  goAway(): void {
    setAvailable(this.#world, this.guild, false);
  }

  comeBack(): void {
    setAvailable(this.#world, this.guild, true);
  }

  /** Takes the bot out for good. */
  removeBot(): void {
    removeBot(this.#world, this.guild);
  }

  /** Deletes a channel with its threads, or one thread. */
  deleteChannel(channel: Channel): void {
    deleteChannel(this.#world, channel);
  }

  deleteMessage(message: Message): void {
    const channel = this.#world.channels.get(message.channelId);
    if (channel) deleteMessage(this.#world, channel, message);
  }

  /** Archives, reopens, locks or unlocks a thread, as a moderator or Discord itself. */
  changeThread(thread: Channel, change: { readonly archived?: boolean; readonly locked?: boolean }): void {
    if (!isThread(thread)) throw new Error(`${thread.name} is not a thread`);
    editThread(this.#world, thread, change);
  }

  #member(person: Person): Member {
    const member = this.guild.members.get(person.id);
    if (!member) throw new Error(`${person.name} is not in ${this.name}`);
    return member;
  }

  #overwrite(change: PermissionChange): Overwrite {
    const bits = { allow: toBits(change.allow ?? []), deny: toBits(change.deny ?? []) };
    if (change.for === "everyone") return { id: this.guild.id, kind: "role", ...bits };
    if (change.for === "bot") return { id: this.#world.bot.id, kind: "member", ...bits };
    return { id: change.for.id, kind: "user" in change.for ? "member" : "role", ...bits };
  }
}
