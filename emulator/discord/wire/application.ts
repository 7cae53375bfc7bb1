import type { JsonObject } from "../json.ts";
import type { World } from "../world/world.ts";
import { userJson } from "./user.ts";

/** Application flags: https://docs.discord.com/developers/resources/application */
const GATEWAY_MESSAGE_CONTENT_LIMITED = 1 << 19;

/** The application as `GET /applications/@me` shows it. */
export function applicationJson(world: World): JsonObject {
  const flags = applicationFlags(world);
  return {
    id: world.applicationId,
    name: world.bot.displayName,
    icon: null,
    description: "",
    type: null,
    bot: userJson(world.bot),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: "0".repeat(64),
    flags,
    flags_new: String(flags),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: userJson(world.owner),
    approximate_guild_count: [...world.guilds.values()].filter((guild) => guild.members.has(world.bot.id))
      .length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  };
}

export function applicationFlags(world: World): number {
  return world.messageContent ? GATEWAY_MESSAGE_CONTENT_LIMITED : 0;
}
