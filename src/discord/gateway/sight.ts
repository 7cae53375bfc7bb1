import { type BaseInteraction, type Channel, ChannelType, type Client } from "discord.js";

/** What people read who use the bot where it cannot look. */
export const UNSEEN_CHANNEL =
  "I cannot see this channel. Somebody who manages it can add me, or ask me in another channel.";

/**
 * The channel of an interaction; undefined where Discord does not show it to the bot. Commands also come from private
 * threads that the bot was not added to, and every message there would be refused: only Discord knows who was added.
 */
export async function channelOf({
  channel,
  channelId,
  client,
}: Pick<BaseInteraction, "channel" | "channelId" | "client">): Promise<Channel | undefined> {
  if (channel && channel.type !== ChannelType.PrivateThread) return channel;
  if (channelId === null) return undefined;
  return (await client.channels.fetch(channelId, { force: true }).catch(() => null)) ?? undefined;
}

/** Whether a thread is locked, as the gateway last said; undefined where it said nothing of it. */
export function knownLock({ channels }: Pick<Client, "channels">, threadId: string): boolean | undefined {
  const channel = channels.cache.get(threadId);
  return channel?.isThread() ? (channel.locked ?? undefined) : undefined;
}
