import type { JsonObject } from "../json.ts";
import { keptText } from "../rules/text.ts";
import { readAllowedMentions } from "../world/mentions.ts";
import { createMessage } from "../world/messages.ts";
import {
  type Channel,
  isThread,
  type Message,
  messageFlags,
  type Reference,
  type Snapshot,
  type User,
} from "../world/model.ts";
import { holdsMessages, may, type PermissionName, sees, sendPermission } from "../world/permissions.ts";
import { createThread } from "../world/threads.ts";
import type { World } from "../world/world.ts";
import { type FileInput, upload } from "./files.ts";
import { toWireText } from "./speech.ts";

const THREAD_CREATED = 18;
const THREAD_STARTER = 21;
const DAY_MIN = 1440;
/** Code points of a message by somebody without Nitro. */
const MOST_TEXT = 2000;

export interface Saying {
  readonly replyTo?: Message;
  /** Notify the author of the message replied to; default true. */
  readonly ping?: boolean;
  readonly forwards?: Message;
  readonly files?: readonly FileInput[];
  /** Only bots can send these. */
  readonly embeds?: readonly JsonObject[];
}

export function say(world: World, user: User, channel: Channel, text: string, options: Saying): Message {
  if (!holdsMessages(channel)) throw new Error(`nobody can write in #${channel.name} itself`);
  need(world, channel, user, sendPermission(channel));
  if (isThread(channel) && channel.thread.locked) need(world, channel, user, "MANAGE_THREADS");
  if (options.files) need(world, channel, user, "ATTACH_FILES");
  const content = keptText(toWireText(world, channel, text));
  if ([...content].length > MOST_TEXT) throw new Error(`a message has at most ${MOST_TEXT} characters`);
  if (options.embeds && !user.bot) throw new Error("only bots send embeds");
  const isEmpty = content === "" && !options.files && !options.embeds && !options.forwards;
  if (isEmpty) throw new Error("nothing to send");
  return createMessage(world, channel, {
    author: user,
    content,
    allowed: { ...readAllowedMentions(undefined, "message"), repliedUser: options.ping ?? true },
    attachments: (options.files ?? []).map((file) => upload(world, file)),
    embeds: (options.embeds ?? []).map((embed) => ({ ...embed, type: "rich" })),
    ...referenceOf(world, channel, options),
  });
}

function referenceOf(
  world: World,
  channel: Channel,
  options: Saying,
): { reference?: Reference; snapshot?: Snapshot; flags?: number } {
  const { replyTo, forwards } = options;
  const target = forwards ?? replyTo;
  if (!target) return {};
  const from = world.channels.get(target.channelId);
  if (!forwards && from !== channel) throw new Error("a reply stays in its channel");
  const reference: Reference = {
    kind: forwards ? "forward" : "reply",
    channelId: target.channelId,
    messageId: target.id,
    ...(target.guildId === undefined ? {} : { guildId: target.guildId }),
  };
  if (!forwards) return { reference };
  const { content, embeds, attachments, createdAt: at } = forwards;
  return { reference, snapshot: { content, embeds, attachments, at }, flags: messageFlags.hasSnapshot };
}

export interface NewPost {
  readonly files?: readonly FileInput[];
  /** Names of the forum's tags. */
  readonly tags?: readonly string[];
}

export function post(
  world: World,
  user: User,
  forum: Channel,
  title: string,
  text: string,
  options: NewPost,
): Channel {
  if (forum.kind !== "forum" && forum.kind !== "media") throw new Error(`#${forum.name} is not a forum`);
  need(world, forum, user, "SEND_MESSAGES");
  const appliedTags = (options.tags ?? []).map((name) => {
    const tag = forum.tags.find((candidate) => candidate.name === name);
    if (!tag) throw new Error(`#${forum.name} has no tag "${name}"`);
    return tag.id;
  });
  if (forum.requiresTag && appliedTags.length === 0) throw new Error(`#${forum.name} wants a tag`);
  const wanted = {
    name: title,
    kind: "public-thread",
    owner: user,
    autoArchiveMinutes: DAY_MIN,
    appliedTags,
  } as const;
  const thread = createThread(world, forum, wanted);
  createMessage(world, thread, {
    // A post's first message has the id of its thread.
    id: thread.id,
    author: user,
    content: keptText(toWireText(world, forum, text)),
    allowed: readAllowedMentions(undefined, "message"),
    attachments: (options.files ?? []).map((file) => upload(world, file)),
  });
  return thread;
}

/** `isPrivate`: only who is added sees it; the bot is not. */
export function openThread(
  world: World,
  user: User,
  from: Channel | Message,
  name: string,
  isPrivate = false,
): Channel {
  const message = "channelId" in from ? from : undefined;
  const channel = "channelId" in from ? world.channels.get(from.channelId) : from;
  if (!channel || (channel.kind !== "text" && channel.kind !== "announcement"))
    throw new Error("no threads here");
  if (message?.threadId !== undefined) throw new Error("this message has a thread already");
  if (isPrivate && message) throw new Error("a thread from a message is public");
  need(world, channel, user, isPrivate ? "CREATE_PRIVATE_THREADS" : "CREATE_PUBLIC_THREADS");
  const kind = isPrivate ? "private-thread" : "public-thread";
  const wanted = { name, kind, owner: user, autoArchiveMinutes: DAY_MIN } as const;
  const thread = createThread(world, channel, { ...wanted, ...(message ? { message } : {}) });
  if (isPrivate) return thread;
  const home = channel.guildId === undefined ? {} : { guildId: channel.guildId };
  createMessage(world, message ? thread : channel, {
    author: user,
    content: message ? "" : name,
    type: message ? THREAD_STARTER : THREAD_CREATED,
    allowed: readAllowedMentions({ parse: [] }, "message"),
    reference: {
      kind: "thread-starter",
      channelId: message ? channel.id : thread.id,
      messageId: message?.id ?? thread.id,
      ...home,
    },
  });
  return thread;
}

function need(world: World, channel: Channel, user: User, permission: PermissionName): void {
  const sight = sees(world, channel, user);
  if (!sight || !may(world, channel, user, permission)) {
    throw new Error(`${user.displayName} lacks ${sight ? permission : "VIEW_CHANNEL"} in #${channel.name}`);
  }
}
