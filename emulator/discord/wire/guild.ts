import type { JsonObject } from "../json.ts";
import { type Guild, isThread } from "../world/model.ts";
import { sees } from "../world/permissions.ts";
import type { World } from "../world/world.ts";
import { channelJson } from "./channel.ts";
import { memberJson, roleJson } from "./user.ts";

/** What a guild without boosts, widgets and a community has for the rest. */
const unusedFeatures: JsonObject = {
  icon: null,
  description: null,
  home_header: null,
  splash: null,
  discovery_splash: null,
  features: [],
  banner: null,
  application_id: null,
  region: "deprecated",
  afk_channel_id: null,
  afk_timeout: 300,
  system_channel_id: null,
  system_channel_flags: 0,
  widget_enabled: false,
  widget_channel_id: null,
  verification_level: 0,
  default_message_notifications: 0,
  mfa_level: 0,
  explicit_content_filter: 0,
  max_presences: null,
  max_members: 500_000,
  max_stage_video_channel_users: 50,
  max_video_channel_users: 25,
  vanity_url_code: null,
  premium_tier: 0,
  premium_subscription_count: 0,
  rules_channel_id: null,
  safety_alerts_channel_id: null,
  public_updates_channel_id: null,
  premium_progress_bar_enabled: false,
  nsfw: false,
  nsfw_level: 0,
  emojis: [],
  stickers: [],
  incidents_data: null,
};

export function guildJson(guild: Guild): JsonObject {
  return {
    ...unusedFeatures,
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    preferred_locale: guild.locale,
    roles: [...guild.roles.values()].map(roleJson),
    approximate_member_count: guild.members.size,
    approximate_presence_count: guild.members.size,
  };
}

/** The payload of GUILD_CREATE: the guild with the channels, active threads and the bot's own membership. */
export function guildCreateJson(guild: Guild, world: World): JsonObject {
  // Bots are told of every channel, also of those they may not look into; of threads only those they see.
  const channels = world.channelsOf(guild);
  const self = guild.members.get(world.bot.id);
  return {
    ...guildJson(guild),
    unavailable: false,
    large: false,
    joined_at: new Date(self?.joinedAt ?? world.clock.now()).toISOString(),
    member_count: guild.members.size,
    members: self ? [memberJson(self)] : [],
    channels: channels
      .filter((channel) => !isThread(channel))
      .map((channel) => channelJson(channel, world.bot)),
    threads: channels
      .filter((channel) => isThread(channel) && !channel.thread.archived && sees(world, channel, world.bot))
      .map((channel) => channelJson(channel, world.bot)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
