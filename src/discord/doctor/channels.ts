import { findings } from "../../conversation/finding.ts";
import type { Finding } from "../../conversation/ports.ts";
import type { Membership } from "../permissions.ts";
import { DiscordTrouble, type DoctorApi } from "./api.ts";
import { type GuildName, lookAtPermissions } from "./guilds.ts";
import { type ChannelFacts, readChannelFacts } from "./shapes.ts";

/** Whose channels are told of. */
export interface ChannelScope {
  readonly served: readonly GuildName[];
  readonly onlyGuild: string | undefined;
}

const check = findings("Discord channels");
/** Text, announcements, forum, media, and the threads of these: https://docs.discord.com/developers/resources/channel */
const WITH_MESSAGES: readonly number[] = [0, 5, 10, 11, 12, 15, 16];
const UNKNOWN_CHANNEL = 10003;

/** Whether a configured channel is there, in a served guild, and what the bot may do in it. */
export async function lookAtChannel(
  api: DoctorApi,
  id: string,
  members: readonly Membership[],
  { served, onlyGuild }: ChannelScope,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const read = (channelId: string) => api.get(`/channels/${channelId}`, signal).then(readChannelFacts);
  try {
    const channel = await read(id);
    if (onlyGuild !== undefined && channel.guild_id !== onlyGuild) return [];
    const name = `#${channel.name ?? id}`;
    const member = members.find(({ guildId }) => guildId === channel.guild_id);
    if (!member) return served.length === 0 ? [] : [notServed(name)];
    if (!WITH_MESSAGES.includes(channel.type)) return [noMessages(name)];
    const ruling: ChannelFacts = isThread(channel) ? await read(channel.parent_id ?? id) : channel;
    return lookAtPermissions(member, `in ${name}`, ruling.permission_overwrites);
  } catch (error) {
    // Whose channel it is cannot be told.
    return onlyGuild === undefined ? [unreadable(id, error)] : [];
  }
}

function isThread({ type }: ChannelFacts): boolean {
  return type >= 10 && type <= 12;
}

function notServed(name: string): Finding {
  return check.problem(
    `${name} is in a server that is not served.`,
    "Correct the id, or add the server to DISCORD_GUILD_IDS.",
  );
}

function noMessages(name: string): Finding {
  return check.problem(
    `${name} holds no messages that the bot could answer.`,
    "Name a text channel, a forum or a thread instead.",
  );
}

function unreadable(id: string, error: unknown): Finding {
  const trouble = error instanceof DiscordTrouble ? error : undefined;
  if (trouble?.code === UNKNOWN_CHANNEL)
    return check.problem(`There is no channel ${id}.`, "Correct the id in the configuration.");
  if (trouble?.status === 403)
    return check.problem(
      `The bot cannot see channel ${id}.`,
      "Edit the channel, Permissions, and add the bot or its role with View Channel.",
    );
  return check.problem(`Discord does not tell anything of channel ${id}.`, "Try again in a minute.");
}
