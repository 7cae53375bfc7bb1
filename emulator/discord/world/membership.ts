import { addMember, addRole } from "./guilds.ts";
import type { Guild } from "./model.ts";
import type { World } from "./world.ts";

/** Invites the bot with `permissions`; Discord gives it a managed role that holds them. */
export function addBot(world: World, guild: Guild, permissions: bigint): void {
  const { id: botId, displayName: name } = world.bot;
  const role = addRole(world, guild, { name, permissions, managed: true, botId });
  addMember(world, guild, world.bot, [role]);
  world.emit({ kind: "guild-joined", guild });
}

/** An outage of one guild begins or ends: the bot stays a member. */
export function setAvailable(world: World, guild: Guild, available: boolean): void {
  if (guild.available === available) return;
  guild.available = available;
  if (guild.members.has(world.bot.id)) {
    world.emit({ kind: available ? "guild-joined" : "guild-unavailable", guild });
  }
}

export function removeBot(world: World, guild: Guild): void {
  if (!guild.members.delete(world.bot.id)) return;
  world.emit({ kind: "guild-left", guild });
}
