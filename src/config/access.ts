import type { AccessConfig, AccessRule } from "../conversation/access.ts";
import { matchesGlob } from "../conversation/glob.ts";
import { type ConfigInput, noCluster } from "./input.ts";

/** Reads who may ask what. */
export function readAccess(input: ConfigInput, clusters: readonly string[]): AccessConfig {
  const { env, file } = input;
  const access = file.config.access;
  return {
    guildIds: env.list("DISCORD_GUILD_IDS", "snowflake") ?? access?.guildIds ?? [],
    channelIds: env.list("DISCORD_CHANNEL_ONLY", "snowflake") ?? access?.channelIds ?? [],
    directMessages: {
      enabled: env.flag("DISCORD_DIRECT_MESSAGES") ?? access?.directMessages?.enabled ?? false,
      userIds: access?.directMessages?.userIds ?? [],
    },
    botIds: access?.botIds ?? [],
    rules: readRules(input, clusters),
  };
}

function readRules({ file, fileProblem }: ConfigInput, clusters: readonly string[]): readonly AccessRule[] {
  return (file.config.access?.rules ?? []).map((rule, index) => {
    const guarded = rule.clusters ?? ["*"];
    for (const [position, glob] of guarded.entries()) {
      if (file.broken.has("clusters") || clusters.some((name) => matchesGlob(glob, name))) continue;
      // A rule that guards nothing would leave open what it was meant to close.
      fileProblem(["access", "rules", index, "clusters", position], noCluster(glob, clusters));
    }
    return {
      agents: rule.agents ?? ["*"],
      clusters: guarded,
      roleIds: rule.roleIds ?? [],
      userIds: rule.userIds ?? [],
    };
  });
}
