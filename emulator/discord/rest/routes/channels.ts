import { invalidForm, refuse } from "../../errors.ts";
import { booleanAt, numberAt, textAt } from "../../json.ts";
import { channelJson } from "../../wire/channel.ts";
import { deleteChannel } from "../../world/guilds.ts";
import { type Channel, isThread, type ThreadState } from "../../world/model.ts";
import { may } from "../../world/permissions.ts";
import { editThread } from "../../world/threads.ts";
import { channelOf, need } from "../access.ts";
import { type Answer, type Call, ok, type Route } from "../call.ts";

const major = ["channel_id"];

export const channelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/channels/{channel_id}",
    auth: "bot",
    bucket: { name: "read", major },
    run: (call) => ok(channelJson(channelOf(call), call.world.bot)),
  },
  {
    method: "PATCH",
    path: "/channels/{channel_id}",
    auth: "bot",
    bucket: { name: "channel", major },
    run: patchChannel,
  },
  {
    method: "DELETE",
    path: "/channels/{channel_id}",
    auth: "bot",
    bucket: { name: "channel", major },
    run: removeChannel,
  },
];

function patchChannel(call: Call): Answer {
  const channel = channelOf(call);
  if (channel.kind === "dm") throw refuse("notInDm");
  if (isThread(channel)) patchThread(call, channel);
  else patchPlain(call, channel);
  return ok(channelJson(channel, call.world.bot));
}

function patchPlain(call: Call, channel: Channel): void {
  need(call, channel, "MANAGE_CHANNELS");
  const name = textAt(call.body, "name");
  const topic = textAt(call.body, "topic");
  if (name !== undefined || topic !== undefined) call.sublimits.rename(channel.id);
  if (name !== undefined) channel.name = name;
  if (topic !== undefined) channel.topic = topic;
  call.world.emit({ kind: "channel-edited", channel });
}

/**
 * The owner may rename, archive and reopen its thread; locking and slow mode need MANAGE_THREADS. An archived thread takes
 * only a change that reopens it. Source: https://docs.discord.com/developers/topics/threads
 */
function patchThread(call: Call, channel: Channel & { readonly thread: ThreadState }): void {
  const manages = may(call.world, channel, call.world.bot, "MANAGE_THREADS");
  const archived = booleanAt(call.body, "archived");
  const locked = booleanAt(call.body, "locked");
  const rate = numberAt(call.body, "rate_limit_per_user");
  const isOwner = channel.ownerId === call.world.bot.id;
  if (!manages && (!isOwner || locked !== undefined || rate !== undefined))
    throw refuse("missingPermissions");
  if (!manages && channel.thread.locked) throw refuse("lockedThread");
  if (channel.thread.archived && archived !== false) throw refuse("archivedThread");
  const name = textAt(call.body, "name");
  if (name === "") throw invalidForm("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
  if (name !== undefined && name !== channel.name) call.sublimits.rename(channel.id);
  const minutes = numberAt(call.body, "auto_archive_duration");
  const invitable = booleanAt(call.body, "invitable");
  editThread(call.world, channel, {
    ...(name === undefined ? {} : { name }),
    ...(archived === undefined ? {} : { archived }),
    ...(locked === undefined ? {} : { locked }),
    ...(minutes === undefined ? {} : { autoArchiveMinutes: minutes }),
    ...(rate === undefined ? {} : { rateLimitPerUser: rate }),
    ...(invitable === undefined ? {} : { invitable }),
  });
}

function removeChannel(call: Call): Answer {
  const channel = channelOf(call);
  if (channel.kind !== "dm") need(call, channel, isThread(channel) ? "MANAGE_THREADS" : "MANAGE_CHANNELS");
  const json = channelJson(channel, call.world.bot);
  if (channel.kind !== "dm") deleteChannel(call.world, channel);
  return ok(json);
}
