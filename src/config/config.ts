import type { ClusterEndpoint } from "../a2a/options.ts";
import type { AuditOptions } from "../audit/options.ts";
import type { AccessConfig } from "../conversation/access.ts";
import type { ApprovalConfig } from "../conversation/policy.ts";
import type { RoutingConfig } from "../conversation/routing.ts";
import { type ProxySettings, proxySecrets, withoutProxySecrets } from "../network/proxy.ts";
import type { LogLevel } from "../telemetry/log.ts";
import type { HttpConfig } from "./http.ts";
import type { Limits } from "./limits.ts";
import type { TracingConfig } from "./tracing.ts";

/** How the bot is on Discord. */
export interface DiscordConfig {
  readonly token: string;
  /** REST base without a version, such as `http://127.0.0.1:3000/api`; absent: Discord's own. */
  readonly apiUrl?: string;
  readonly mentionOnly: boolean;
  /** Where commands are registered; empty: globally. */
  readonly guildIds: readonly string[];
  /** Whom the end of a long answer pings. */
  readonly notify: "off" | "requester";
  /** Complete answers have buttons for thumbs up and down. */
  readonly feedback: boolean;
}

/** What happens to prompts that came while the bot was down. */
interface CatchUpConfig {
  /** How far back they are looked for, in milliseconds. */
  readonly windowMs: number;
  /** `list`: offered with a button; `run`: asked; `off`: left. */
  readonly mode: "list" | "run" | "off";
}

/** The whole configuration, checked: nothing in it needs another look. */
export interface Config {
  readonly discord: DiscordConfig;
  readonly access: AccessConfig;
  readonly routing: RoutingConfig;
  readonly clusters: readonly ClusterEndpoint[];
  readonly store: { readonly url: string };
  /** `pretty` absent: on a terminal. */
  readonly log: { readonly level: LogLevel; readonly pretty?: boolean };
  readonly limits: Limits;
  readonly approvals: ApprovalConfig;
  readonly audit: AuditOptions;
  readonly catchUp: CatchUpConfig;
  readonly proxy: ProxySettings;
  readonly http: HttpConfig;
  readonly tracing: TracingConfig;
}

/** Every secret value, for the log to mask: tokens, keys, passwords of proxies, header values, and the token within `Bearer …`. */
export function secretsOf(config: Config): readonly string[] {
  const headers = [...config.clusters.map((cluster) => cluster.headers), config.tracing.headers];
  const values = headers.flatMap((one) => Object.values(one));
  const tokens = values.flatMap((value) => /^\S+ (\S+)$/.exec(value)?.[1] ?? []);
  const { key } = config.audit;
  const keys = key === undefined ? [] : [key];
  return [...new Set([config.discord.token, ...values, ...tokens, ...keys, ...proxySecrets(config.proxy)])];
}

/** The configuration as people may see it: secrets are `***`. */
export function withoutSecrets(config: Config): Config {
  const masked = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.keys(headers).map((name) => [name, "***"]));
  return {
    ...config,
    proxy: withoutProxySecrets(config.proxy),
    discord: { ...config.discord, token: "***" },
    tracing: { ...config.tracing, headers: masked(config.tracing.headers) },
    audit: { ...config.audit, ...(config.audit.key === undefined ? {} : { key: "***" }) },
    clusters: config.clusters.map((cluster) => ({ ...cluster, headers: masked(cluster.headers) })),
  };
}
