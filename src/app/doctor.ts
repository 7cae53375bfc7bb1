import { clusterCheck } from "../a2a/checks.ts";
import type { Target } from "../a2a/doctor/target.ts";
import { auditCheck } from "../audit/checks.ts";
import { readAuditHead } from "../audit/head.ts";
import type { Config } from "../config/config.ts";
import { findings } from "../conversation/finding.ts";
import type { Check, Clock, Finding } from "../conversation/ports.ts";
import { agentRef } from "../conversation/routing.ts";
import { discordChecks } from "../discord/checks.ts";
import type { GatewayState } from "../discord/command.ts";
import { createDoctorApi } from "../discord/doctor/api.ts";
import type { ConfiguredRole } from "../discord/doctor/roles.ts";
import { storeCheck } from "../store/checks.ts";
import type { OpenStore } from "../store/open.ts";
import { proxyCheck } from "./proxy-check.ts";
import { wantedCommands } from "./wanted-commands.ts";

/** What doctor looks at beside the configuration. */
export interface DoctorContext {
  readonly clock: Clock;
  /** The store; rejects with `BridgeError` where it cannot be opened. */
  readonly store: () => Promise<OpenStore>;
  /** The bot's own connection, where there is one. */
  readonly gateway?: () => GatewayState;
  /** Asked by somebody of this guild: nothing of others is told. */
  readonly onlyGuild?: string;
  /** Milliseconds for one check; a quarter of it for one request. Default 20 s. */
  readonly limitMs?: number;
}

const LIMIT_MS = 20_000;

/** Looks at everything at once; findings in a fixed order. Never rejects, and ends within the limit. */
export async function examine(config: Config, context: DoctorContext): Promise<readonly Finding[]> {
  const limitMs = context.limitMs ?? LIMIT_MS;
  const checks = checksFor(config, context, limitMs / 4);
  return (await Promise.all(checks.map((check) => runCheck(check, context.clock, limitMs)))).flat();
}

/** Whoever asks while a look at the same thing is under way gets that one. */
export function sharing<T>(look: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (key) => {
    const found = running.get(key) ?? look(key).finally(() => running.delete(key));
    running.set(key, found);
    return found;
  };
}

function checksFor(config: Config, context: DoctorContext, timeoutMs: number): readonly Check[] {
  const { routing, clusters, proxy, store, audit } = config;
  const heads = async () => (await context.store()).collection("audit", readAuditHead);
  return [
    ...discordChecks(discordOptions(config, context, timeoutMs)),
    storeCheck(store.url, context.store),
    auditCheck(audit, heads),
    ...clusters.map((endpoint) => {
      const targets = targetsIn(config, endpoint.name);
      return clusterCheck({ endpoint, namespace: routing.namespace, targets, proxy, timeoutMs });
    }),
    proxyCheck(config),
  ];
}

function discordOptions(config: Config, context: DoctorContext, timeoutMs: number) {
  const { discord, access, approvals, routing } = config;
  const { channelId } = approvals;
  const bound = routing.bindings.map((one) => one.channelId);
  const now = () => context.clock.now();
  return {
    api: createDoctorApi({ ...discord, timeoutMs, now }),
    mentionOnly: discord.mentionOnly,
    guildIds: access.guildIds,
    channelIds: [
      ...new Set([...access.channelIds, ...bound, ...(channelId === undefined ? [] : [channelId])]),
    ],
    roles: rolesOf(config),
    commands: wantedCommands(config),
    now,
    ...(context.gateway ? { gateway: context.gateway } : {}),
    ...(context.onlyGuild === undefined ? {} : { onlyGuild: context.onlyGuild }),
  };
}

function rolesOf({ approvals, access }: Config): readonly ConfiguredRole[] {
  const pinged = approvals.channelId !== undefined && approvals.remindAfterMs !== undefined;
  const deciding = new Set(approvals.rules.flatMap((rule) => rule.roleIds));
  const asking = new Set(access.rules.flatMap((rule) => rule.roleIds).filter((id) => !deciding.has(id)));
  return [
    ...[...deciding].map((id) => ({ id, decides: true, pinged })),
    ...[...asking].map((id) => ({ id, decides: false, pinged: false })),
  ];
}

/** Every agent of this cluster that the configuration names, once for each use. */
function targetsIn({ routing }: Config, cluster: string): readonly Target[] {
  const isDefault = cluster === routing.defaultCluster;
  const named = [
    ...routing.routes.map(({ command, agent, cluster: own }) => ({ use: `/${command}`, agent, own })),
    ...routing.bindings.map(({ channelId, agent, cluster: own }) => ({
      use: `The binding of channel ${channelId}`,
      agent,
      own: own ?? routing.defaultCluster,
    })),
    ...routing.rules.flatMap(({ agent, cluster: own }) =>
      agent === undefined ? [] : [{ use: "A routing rule", agent, own: own ?? routing.defaultCluster }],
    ),
    { use: "A mention", agent: routing.defaultAgent, own: routing.defaultCluster },
  ];
  return named
    .filter(({ own }) => own === undefined || own === cluster)
    .map(({ use, agent, own }) => ({
      ref: agentRef(routing, agent, cluster),
      use,
      required: own !== undefined || isDefault,
    }));
}

async function runCheck(check: Check, clock: Clock, limitMs: number): Promise<readonly Finding[]> {
  const { problem } = findings(check.name);
  const limit = new AbortController();
  const tooLong = clock
    .sleep(limitMs, limit.signal)
    .then(() => [
      problem(
        `No answer within ${Math.round(limitMs / 1000)} s.`,
        "Try again; if it stays so, look at what is between.",
      ),
    ]);
  const ending = new AbortController();
  try {
    return await Promise.race([check.run(ending.signal), tooLong]);
  } catch (error) {
    // Words of others may hold what nobody should read.
    const kind = error instanceof Error ? error.name : "unknown";
    return [problem(`This could not be looked at (${kind}).`, "Try again; the bot's log may say more.")];
  } finally {
    ending.abort();
    limit.abort();
    tooLong.catch(() => {});
  }
}
