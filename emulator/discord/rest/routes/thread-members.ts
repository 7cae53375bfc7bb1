import { refuse } from "../../errors.ts";
import { channelJson, threadMemberJson } from "../../wire/channel.ts";
import { type Channel, isThread, type ThreadState } from "../../world/model.ts";
import { sees } from "../../world/permissions.ts";
import { activeThreads, joinThread } from "../../world/threads.ts";
import { channelOf, guildOf, need } from "../access.ts";
import { type Answer, type Call, noContent, ok, param, type Route } from "../call.ts";

const major = ["channel_id"];

/** Who is in a thread, and which threads there are. */
export const threadMemberRoutes: readonly Route[] = [
  {
    method: "PUT",
    path: "/channels/{channel_id}/thread-members/@me",
    auth: "bot",
    bucket: { name: "other", major },
    run: join,
  },
  {
    method: "DELETE",
    path: "/channels/{channel_id}/thread-members/@me",
    auth: "bot",
    bucket: { name: "other", major },
    run: leave,
  },
  {
    method: "PUT",
    path: "/channels/{channel_id}/thread-members/{user_id}",
    auth: "bot",
    bucket: { name: "other", major },
    run: addMember,
  },
  {
    method: "GET",
    path: "/channels/{channel_id}/thread-members",
    auth: "bot",
    bucket: { name: "read", major },
    run: listMembers,
  },
  {
    method: "GET",
    path: "/guilds/{guild_id}/threads/active",
    auth: "bot",
    bucket: { name: "read", major: ["guild_id"] },
    run: listActive,
  },
  {
    method: "GET",
    path: "/channels/{channel_id}/threads/archived/public",
    auth: "bot",
    bucket: { name: "read", major },
    run: listArchived,
  },
];

function threadOf(call: Call): Channel & { readonly thread: ThreadState } {
  const channel = channelOf(call);
  if (!isThread(channel)) throw refuse("wrongChannelType");
  return channel;
}

function join(call: Call): Answer {
  const thread = threadOf(call);
  if (thread.thread.archived) throw refuse("archivedThread");
  joinThread(call.world, thread, call.world.bot);
  return noContent;
}

function leave(call: Call): Answer {
  threadOf(call).thread.memberIds.delete(call.world.bot.id);
  return noContent;
}

function addMember(call: Call): Answer {
  const thread = threadOf(call);
  if (thread.thread.archived) throw refuse("archivedThread");
  const user = call.world.users.get(param(call, "user_id"));
  if (!user || !sees(call.world, call.world.parentOf(thread) ?? thread, user)) throw refuse("unknownUser");
  joinThread(call.world, thread, user);
  return noContent;
}

function listMembers(call: Call): Answer {
  const thread = threadOf(call);
  const members = [...thread.thread.memberIds].flatMap((id) => call.world.users.get(id) ?? []);
  return ok(members.map((user) => threadMemberJson(thread, user)));
}

function listActive(call: Call): Answer {
  const threads = activeThreads(call.world, guildOf(call));
  return ok({ ...listed(call, threads), has_more: false });
}

function listArchived(call: Call): Answer {
  const channel = channelOf(call);
  need(call, channel, "READ_MESSAGE_HISTORY");
  const threads = [...call.world.channels.values()].filter(
    (thread) =>
      thread.parentId === channel.id && thread.kind === "public-thread" && thread.thread?.archived === true,
  );
  return ok({ ...listed(call, threads), has_more: false });
}

function listed(call: Call, threads: readonly Channel[]) {
  const { bot } = call.world;
  const seen = threads.filter(isThread).filter((thread) => sees(call.world, thread, bot));
  return {
    threads: seen.map((thread) => channelJson(thread, bot)),
    members: seen
      .filter((thread) => thread.thread.memberIds.has(bot.id))
      .map((thread) => threadMemberJson(thread, bot)),
  };
}
