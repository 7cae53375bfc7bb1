import { type Channel, ChannelType, PermissionFlagsBits, type PermissionsBitField } from "discord.js";
import type { ThreadChance } from "./surroundings.ts";

/** What opening a thread mostly needs. */
export const THREAD_PERMISSION = "Create Public Threads";

const NEEDED = [
  [PermissionFlagsBits.CreatePublicThreads, THREAD_PERMISSION],
  [PermissionFlagsBits.SendMessagesInThreads, "Send Messages in Threads"],
] as const;

/** Whether a thread can be opened from a message of this channel; asking Discord in vain counts as an invalid request. */
export function threadChance(
  channel: Channel,
  permissions: Readonly<PermissionsBitField> | null,
  botId: string,
): ThreadChance {
  if (channel.isThread()) {
    const foreign = channel.ownerId !== botId && channel.parent?.isThreadOnly() !== true;
    return { possible: false, missing: [], ...(foreign ? { foreign } : {}) };
  }
  const hasThreads = channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement;
  if (!hasThreads) return { possible: false, missing: [] };
  const missing = NEEDED.filter(([bit]) => permissions !== null && !permissions.has(bit)).map(
    ([, name]) => name,
  );
  return missing.length === 0 ? { possible: true } : { possible: false, missing };
}

/**
 * A sentence when the bot could not write its answer anywhere from here, as the interaction itself tells: nothing is
 * begun that could not be shown. `thread`: whether a thread could be opened.
 */
export function speechless(
  channel: { readonly type: ChannelType; isThread(): boolean; isDMBased(): boolean },
  permissions: Readonly<PermissionsBitField>,
  thread: ThreadChance,
): string | undefined {
  if (channel.isDMBased()) return undefined;
  const speak = channel.isThread()
    ? ([PermissionFlagsBits.SendMessagesInThreads, "Send Messages in Threads"] as const)
    : ([PermissionFlagsBits.SendMessages, "Send Messages"] as const);
  const needed = [
    [PermissionFlagsBits.ViewChannel, "View Channel"] as const,
    ...(thread.possible ? [] : [speak]),
  ];
  const missing = needed.filter(([bit]) => !permissions.has(bit)).map(([, name]) => name);
  if (missing.length === 0) return undefined;
  return `I cannot answer here: I lack ${missing.join(" and ")}. An admin of this server can grant it to me, or ask me in another channel.`;
}
