import { type Channel, type Client, Message, PermissionFlagsBits } from "discord.js";
import type { History, RawMessage } from "../rest/history.ts";

/** A channel whose messages can be read. */
export type Readable = Extract<Channel, { readonly messages: unknown }>;

/** The messages of places that the bot was not listening to. */
export interface LateMessages {
  /** The place, where the bot may read what was written there. */
  place(channelId: string): Promise<Readable | undefined>;
  /** A message as discord.js knows it. It is not kept: one that is known already would not be heard any more. */
  made(place: Readable, raw: RawMessage): Message;
  /** The message as it is now, with its author's roles of now; undefined: it, or its author, is gone. */
  current(channelId: string, messageId: string): Promise<Message | undefined>;
}

/** Reads messages that no event brought. */
export function createLateMessages(client: Client, history: History): LateMessages {
  async function place(channelId: string): Promise<Readable | undefined> {
    const channel =
      client.channels.cache.get(channelId) ?? (await client.channels.fetch(channelId).catch(() => null));
    return channel && isReadable(channel) && mayRead(channel) ? channel : undefined;
  }

  function made(channel: Readable, raw: RawMessage): Message {
    // discord.js has no public door for messages that its own requests did not bring.
    const add: unknown = Reflect.get(channel.messages, "_add");
    if (typeof add !== "function") throw new Error("this version of discord.js makes messages otherwise");
    const guild = channel.isDMBased() ? {} : { guild_id: channel.guildId };
    const message: unknown = Reflect.apply(add, channel.messages, [{ ...raw, ...guild }, false]);
    if (!(message instanceof Message)) throw new Error("this version of discord.js makes no messages");
    return message;
  }

  return {
    place,
    made,
    async current(channelId, messageId) {
      const channel = await place(channelId);
      const raw = channel && (await history.message(channelId, messageId));
      if (!raw) return undefined;
      if (channel.isDMBased()) return made(channel, raw);
      const member = await history.member(channel.guildId, raw.author.id);
      return member === undefined ? undefined : made(channel, { ...raw, ...{ member } });
    },
  };
}

function isReadable(channel: Channel): channel is Readable {
  return channel.isTextBased() && "messages" in channel;
}

function mayRead(channel: Readable): boolean {
  if (channel.isDMBased()) return true;
  const me = channel.guild.members.me;
  const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory];
  return me !== null && channel.permissionsFor(me).has(needed);
}
