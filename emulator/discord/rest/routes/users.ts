import { refuse } from "../../errors.ts";
import { textAt } from "../../json.ts";
import { applicationJson } from "../../wire/application.ts";
import { channelJson } from "../../wire/channel.ts";
import { ownGuildJson, ownUserJson, userJson } from "../../wire/user.ts";
import { openDirect } from "../../world/guilds.ts";
import { type Answer, type Call, ok, param, type Route } from "../call.ts";

const bucket = { name: "other", major: [] } as const;

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/gateway", auth: "bot", run: (call) => ok({ url: call.gatewayUrl }) },
  { method: "GET", path: "/gateway/bot", auth: "bot", run: gatewayBot },
  { method: "GET", path: "/users/@me", auth: "bot", bucket, run: (call) => ok(ownUserJson(call.world.bot)) },
  { method: "GET", path: "/users/{user_id}", auth: "bot", bucket, run: getUser },
  { method: "GET", path: "/users/@me/guilds", auth: "bot", bucket, run: listGuilds },
  {
    method: "POST",
    path: "/users/@me/channels",
    auth: "bot",
    bucket: { name: "direct", major: [] },
    run: openDm,
  },
  {
    method: "GET",
    path: "/applications/@me",
    auth: "bot",
    bucket,
    run: (call) => ok(applicationJson(call.world)),
  },
];

function gatewayBot(call: Call): Answer {
  const { total, remaining, resetsAt } = call.world.sessionStarts();
  return ok({
    url: call.gatewayUrl,
    shards: 1,
    session_start_limit: {
      total,
      remaining,
      reset_after: resetsAt - call.world.clock.now(),
      max_concurrency: 1,
    },
  });
}

function getUser(call: Call): Answer {
  const user = call.world.users.get(param(call, "user_id"));
  if (!user) throw refuse("unknownUser");
  return ok(userJson(user));
}

function listGuilds(call: Call): Answer {
  const { bot, guilds } = call.world;
  return ok(
    [...guilds.values()]
      .filter((guild) => guild.members.has(bot.id))
      .map((guild) => ownGuildJson(guild, bot)),
  );
}

function openDm(call: Call): Answer {
  const user = call.world.users.get(textAt(call.body, "recipient_id") ?? "");
  if (!user) throw refuse("unknownUser");
  if (user.bot) throw refuse("cannotDm");
  return ok(channelJson(openDirect(call.world, user), call.world.bot));
}
