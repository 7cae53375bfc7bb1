import { refuse } from "../../errors.ts";
import { booleanAt, numberAt, objectAt, textAt, textsAt } from "../../json.ts";
import { checkNotEmpty, readMessage, settableFlags } from "../../rules/message.ts";
import { channelJson } from "../../wire/channel.ts";
import { messageJson } from "../../wire/message.ts";
import { readAllowedMentions } from "../../world/mentions.ts";
import { createMessage } from "../../world/messages.ts";
import { type Channel, channelTypes } from "../../world/model.ts";
import { createThread } from "../../world/threads.ts";
import { channelOf, messageOf, need } from "../access.ts";
import type { Answer, Call, Route } from "../call.ts";
import { needForContent } from "./messages.ts";

const major = ["channel_id"];
const THREE_DAYS_MIN = 4320;
const THREAD_CREATED = 18;
const THREAD_STARTER = 21;

export const threadRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/channels/{channel_id}/messages/{message_id}/threads",
    auth: "bot",
    bucket: { name: "threads", major },
    run: startFromMessage,
  },
  {
    method: "POST",
    path: "/channels/{channel_id}/threads",
    auth: "bot",
    bucket: { name: "threads", major },
    run: startThread,
  },
];

function startFromMessage(call: Call): Answer {
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  if (channel.kind !== "text" && channel.kind !== "announcement") throw refuse("wrongChannelType");
  if (message.threadId !== undefined) throw refuse("threadExists");
  need(call, channel, "CREATE_PUBLIC_THREADS");
  const thread = createThread(call.world, channel, { ...common(call), kind: "public-thread", message });
  createMessage(call.world, thread, {
    author: call.world.bot,
    content: "",
    type: THREAD_STARTER,
    allowed: readAllowedMentions({ parse: [] }, "message"),
    reference: {
      kind: "thread-starter",
      channelId: channel.id,
      messageId: message.id,
      ...(channel.guildId === undefined ? {} : { guildId: channel.guildId }),
    },
  });
  return { status: 201, body: channelJson(thread, call.world.bot) };
}

function common(call: Call) {
  const rate = numberAt(call.body, "rate_limit_per_user");
  return {
    name: textAt(call.body, "name") ?? "",
    owner: call.world.bot,
    autoArchiveMinutes: numberAt(call.body, "auto_archive_duration") ?? THREE_DAYS_MIN,
    ...(rate === undefined ? {} : { rateLimitPerUser: rate }),
  };
}

function startThread(call: Call): Answer {
  const channel = channelOf(call);
  if (channel.kind === "forum" || channel.kind === "media") return startPost(call, channel);
  if (channel.kind !== "text" && channel.kind !== "announcement") throw refuse("wrongChannelType");
  // Without a type Discord opens a private thread.
  const isPublic =
    (numberAt(call.body, "type") ?? channelTypes["private-thread"]) !== channelTypes["private-thread"];
  need(call, channel, isPublic ? "CREATE_PUBLIC_THREADS" : "CREATE_PRIVATE_THREADS");
  const kind = isPublic ? "public-thread" : "private-thread";
  const invitable = booleanAt(call.body, "invitable") ?? true;
  const thread = createThread(call.world, channel, { ...common(call), kind, invitable });
  if (isPublic) announce(call, channel, thread);
  return { status: 201, body: channelJson(thread, call.world.bot) };
}

/** The line in the parent channel that says a thread was started. */
function announce(call: Call, channel: Channel, thread: Channel): void {
  createMessage(call.world, channel, {
    author: call.world.bot,
    content: thread.name,
    type: THREAD_CREATED,
    allowed: readAllowedMentions({ parse: [] }, "message"),
    reference: { kind: "thread-starter", channelId: thread.id, messageId: thread.id },
  });
}

function startPost(call: Call, forum: Channel): Answer {
  need(call, forum, "SEND_MESSAGES");
  const body = objectAt(call.body, "message") ?? {};
  const tags = textsAt(call.body, "applied_tags");
  if (forum.requiresTag && tags.length === 0) throw refuse("tagRequired");
  const written = readMessage(call.world, body, call.files, { from: "message", flags: settableFlags.forum });
  checkNotEmpty(written);
  needForContent(call, forum, written);
  const thread = createThread(call.world, forum, {
    ...common(call),
    kind: "public-thread",
    appliedTags: tags,
  });
  const message = createMessage(call.world, thread, { author: call.world.bot, id: thread.id, ...written });
  const json = channelJson(thread, call.world.bot);
  return { status: 201, body: { ...json, message: messageJson(call.view, thread, message) } };
}
