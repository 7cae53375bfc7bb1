import { createDirectory } from "../a2a/directory.ts";
import { readAuditHead } from "../audit/head.ts";
import { openAudit } from "../audit/trail.ts";
import type { Config } from "../config/config.ts";
import { observeAudit } from "../conversation/audit-observer.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import { agentRef } from "../conversation/routing.ts";
import { createClient, createRest, readApplication } from "../discord/gateway/client.ts";
import { observeClient, observeRest } from "../discord/gateway/observed-client.ts";
import { createChannels } from "../discord/rest/channel.ts";
import { createDiscordWire } from "../discord/rest/discord-wire.ts";
import { observeScheduler } from "../discord/rest/observed-scheduler.ts";
import { createScheduler } from "../discord/rest/scheduler.ts";
import { openStore } from "../store/open.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { Observers } from "./observers.ts";

/** What connections need. */
export interface ConnectionsContext {
  readonly clock: Clock;
  readonly log: Log;
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** Absent: nobody listens. */
  readonly observers?: Observers;
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing;
}

/** Everything outside the process that an app talks to. */
export type Connections = Awaited<ReturnType<typeof createConnections>>;

/** Opens the store and learns from Discord who the bot is; nothing is heard yet. Rejects with `BridgeError`. */
export async function createConnections(
  config: Config,
  { clock, log, print, observers }: ConnectionsContext,
) {
  const { discord } = config;
  const rest = createRest(discord);
  if (observers) observeRest(rest, observers.discord);
  const application = await readApplication(rest);
  const store = await openStore(config.store.url, {
    clock,
    log,
    ...(observers ? { observe: observers.store } : {}),
  });
  const heads = store.collection("audit", readAuditHead);
  const trail = await openAudit(config.audit, { heads, clock, log, print });
  const client = createClient({
    ...discord,
    messageContent: wantsContent(config) && application.messageContent,
  });
  if (observers) observeClient(client, observers.discord, clock);
  const plain = createScheduler({ wire: createDiscordWire(client.rest, [rest]), clock, isStarting: true });
  const scheduler = observers ? observeScheduler(plain, observers.lag, clock) : plain;
  const channels = createChannels(scheduler);
  return {
    rest,
    application,
    store,
    audit: observers ? observeAudit(trail, observers.audit) : trail,
    client,
    scheduler,
    channels,
    directory: openDirectory(config, clock, log, observers),
  };
}

/** Whether every message of a thread shall be a prompt, for which Discord must show its text. */
export function wantsContent(config: Config): boolean {
  return !config.discord.mentionOnly;
}

function openDirectory(
  { clusters, routing, limits, proxy }: Config,
  clock: Clock,
  log: Log,
  observers: Observers | undefined,
) {
  return createDirectory({
    ...(observers ? { observe: observers.calls, observeRuns: observers.runs } : {}),
    clusters,
    proxy,
    namespace: routing.namespace,
    clock,
    log,
    // What is listed where a controller cannot list its agents.
    configured: routing.clusters.flatMap(({ name }) =>
      routing.routes.map((route) => agentRef(routing, route.agent, route.cluster ?? name)),
    ),
    limits: { silenceMs: limits.silenceMs },
  });
}
