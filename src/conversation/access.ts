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
