import { refuse } from "../../errors.ts";
import { channelJson } from "../../wire/channel.ts";
import { guildJson } from "../../wire/guild.ts";
import { memberJson, roleJson } from "../../wire/user.ts";
import { removeBot } from "../../world/membership.ts";
import { isThread } from "../../world/model.ts";
import { sees } from "../../world/permissions.ts";
import { guildOf } from "../access.ts";
import { type Answer, type Call, noContent, ok, param, type Route } from "../call.ts";

const bucket = { name: "other", major: ["guild_id"] } as const;

export const guildRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/guilds/{guild_id}",
    auth: "bot",
    bucket,
    run: (call) => ok(guildJson(guildOf(call))),
  },
  { method: "GET", path: "/guilds/{guild_id}/channels", auth: "bot", bucket, run: listChannels },
  { method: "GET", path: "/guilds/{guild_id}/roles", auth: "bot", bucket, run: listRoles },
  { method: "GET", path: "/guilds/{guild_id}/members/{user_id}", auth: "bot", bucket, run: getMember },
  { method: "DELETE", path: "/users/@me/guilds/{guild_id}", auth: "bot", bucket, run: leaveGuild },
];

function listChannels(call: Call): Answer {
  const { bot } = call.world;
  const channels = call.world.channelsOf(guildOf(call)).filter((channel) => !isThread(channel));
  return ok(
    channels.filter((channel) => sees(call.world, channel, bot)).map((channel) => channelJson(channel, bot)),
  );
}

function listRoles(call: Call): Answer {
  return ok([...guildOf(call).roles.values()].map(roleJson));
}

function getMember(call: Call): Answer {
  const member = guildOf(call).members.get(param(call, "user_id"));
  if (!member) throw refuse("unknownMember");
  return ok(memberJson(member));
}

function leaveGuild(call: Call): Answer {
  removeBot(call.world, guildOf(call));
  return noContent;
}
