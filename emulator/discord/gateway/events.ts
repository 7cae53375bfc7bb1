import type { JsonObject } from "../json.ts";
import { channelJson, threadMemberJson } from "../wire/channel.ts";
import { guildCreateJson, guildJson } from "../wire/guild.ts";
import { interactionJson } from "../wire/interaction.ts";
import { type MessageView, messageJson } from "../wire/message.ts";
import { bareMemberJson, memberJson, userJson } from "../wire/user.ts";
import { type Channel, channelTypes, isThread, type Message, type User } from "../world/model.ts";
import { sees } from "../world/permissions.ts";
import type { Change, World } from "../world/world.ts";
import { intents } from "./protocol.ts";

/** One event as the gateway words it. */
export interface GatewayEvent {
  readonly name: string;
  readonly data: JsonObject;
  /** Decides which shard gets it; missing for direct messages. */
  readonly guildId?: string;
}

/** What a session with these intents hears of a change. */
export function toEvents(view: MessageView, change: Change, wanted: number): GatewayEvent[] {
  const has = (intent: number) => (wanted & intent) !== 0;
  const { world } = view;
  switch (change.kind) {
    case "interaction":
      return [
        event(change.interaction.channel, "INTERACTION_CREATE", interactionJson(view, change.interaction)),
      ];
    case "message-created":
    case "message-edited":
    case "message-deleted":
      return messageEvents(view, change, has(messageIntent(change.channel)));
    case "typing":
      return has(typingIntent(change.channel)) && hears(world, change.channel)
        ? [event(change.channel, "TYPING_START", typingData(world, change.channel, change.user))]
        : [];
    case "reaction":
      return reactionEvents(world, change, wanted);
    case "interaction-answered":
      return [];
    default:
      return has(intents.guilds) ? guildEvents(world, change) : [];
  }
}

type MessageChange = Extract<Change, { readonly message: Message; readonly channel: Channel }>;
type GuildChange = Exclude<
  Change,
  { readonly kind: `message-${string}` | `interaction${string}` | "typing" | "reaction" }
>;

function event(channel: Channel, name: string, data: JsonObject): GatewayEvent {
  return { name, data, ...(channel.guildId === undefined ? {} : { guildId: channel.guildId }) };
}

function messageIntent(channel: Channel): number {
  return channel.kind === "dm" ? intents.directMessages : intents.guildMessages;
}

function typingIntent(channel: Channel): number {
  return channel.kind === "dm" ? intents.directTyping : intents.guildTyping;
}

function hears(world: World, channel: Channel): boolean {
  return world.guildOf(channel)?.available !== false && sees(world, channel, world.bot);
}

function messageEvents(view: MessageView, change: MessageChange, isWanted: boolean): GatewayEvent[] {
  const { channel, message } = change;
  if (!isWanted || message.ephemeralFor !== undefined || !hears(view.world, channel)) return [];
  const place = placeOf(channel);
  if (change.kind === "message-deleted") {
    return [event(channel, "MESSAGE_DELETE", { id: message.id, channel_id: channel.id, ...place })];
  }
  const name = change.kind === "message-created" ? "MESSAGE_CREATE" : "MESSAGE_UPDATE";
  const member = view.world.guildOf(channel)?.members.get(message.author.id);
  const data = {
    ...messageJson(view, channel, message),
    ...place,
    channel_type: channelTypes[channel.kind],
    ...(member && message.webhookId === undefined ? { member: bareMemberJson(member) } : {}),
  };
  return [event(channel, name, data)];
}

function placeOf(channel: Channel): JsonObject {
  return channel.guildId === undefined ? {} : { guild_id: channel.guildId };
}

function typingData(world: World, channel: Channel, user: User): JsonObject {
  const member = world.guildOf(channel)?.members.get(user.id);
  return {
    channel_id: channel.id,
    user_id: user.id,
    timestamp: Math.floor(world.clock.now() / 1000),
    ...placeOf(channel),
    ...(member ? { member: memberJson(member) } : {}),
  };
}

function reactionEvents(
  world: World,
  change: Extract<Change, { readonly kind: "reaction" }>,
  wanted: number,
): GatewayEvent[] {
  const channel = world.channels.get(change.message.channelId);
  const intent = channel?.kind === "dm" ? intents.directReactions : intents.guildReactions;
  if (!channel || (wanted & intent) === 0 || !hears(world, channel)) return [];
  const data = {
    user_id: change.user.id,
    channel_id: channel.id,
    message_id: change.message.id,
    ...placeOf(channel),
    emoji: { id: null, name: change.emoji },
    message_author_id: change.message.author.id,
    burst: false,
    type: 0,
  };
  return [event(channel, change.added ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE", data)];
}

function guildEvents(world: World, change: GuildChange): GatewayEvent[] {
  switch (change.kind) {
    case "guild-joined":
      return [{ name: "GUILD_CREATE", data: guildCreateJson(change.guild, world), guildId: change.guild.id }];
    case "guild-left":
      return [{ name: "GUILD_DELETE", data: { id: change.guild.id }, guildId: change.guild.id }];
    case "guild-unavailable": {
      const data = { id: change.guild.id, unavailable: true };
      return [{ name: "GUILD_DELETE", data, guildId: change.guild.id }];
    }
    case "guild-edited":
      return isMember(world, change.guild.id)
        ? [{ name: "GUILD_UPDATE", data: guildJson(change.guild), guildId: change.guild.id }]
        : [];
    case "thread-joined":
      return change.user.id === world.bot.id ? threadJoined(world, change.channel) : [];
    default:
      return channelEvents(world, change);
  }
}

function isMember(world: World, guildId: string | undefined): boolean {
  const guild = guildId === undefined ? undefined : world.guilds.get(guildId);
  return guild?.available === true && guild.members.has(world.bot.id);
}

function channelEvents(
  world: World,
  change: Extract<GuildChange, { readonly kind: `channel-${string}` }>,
): GatewayEvent[] {
  const { channel } = change;
  if (!isMember(world, channel.guildId)) return [];
  const verb = { "channel-created": "CREATE", "channel-edited": "UPDATE", "channel-deleted": "DELETE" }[
    change.kind
  ];
  const data = channelJson(channel, world.bot);
  if (!isThread(channel)) return [event(channel, `CHANNEL_${verb}`, data)];
  if (change.kind === "channel-deleted") {
    const { id, guild_id, parent_id, type } = data;
    return [event(channel, "THREAD_DELETE", { id, guild_id, parent_id, type })];
  }
  if (!hears(world, channel)) return [];
  const isNew = change.kind === "channel-created";
  return [event(channel, `THREAD_${verb}`, { ...data, ...(isNew ? { newly_created: true } : {}) })];
}

function threadJoined(world: World, channel: Channel): GatewayEvent[] {
  if (!isThread(channel)) return [];
  const members = {
    id: channel.id,
    guild_id: channel.guildId,
    member_count: channel.thread.memberIds.size,
    added_members: [{ ...threadMemberJson(channel, world.bot), user: userJson(world.bot) }],
  };
  return [
    event(channel, "THREAD_CREATE", channelJson(channel, world.bot)),
    event(channel, "THREAD_MEMBERS_UPDATE", members),
  ];
}
