import type { AgentRef } from "./agent-ref.ts";
import { matchesGlob } from "./glob.ts";
import type { Actor, Place } from "./place.ts";

/**
 * Restricts agents. A rule guards the agents and clusters that its globs (`*` any text) match; who wants to use a
 * guarded agent must be named by at least one of the rules that guard it. Agents that no rule guards are open.
 */
export interface AccessRule {
  /** Globs over `name` or `namespace/name`. */
  readonly agents: readonly string[];
  readonly clusters: readonly string[];
  readonly roleIds: readonly string[];
  readonly userIds: readonly string[];
}

/** Who may ask at all. */
export interface AccessConfig {
  /** Guilds that are served; empty: served only while the bot is in exactly one guild. */
  readonly guildIds: readonly string[];
  /** Channels (threads count by their parent) where asking is allowed; empty: everywhere. */
  readonly channelIds: readonly string[];
  readonly directMessages: { readonly enabled: boolean; readonly userIds: readonly string[] };
  /** Ids of other bots that may ask. */
  readonly botIds: readonly string[];
  readonly rules: readonly AccessRule[];
}

/** What a decision needs to know beside the configuration: guilds that the bot is in right now. */
export interface Presence {
  readonly guildIds: readonly string[];
}

/** Allowed, or a sentence for the person: why not, and who can help. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly sentence: string };

const ALLOWED: Decision = { allowed: true };

/** Whether the bot serves this guild at all: the boundary that a stranger's invitation of the bot meets. */
export function isServedGuild(config: AccessConfig, presence: Presence, guildId: string): boolean {
  if (config.guildIds.length > 0) return config.guildIds.includes(guildId);
  return presence.guildIds.length === 1 && presence.guildIds[0] === guildId;
}

/** Whether this actor may use the bot in this place, whatever the agent. Decided from the event alone. */
export function mayUse(config: AccessConfig, presence: Presence, actor: Actor, place: Place): Decision {
  if (actor.bot && !config.botIds.includes(actor.id)) {
    return refused("Other bots are ignored. An operator can list this bot's id under `access.botIds`.");
  }
  if (place.guildId === undefined) return mayUseDirectly(config, actor);
  if (!isServedGuild(config, presence, place.guildId)) {
    return refused(
      "This bot does not serve this server. Its operator can add the server's id to `DISCORD_GUILD_IDS`.",
    );
  }
  return isAllowedChannel(config, place) ? ALLOWED : refused(wrongChannel(config));
}

/** Whether this actor may ask this agent. Covers the rules only: call `mayUse` for the place. */
export function mayAsk(config: AccessConfig, actor: Actor, agent: AgentRef): Decision {
  const guarding = config.rules.filter((rule) => guards(rule, agent));
  if (guarding.length === 0 || guarding.some((rule) => names(rule, actor))) return ALLOWED;
  const roles = [...new Set(guarding.flatMap((rule) => rule.roleIds))].map((id) => `<@&${id}>`);
  const helpers =
    roles.length > 0 ? `Only members of ${roles.join(", ")} may` : "Only people listed by the operator may";
  const where = agent.cluster === "" ? "" : ` on ${agent.cluster}`;
  return refused(`${helpers} ask ${agent.name}${where}. Ask one of them, or an operator for access.`);
}

/** Whether a channel is one of those where asking is allowed; a thread counts by its parent too. */
export function isAllowedChannel(config: AccessConfig, place: Place): boolean {
  if (config.channelIds.length === 0) return true;
  return [place.channelId, place.parentId].some((id) => id !== undefined && config.channelIds.includes(id));
}

/** One line for the start of the log: who may ask what. */
export function describeAccess(config: AccessConfig, presence: Presence): string {
  const guilds = config.guildIds.length > 0 ? config.guildIds : presence.guildIds;
  if (config.guildIds.length === 0 && presence.guildIds.length !== 1) {
    return `serving nobody: the bot is in ${presence.guildIds.length} servers; set DISCORD_GUILD_IDS to those it should serve`;
  }
  const where = config.channelIds.length > 0 ? `channels ${config.channelIds.join(", ")}` : "every channel";
  const who =
    config.rules.length === 0
      ? "open to everyone"
      : `open to everyone except for ${config.rules.length} guarded group${config.rules.length === 1 ? "" : "s"} of agents`;
  const direct = config.directMessages.enabled ? "direct messages on" : "direct messages off";
  return `${who} in server ${guilds.join(", ")}, ${where}; ${direct}`;
}

function mayUseDirectly(config: AccessConfig, actor: Actor): Decision {
  const { enabled, userIds } = config.directMessages;
  if (!enabled) return refused("Direct messages are switched off. Ask me in a channel of your server.");
  if (userIds.length > 0 && !userIds.includes(actor.id)) {
    return refused("You are not on the list for direct messages. Ask me in a channel, or ask an operator.");
  }
  return ALLOWED;
}

function guards(rule: AccessRule, agent: AgentRef): boolean {
  const byName = rule.agents.some(
    (glob) => matchesGlob(glob, agent.name) || matchesGlob(glob, `${agent.namespace}/${agent.name}`),
  );
  return byName && rule.clusters.some((glob) => matchesGlob(glob, agent.cluster));
}

function names(rule: AccessRule, actor: Actor): boolean {
  return rule.userIds.includes(actor.id) || actor.roleIds.some((id) => rule.roleIds.includes(id));
}

function wrongChannel(config: AccessConfig): string {
  const channels = config.channelIds.slice(0, 5).map((id) => `<#${id}>`);
  return `I answer only in ${channels.join(", ")}${config.channelIds.length > 5 ? " and a few more" : ""}. Ask there.`;
}

function refused(sentence: string): Decision {
  return { allowed: false, sentence };
}
