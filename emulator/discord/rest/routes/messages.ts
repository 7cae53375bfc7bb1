import { invalidForm, refuse } from "../../errors.ts";
import { booleanAt, type JsonObject, numberAt, objectAt, textAt } from "../../json.ts";
import { checkNotEmpty, readMessage, readNonce, settableFlags, type Written } from "../../rules/message.ts";
import { messageJson } from "../../wire/message.ts";
import { createMessage, type Draft, deleteMessage, editMessage } from "../../world/messages.ts";
import { type Channel, isThread, type Message, messageFlags, type Reference } from "../../world/model.ts";
import { may } from "../../world/permissions.ts";
import { channelOf, messageOf, need, needToSend } from "../access.ts";
import { type Answer, type Call, noContent, ok, type Route } from "../call.ts";
import { listMessages } from "./history.ts";

const HOUR_MS = 3_600_000;
const major = ["channel_id"];

export const messageRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/channels/{channel_id}/messages",
    auth: "bot",
    bucket: { name: "read", major },
    run: listMessages,
  },
  {
    method: "GET",
    path: "/channels/{channel_id}/messages/{message_id}",
    auth: "bot",
    bucket: { name: "read", major },
    run: getMessage,
  },
  {
    method: "POST",
    path: "/channels/{channel_id}/messages",
    auth: "bot",
    bucket: { name: "create", major },
    run: postMessage,
  },
  {
    method: "PATCH",
    path: "/channels/{channel_id}/messages/{message_id}",
    auth: "bot",
    bucket: { name: "edit", major },
    run: patchMessage,
  },
  {
    method: "DELETE",
    path: "/channels/{channel_id}/messages/{message_id}",
    auth: "bot",
    bucket: { name: "delete", major },
    run: removeMessage,
  },
  {
    method: "POST",
    path: "/channels/{channel_id}/typing",
    auth: "bot",
    bucket: { name: "typing", major },
    run: startTyping,
  },
];

function getMessage(call: Call): Answer {
  const channel = channelOf(call);
  need(call, channel, "READ_MESSAGE_HISTORY");
  return ok(messageJson(call.view, channel, messageOf(call, channel)));
}

function postMessage(call: Call): Answer {
  const channel = channelOf(call);
  needToSend(call, channel);
  const nonce = readNonce(call.body);
  const repeated = findRepeated(call, channel, nonce);
  if (repeated) return ok(messageJson(call.view, channel, repeated));
  const written = readMessage(call.world, call.body, call.files, {
    from: "message",
    flags: settableFlags.create,
  });
  const reference = readReference(call, channel);
  const forwarded = reference?.kind === "forward" ? forwardOf(call, reference) : undefined;
  if (!forwarded) checkNotEmpty(written);
  needForContent(call, channel, written);
  const message = createMessage(call.world, channel, {
    author: call.world.bot,
    ...written,
    ...(reference ? { reference } : {}),
    ...(forwarded ?? {}),
    ...(nonce === undefined ? {} : { nonce }),
  });
  if (nonce !== undefined) call.nonces.keep(String(nonce), message.id);
  return ok(messageJson(call.view, channel, message));
}

/** The message that this nonce made before; with `enforce_nonce` nothing is created a second time. */
function findRepeated(call: Call, channel: Channel, nonce: string | number | undefined): Message | undefined {
  if (nonce === undefined || booleanAt(call.body, "enforce_nonce") !== true) return undefined;
  const id = call.nonces.find(String(nonce));
  if (id === undefined) return undefined;
  const message = channel.messages.get(id);
  if (!message) throw refuse("unknownMessage");
  return message;
}

/** Throws 50013 for embeds and files that this request brings without the permission for them. */
export function needForContent(call: Call, channel: Channel, written: Written): void {
  const bringsEmbeds = call.body.embeds !== undefined || call.body.message !== undefined;
  if (bringsEmbeds && written.embeds.length > 0) need(call, channel, "EMBED_LINKS");
  if (call.files.size > 0) need(call, channel, "ATTACH_FILES");
}

function readReference(call: Call, channel: Channel): Reference | undefined {
  const given = objectAt(call.body, "message_reference");
  if (!given) return undefined;
  const messageId = textAt(given, "message_id") ?? "";
  const channelId = textAt(given, "channel_id") ?? channel.id;
  const kind = numberAt(given, "type") === 1 ? "forward" : "reply";
  need404(call, channel, given, { channelId, messageId, kind });
  const exists = call.world.channels.get(channelId)?.messages.has(messageId) === true;
  if (!exists) return undefined;
  return {
    kind,
    channelId,
    messageId,
    ...(channel.guildId === undefined ? {} : { guildId: channel.guildId }),
  };
}

function need404(call: Call, channel: Channel, given: JsonObject, reference: Reference): void {
  if (reference.kind === "reply" && reference.channelId !== channel.id) {
    throw invalidForm(
      "message_reference",
      "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
      "Reply to this channel only",
    );
  }
  if (!may(call.world, channel, call.world.bot, "READ_MESSAGE_HISTORY")) throw refuse("noHistory");
  const target = call.world.channels.get(reference.channelId)?.messages.get(reference.messageId);
  const isUnknown = !target || target.ephemeralFor !== undefined;
  if (isUnknown && booleanAt(given, "fail_if_not_exists") !== false) {
    throw invalidForm("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
  }
}

function forwardOf(call: Call, reference: Reference): Pick<Draft, "snapshot" | "flags"> | undefined {
  const target = call.world.channels.get(reference.channelId)?.messages.get(reference.messageId);
  if (!target) return undefined;
  const { content, embeds, attachments, createdAt: at } = target;
  return { snapshot: { content, embeds, attachments, at }, flags: messageFlags.hasSnapshot };
}

function patchMessage(call: Call): Answer {
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  if (message.author.id !== call.world.bot.id) throw refuse("otherAuthor");
  if (isThread(channel) && channel.thread.archived) throw refuse("archivedThread");
  if (call.world.clock.now() - message.createdAt > HOUR_MS) call.sublimits.editOld(channel.id);
  applyEdit(call, channel, message, "message");
  return ok(messageJson(call.view, channel, message));
}

/** Reads the request as an edit of `message` and makes it. */
export function applyEdit(call: Call, channel: Channel, message: Message, from: "message" | "webhook"): void {
  const rules = { from, flags: settableFlags.edit, existing: message };
  const written = readMessage(call.world, call.body, call.files, rules);
  checkNotEmpty(written);
  if (from === "message") needForContent(call, channel, written);
  editMessage(call.world, channel, message, written);
}

function removeMessage(call: Call): Answer {
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  if (message.author.id !== call.world.bot.id) need(call, channel, "MANAGE_MESSAGES");
  if (isThread(channel) && channel.thread.archived) throw refuse("archivedThread");
  deleteMessage(call.world, channel, message);
  return noContent;
}

function startTyping(call: Call): Answer {
  const channel = channelOf(call);
  needToSend(call, channel);
  call.world.emit({ kind: "typing", channel, user: call.world.bot });
  return noContent;
}
