import type { JsonObject } from "../json.ts";
import { type Channel, channelTypes, isThread, type ThreadState, type User } from "../world/model.ts";
import { userJson } from "./user.ts";

/** A channel as `viewer` (the bot) gets it. */
export function channelJson(channel: Channel, viewer: User): JsonObject {
  if (isThread(channel)) return threadJson(channel, viewer);
  const base = {
    id: channel.id,
    type: channelTypes[channel.kind],
    flags: channel.requiresTag ? 1 << 4 : 0,
    last_message_id: channel.lastMessageId ?? null,
  };
  if (channel.kind === "dm") {
    const others = channel.recipients.filter((person) => person.id !== viewer.id);
    return { ...base, recipients: others.map(userJson) };
  }
  return {
    ...base,
    guild_id: channel.guildId,
    name: channel.name,
    topic: channel.topic ?? null,
    position: channel.position,
    nsfw: false,
    parent_id: null,
    rate_limit_per_user: channel.rateLimitPerUser,
    permission_overwrites: channel.overwrites.map((entry) => ({
      id: entry.id,
      type: entry.kind === "role" ? 0 : 1,
      allow: entry.allow.toString(),
      deny: entry.deny.toString(),
    })),
    ...(channel.kind === "forum" || channel.kind === "media" ? { available_tags: tagsJson(channel) } : {}),
    ...(channel.kind === "voice" || channel.kind === "stage" ? { bitrate: 64_000, user_limit: 0 } : {}),
  };
}

function tagsJson(channel: Channel): JsonObject[] {
  return channel.tags.map((tag) => ({
    id: tag.id,
    name: tag.name,
    moderated: false,
    emoji_id: null,
    emoji_name: null,
  }));
}

function threadJson(channel: Channel & { readonly thread: ThreadState }, viewer: User): JsonObject {
  const { thread } = channel;
  return {
    id: channel.id,
    type: channelTypes[channel.kind],
    flags: 0,
    guild_id: channel.guildId,
    parent_id: channel.parentId,
    owner_id: channel.ownerId,
    name: channel.name,
    last_message_id: channel.lastMessageId ?? null,
    rate_limit_per_user: channel.rateLimitPerUser,
    message_count: thread.messagesSent,
    total_message_sent: thread.messagesSent,
    member_count: thread.memberIds.size,
    applied_tags: [...thread.appliedTags],
    thread_metadata: {
      archived: thread.archived,
      locked: thread.locked,
      invitable: thread.invitable,
      auto_archive_duration: thread.autoArchiveMinutes,
      archive_timestamp: new Date(thread.archiveChangedAt).toISOString(),
      create_timestamp: new Date(thread.createdAt).toISOString(),
    },
    ...(thread.memberIds.has(viewer.id) ? { member: threadMemberJson(channel, viewer) } : {}),
  };
}

export function threadMemberJson(
  channel: Channel & { readonly thread: ThreadState },
  user: User,
): JsonObject {
  return {
    id: channel.id,
    user_id: user.id,
    join_timestamp: new Date(channel.thread.createdAt).toISOString(),
    flags: 0,
  };
}
