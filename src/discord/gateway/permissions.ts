import { ChannelType, PermissionFlagsBits, type PermissionsBitField } from "discord.js";
import type { ThreadChance } from "./surroundings.ts";

const NEEDED = [
  [PermissionFlagsBits.CreatePublicThreads, "Create Public Threads"],
  [PermissionFlagsBits.SendMessagesInThreads, "Send Messages in Threads"],
] as const;

/** Whether a thread can be opened from a message of this channel; asking Discord in vain counts as an invalid request. */
export function threadChance(
  channel: { readonly type: ChannelType },
  permissions: Readonly<PermissionsBitField> | null,
): ThreadChance {
  const hasThreads = channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement;
  if (!hasThreads) return { possible: false, missing: [] };
  const missing = NEEDED.filter(([bit]) => permissions !== null && !permissions.has(bit)).map(
    ([, name]) => name,
  );
  return missing.length === 0 ? { possible: true } : { possible: false, missing };
}
