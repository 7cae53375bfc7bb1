import { refuse } from "../../errors.ts";
import { isThread } from "../../world/model.ts";
import { react, unreact } from "../../world/reactions.ts";
import { channelOf, messageOf, need } from "../access.ts";
import { type Answer, type Call, noContent, param, type Route } from "../call.ts";

const path = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me";
const bucket = { name: "reactions", major: ["channel_id"] } as const;

export const reactionRoutes: readonly Route[] = [
  { method: "PUT", path, auth: "bot", bucket, run: add },
  { method: "DELETE", path, auth: "bot", bucket, run: remove },
];

function add(call: Call): Answer {
  const channel = channelOf(call);
  const message = messageOf(call, channel);
  const emoji = param(call, "emoji_name");
  if (isThread(channel) && channel.thread.archived) throw refuse("archivedThread");
  // Only unicode emoji are modelled; a plain word is no emoji.
  if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u.test(emoji)) throw refuse("unknownEmoji");
  need(call, channel, "READ_MESSAGE_HISTORY");
  if (!message.reactions.has(emoji)) need(call, channel, "ADD_REACTIONS");
  react(call.world, message, call.world.bot, emoji);
  return noContent;
}

function remove(call: Call): Answer {
  const channel = channelOf(call);
  unreact(call.world, messageOf(call, channel), call.world.bot, param(call, "emoji_name"));
  return noContent;
}
