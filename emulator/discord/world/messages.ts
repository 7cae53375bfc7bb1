import type { Json, JsonObject } from "../json.ts";
import { type AllowedMentions, findMentions, mentionableText, nobody, withoutCode } from "./mentions.ts";
import {
  type Attachment,
  type Channel,
  type Mentions,
  type Message,
  messageFlags,
  type Reference,
  type Snapshot,
  type User,
} from "./model.ts";
import { may } from "./permissions.ts";
import { noteActivity } from "./threads.ts";
import type { World } from "./world.ts";

/** A message about to exist; every rule has been checked. */
export interface Draft {
  readonly author: User;
  readonly content: string;
  readonly embeds?: readonly JsonObject[];
  readonly components?: readonly JsonObject[];
  readonly attachments?: readonly Attachment[];
  readonly flags?: number;
  readonly type?: number;
  readonly id?: string;
  readonly allowed: AllowedMentions;
  readonly reference?: Reference;
  readonly snapshot?: Snapshot;
  readonly nonce?: Json;
  readonly webhookId?: string;
  readonly applicationId?: string;
  readonly interaction?: NonNullable<Message["interaction"]>;
  readonly interactionMetadata?: JsonObject;
  readonly ephemeralFor?: string;
}

export function createMessage(world: World, channel: Channel, draft: Draft): Message {
  const { allowed, author, content, embeds, components, attachments, flags, type, id, ...rest } = draft;
  const now = world.clock.now();
  const message: Message = {
    ...rest,
    id: id ?? world.nextId(),
    channelId: channel.id,
    ...(channel.guildId === undefined ? {} : { guildId: channel.guildId }),
    author,
    content,
    embeds: embeds ?? [],
    components: components ?? [],
    attachments: attachments ?? [],
    flags: flags ?? 0,
    type: type ?? (draft.reference?.kind === "reply" ? 19 : 0),
    createdAt: now,
    mentions: nobody,
    previews: [],
    deleted: false,
    reactions: new Map(),
    history: [],
    pings: [],
  };
  settleText(world, channel, message, allowed, "create");
  channel.messages.set(message.id, message);
  if (message.ephemeralFor === undefined) {
    channel.lastMessageId = message.id;
    noteActivity(world, channel, message);
  }
  world.emit({ kind: "message-created", message, channel });
  return message;
}

/** What an edit changes; what is missing stays. */
export interface Edit {
  readonly content?: string;
  readonly embeds?: readonly JsonObject[];
  readonly components?: readonly JsonObject[];
  readonly attachments?: readonly Attachment[];
  readonly flags?: number;
  readonly allowed: AllowedMentions;
}

export function editMessage(world: World, channel: Channel, message: Message, edit: Edit): void {
  if (edit.content !== undefined) message.content = edit.content;
  if (edit.embeds !== undefined) message.embeds = edit.embeds;
  if (edit.components !== undefined) message.components = edit.components;
  if (edit.attachments !== undefined) message.attachments = edit.attachments;
  if (edit.flags !== undefined) message.flags = edit.flags;
  // The first edit of a deferred reply ends its "thinking" state and is not shown as an edit.
  const wasLoading = (message.flags & messageFlags.loading) !== 0;
  message.flags &= ~messageFlags.loading;
  if (!wasLoading) message.editedAt = world.clock.now();
  settleText(world, channel, message, edit.allowed, "edit");
  world.emit({ kind: "message-edited", message, channel });
}

export function deleteMessage(world: World, channel: Channel, message: Message): void {
  channel.messages.delete(message.id);
  message.deleted = true;
  world.emit({ kind: "message-deleted", message, channel });
}

function settleText(
  world: World,
  channel: Channel,
  message: Message,
  allowed: AllowedMentions,
  by: "create" | "edit",
): void {
  const text = mentionableText(message.content, message.components);
  const found = findMentions(world, channel, message.author, text, allowed);
  message.mentions = withRepliedUser(world, message, found, allowed);
  const { userIds, roleIds, everyone } = message.mentions;
  if (userIds.length > 0 || roleIds.length > 0 || everyone) {
    message.pings.push({ at: world.clock.now(), by, userIds, roleIds, everyone });
  }
  message.previews = previewsOf(world, channel, message);
  message.history.push({ at: world.clock.now(), content: text });
}

function withRepliedUser(
  world: World,
  message: Message,
  found: Mentions,
  allowed: AllowedMentions,
): Mentions {
  if (message.reference?.kind !== "reply" || !allowed.repliedUser) return found;
  const { channelId, messageId } = message.reference;
  const target = world.channels.get(channelId)?.messages.get(messageId);
  if (!target || found.userIds.includes(target.author.id)) return found;
  return { ...found, userIds: [...found.userIds, target.author.id] };
}

function previewsOf(world: World, channel: Channel, message: Message): string[] {
  if (message.flags & (messageFlags.suppressEmbeds | messageFlags.componentsV2)) return [];
  if (!message.content.includes("http") || !may(world, channel, message.author, "EMBED_LINKS")) return [];
  const bare = withoutCode(message.content).replace(/<https?:\/\/[^>\s]*>/g, " ");
  return [...new Set(bare.match(/https?:\/\/[^\s<>)\]]+/g) ?? [])];
}
