import type { JsonObject } from "../json.ts";
import type { Attachment, Channel, Message, User } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { channelJson } from "./channel.ts";
import { componentJson } from "./component.ts";
import { userJson } from "./user.ts";

const DAY_MS = 86_400_000;

/** What the reader of a message may see and where attachments are served. */
export interface MessageView {
  readonly world: World;
  /** Origin and path of the CDN, such as `http://127.0.0.1:3000/cdn`. */
  readonly cdnUrl: string;
  /** False: content, embeds, attachments and components come empty unless the message concerns the bot. */
  readonly contentGranted: boolean;
}

export function messageJson(view: MessageView, channel: Channel, message: Message): JsonObject {
  return {
    ...coreJson(view, channel, message),
    ...referenceJson(view, message),
    ...originJson(view, message),
  };
}

function coreJson(view: MessageView, channel: Channel, message: Message): JsonObject {
  const { world } = view;
  return {
    id: message.id,
    type: message.type,
    channel_id: message.channelId,
    author: userJson(message.author),
    ...bodyJson(view, channel, message),
    mentions: message.mentions.userIds.flatMap((id) => {
      const user = world.users.get(id);
      return user ? [userJson(user)] : [];
    }),
    mention_roles: [...message.mentions.roleIds],
    mention_everyone: message.mentions.everyone,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === undefined ? null : new Date(message.editedAt).toISOString(),
    flags: message.flags,
    pinned: false,
    tts: false,
    ...(message.reactions.size > 0 ? { reactions: reactionsJson(message, world.bot) } : {}),
  };
}

function bodyJson(view: MessageView, channel: Channel, message: Message): JsonObject {
  if (!view.contentGranted && !concernsBot(view.world, channel, message)) {
    return { content: "", embeds: [], attachments: [], components: [] };
  }
  const attachments = message.attachments.map((file) => attachmentJson(view, channel.id, file, message));
  return {
    content: message.content,
    embeds: [...message.embeds],
    components: message.components.map((component) => componentJson(component, attachments)),
    attachments,
  };
}

/**
 * Without the Message Content intent a bot still reads its own messages, direct messages and messages that mention it
 * (a reply with ping on does). Source: https://docs.discord.com/developers/events/gateway#message-content-intent
 */
function concernsBot(world: World, channel: Channel, message: Message): boolean {
  if (message.author.id === world.bot.id || channel.kind === "dm") return true;
  return message.mentions.userIds.includes(world.bot.id);
}

export function attachmentJson(
  view: MessageView,
  channelId: string,
  file: Attachment,
  message?: Message,
): JsonObject {
  const path = `/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`;
  const expires = view.world.clock.now() + DAY_MS;
  const signed = `?ex=${expires.toString(16)}&is=${view.world.clock.now().toString(16)}&hm=${view.world.sign(path, expires)}&`;
  const url = `${view.cdnUrl}${path}${signed}`;
  return {
    id: file.id,
    filename: file.filename,
    size: file.bytes.byteLength,
    url,
    proxy_url: url,
    content_type: file.contentType,
    ...(file.description === undefined ? {} : { description: file.description }),
    ...(message?.ephemeralFor === undefined ? {} : { ephemeral: true }),
  };
}

function reactionsJson(message: Message, bot: User): JsonObject[] {
  return [...message.reactions.values()].map((reaction) => ({
    emoji: { id: null, name: reaction.emoji },
    count: reaction.userIds.size,
    count_details: { burst: 0, normal: reaction.userIds.size },
    burst_colors: [],
    me_burst: false,
    me: reaction.userIds.has(bot.id),
  }));
}

function referenceJson(view: MessageView, message: Message): JsonObject {
  const { reference, snapshot } = message;
  if (!reference) return {};
  const type = reference.kind === "forward" ? 1 : 0;
  const message_reference = {
    type,
    channel_id: reference.channelId,
    message_id: reference.messageId,
    ...(reference.guildId === undefined ? {} : { guild_id: reference.guildId }),
  };
  if (snapshot) return { message_reference, message_snapshots: [snapshotJson(view, message)] };
  const channel = view.world.channels.get(reference.channelId);
  const target = channel?.messages.get(reference.messageId);
  return {
    message_reference,
    referenced_message: channel && target ? coreJson(view, channel, target) : null,
  };
}

function snapshotJson(view: MessageView, message: Message): JsonObject {
  const snapshot = message.snapshot;
  const channel = view.world.channels.get(message.channelId);
  const readable =
    snapshot && channel && (view.contentGranted || concernsBot(view.world, channel, message))
      ? snapshot
      : undefined;
  return {
    message: {
      type: 0,
      content: readable?.content ?? "",
      embeds: [...(readable?.embeds ?? [])],
      attachments: (readable?.attachments ?? []).map((file) => attachmentJson(view, message.channelId, file)),
      components: [],
      mentions: [],
      mention_roles: [],
      timestamp: new Date(snapshot?.at ?? message.createdAt).toISOString(),
      edited_timestamp: null,
      flags: 0,
    },
  };
}

function originJson(view: MessageView, message: Message): JsonObject {
  const thread = message.threadId === undefined ? undefined : view.world.channels.get(message.threadId);
  return {
    ...(message.webhookId === undefined ? {} : { webhook_id: message.webhookId }),
    ...(message.applicationId === undefined ? {} : { application_id: message.applicationId }),
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(message.interactionMetadata ? { interaction_metadata: message.interactionMetadata } : {}),
    ...(message.interaction ? { interaction: legacyInteractionJson(message.interaction) } : {}),
    ...(thread ? { thread: channelJson(thread, view.world.bot) } : {}),
  };
}

function legacyInteractionJson(interaction: NonNullable<Message["interaction"]>): JsonObject {
  return {
    id: interaction.id,
    type: interaction.type,
    name: interaction.name ?? "",
    user: userJson(interaction.user),
  };
}
