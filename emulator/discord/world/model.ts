import type { Json, JsonObject } from "../json.ts";

/** Numbers of Discord's channel types: https://docs.discord.com/developers/resources/channel */
export const channelTypes = {
  text: 0,
  dm: 1,
  voice: 2,
  category: 4,
  announcement: 5,
  "public-thread": 11,
  "private-thread": 12,
  stage: 13,
  forum: 15,
  media: 16,
} as const;
export type ChannelKind = keyof typeof channelTypes;

export interface User {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly bot: boolean;
  readonly locale: string;
  /** Uses Discord on a phone. */
  readonly phone: boolean;
  /** False: direct messages from bots are refused with 50007. */
  acceptsDms: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
  readonly position: number;
  readonly mentionable: boolean;
  readonly managed: boolean;
  /** The bot that a managed role was made for. */
  readonly botId?: string;
}

export interface Member {
  readonly user: User;
  readonly roleIds: Set<string>;
  readonly joinedAt: number;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly locale: string;
  /** False during an outage: Discord tells nothing of it. */
  available: boolean;
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
}

/** Permission changes of a channel for a role or a member. */
export interface Overwrite {
  readonly id: string;
  readonly kind: "role" | "member";
  readonly allow: bigint;
  readonly deny: bigint;
}

export interface ThreadState {
  archived: boolean;
  locked: boolean;
  invitable: boolean;
  autoArchiveMinutes: number;
  archiveChangedAt: number;
  lastActivityAt: number;
  readonly createdAt: number;
  readonly memberIds: Set<string>;
  readonly appliedTags: readonly string[];
  messagesSent: number;
}

export interface ForumTag {
  readonly id: string;
  readonly name: string;
}

export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly guildId?: string;
  readonly parentId?: string;
  readonly ownerId?: string;
  readonly position: number;
  /** The people of a direct message channel, the bot among them. */
  readonly recipients: readonly User[];
  name: string;
  topic?: string;
  overwrites: readonly Overwrite[];
  rateLimitPerUser: number;
  readonly tags: readonly ForumTag[];
  readonly requiresTag: boolean;
  readonly thread?: ThreadState;
  /** Oldest first. */
  readonly messages: Map<string, Message>;
  lastMessageId?: string;
}

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly contentType: string;
  readonly description?: string;
  readonly bytes: Uint8Array;
}

/** What a message looked like from `at` (ms) on. */
interface Version {
  readonly at: number;
  readonly content: string;
}

/** Who a create or an edit notified. */
interface Ping {
  readonly at: number;
  readonly by: "create" | "edit";
  readonly userIds: readonly string[];
  readonly roleIds: readonly string[];
  readonly everyone: boolean;
}

export interface Mentions {
  readonly userIds: readonly string[];
  readonly roleIds: readonly string[];
  readonly everyone: boolean;
}

export interface Reference {
  readonly kind: "reply" | "forward" | "thread-starter";
  readonly channelId: string;
  readonly messageId: string;
  readonly guildId?: string;
}

/** The copy of a message that a forward carries. */
export interface Snapshot {
  readonly content: string;
  readonly embeds: readonly JsonObject[];
  readonly attachments: readonly Attachment[];
  readonly at: number;
}

interface Reaction {
  readonly emoji: string;
  readonly userIds: Set<string>;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly guildId?: string;
  readonly author: User;
  /** Discord's message type: 0 plain, 18 thread created, 19 reply, 20 slash command, 21 thread starter, 23 context menu. */
  readonly type: number;
  readonly createdAt: number;
  content: string;
  embeds: readonly JsonObject[];
  components: readonly JsonObject[];
  attachments: readonly Attachment[];
  flags: number;
  editedAt?: number;
  mentions: Mentions;
  /** Links that Discord would unfold under the message. */
  previews: readonly string[];
  readonly reference?: Reference;
  readonly snapshot?: Snapshot;
  readonly nonce?: Json;
  readonly webhookId?: string;
  readonly applicationId?: string;
  readonly interaction?: {
    readonly id: string;
    readonly type: number;
    readonly user: User;
    readonly name?: string;
  };
  readonly interactionMetadata?: JsonObject;
  /** Set on a message that only this person sees. */
  readonly ephemeralFor?: string;
  threadId?: string;
  deleted: boolean;
  readonly reactions: Map<string, Reaction>;
  /** Every content the message had, first to last. */
  readonly history: Version[];
  readonly pings: Ping[];
}

/** Message flags: https://docs.discord.com/developers/resources/message */
export const messageFlags = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  voiceMessage: 1 << 13,
  hasSnapshot: 1 << 14,
  componentsV2: 1 << 15,
} as const;

export function isThread(channel: Channel): channel is Channel & { readonly thread: ThreadState } {
  return channel.thread !== undefined;
}
