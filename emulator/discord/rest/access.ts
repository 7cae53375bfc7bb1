import { type ApiError, refuse } from "../errors.ts";
import { type Channel, type Guild, isThread, type Message } from "../world/model.ts";
import { holdsMessages, may, type PermissionName, sees, sendPermission } from "../world/permissions.ts";
import { type Call, param } from "./call.ts";

/** The channel of the path as the bot may reach it. Throws 10003 or 50001. */
export function channelOf(call: Call, name = "channel_id"): Channel {
  const channel = call.world.channels.get(param(call, name));
  if (!channel) throw refuse("unknownChannel");
  if (!sees(call.world, channel, call.world.bot)) throw refuse("missingAccess");
  return channel;
}

/** Throws 50013 when the bot lacks one of the permissions. */
export function need(call: Call, channel: Channel, ...permissions: readonly PermissionName[]): void {
  const lacking = permissions.some((permission) => !may(call.world, channel, call.world.bot, permission));
  if (lacking) throw refuse("missingPermissions");
}

/** The message of the path. Ephemeral ones are unknown to channel routes. Throws 10008 or 50013. */
export function messageOf(call: Call, channel: Channel): Message {
  const message = channel.messages.get(param(call, "message_id"));
  if (!message || message.ephemeralFor !== undefined) throw refuse("unknownMessage");
  return message;
}

export function guildOf(call: Call): Guild {
  const guild = call.world.guilds.get(param(call, "guild_id"));
  if (!guild) throw refuse("unknownGuild");
  if (!guild.members.has(call.world.bot.id)) throw refuse("missingAccess");
  return guild;
}

/** Throws what Discord answers when the bot cannot write in `channel`. */
export function needToSend(call: Call, channel: Channel): void {
  if (!holdsMessages(channel)) throw refuse("notTextChannel");
  need(call, channel, sendPermission(channel));
  const refusal = lockRefusal(call, channel);
  if (refusal) throw refusal;
  const stranger = channel.kind === "dm" && channel.recipients.some((person) => !person.acceptsDms);
  if (stranger) throw refuse("cannotDm");
}

function lockRefusal(call: Call, channel: Channel): ApiError | undefined {
  if (!isThread(channel) || !channel.thread.locked) return undefined;
  return may(call.world, channel, call.world.bot, "MANAGE_THREADS") ? undefined : refuse("lockedThread");
}
