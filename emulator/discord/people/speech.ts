import type { Channel } from "../world/model.ts";
import type { World } from "../world/world.ts";

interface Named {
  readonly name: string;
  readonly mention: string;
}

/** Turns `@ana`, `@bot`, `@sre` and `#general`, as people type them, into Discord's mentions. */
export function toWireText(world: World, channel: Channel, text: string): string {
  const named = namesAround(world, channel).sort((a, b) => b.name.length - a.name.length);
  return named.reduce((spoken, { name, mention }) => {
    const typed = new RegExp(`(?<![\\w@#<])${escapePattern(name)}(?![\\w-])`, "giu");
    return spoken.replace(typed, mention);
  }, text);
}

/** Shows mentions as people read them: `@ana`, `@sre`, `#general`. */
export function toPlainText(world: World, text: string): string {
  const role = (id: string) => [...world.guilds.values()].flatMap((guild) => guild.roles.get(id) ?? [])[0];
  return text
    .replace(/<@!?(\d+)>/g, (whole, id: string) => prefixed("@", world.users.get(id)?.displayName) ?? whole)
    .replace(/<@&(\d+)>/g, (whole, id: string) => prefixed("@", role(id)?.name) ?? whole)
    .replace(/<#(\d+)>/g, (whole, id: string) => prefixed("#", world.channels.get(id)?.name) ?? whole)
    .replace(/<\/([^:>]+):\d+>/g, "/$1");
}

function prefixed(sign: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${sign}${name}`;
}

function namesAround(world: World, channel: Channel): Named[] {
  const guild = world.guildOf(channel);
  const users = guild ? [...guild.members.values()].map((member) => member.user) : channel.recipients;
  const roles = guild ? [...guild.roles.values()].filter((role) => role.id !== guild.id) : [];
  const channels = guild ? world.channelsOf(guild) : [];
  return [
    { name: "@bot", mention: `<@${world.bot.id}>` },
    ...users.flatMap((user) => [
      { name: `@${user.displayName}`, mention: `<@${user.id}>` },
      { name: `@${user.username}`, mention: `<@${user.id}>` },
    ]),
    ...roles
      .filter((role) => !role.managed)
      .map((role) => ({ name: `@${role.name}`, mention: `<@&${role.id}>` })),
    ...channels
      .filter((other) => other.kind !== "public-thread")
      .map((other) => ({
        name: `#${other.name}`,
        mention: `<#${other.id}>`,
      })),
  ];
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
