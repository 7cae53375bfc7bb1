import {
  type Connections,
  type ConnectionsContext,
  createConnections,
  wantsContent,
} from "./app/connections.ts";
import { type Core, createCore } from "./app/core.ts";
import { createFront, type Front, type FrontContext } from "./app/front.ts";
import { createVitals, type Vitals } from "./app/vitals.ts";
import type { Config } from "./config/config.ts";
import { createLiveConfig, type Reconfiguration } from "./config/live.ts";
import { describeAccess } from "./conversation/access.ts";
import type { Clock } from "./conversation/ports.ts";
import { gatewayState } from "./discord/gateway/client.ts";
import { createGatewayLine } from "./discord/gateway/gateway-line.ts";
import { createGatewayWatch, type GatewayWatch } from "./discord/gateway/gateway-watch.ts";
import {
  readSessionStarts,
  type SessionStarts,
  untilSessionStart,
} from "./discord/gateway/session-starts.ts";
import { readPrompt } from "./store/rows.ts";

/** A running bot. */
export interface App {
  /** Connects, registers commands where they differ, and picks up what was unfinished. Rejects with `BridgeError`. */
  start(): Promise<void>;
  /**
   * Takes nothing new, keeps what is unfinished for the next start, and disconnects; also in the middle of a start.
   * Called again it does nothing more.
   */
  stop(): Promise<void>;
  /** Puts another configuration into effect, as far as that is possible without a restart. */
  reconfigure(next: Config): Reconfiguration;
  readonly vitals: Vitals;
}

/** What surrounds an app. */
export interface AppContext extends FrontContext, ConnectionsContext {
  /** Called when the login waits, because Discord allows almost no more of them in this period. */
  readonly onWaiting?: () => void;
  /** Called once, when the gateway was not well for ten minutes: another app on the same store may do better. */
  readonly onLost?: () => void;
}

/** The parts of an app, put together. */
interface Parts extends Connections, Core, Front {}

/** How long last states may still be delivered after the bot was asked to stop; the rest is shown after the next start. */
const DRAIN_MS = 5_000;
/** How long the answers to requests that have left are waited for. */
const LAST_ANSWERS_MS = 2_000;

/** Puts all parts together: with `app/` the only place that knows every folder. */
export async function createApp(initial: Config, context: AppContext): Promise<App> {
  const { clock, log, observers, tracing } = context;
  const { config, swap } = createLiveConfig(initial);
  const connections = await createConnections(config, context);
  let closed = false;
  const core = createCore(config, connections, { clock, log, observers, tracing, isClosed: () => closed });
  const front = createFront(config, connections, core, context);
  const parts: Parts = { ...connections, ...core, ...front };
  const watch = watchOver(parts, context);
  const ending = new AbortController();
  let stopping: Promise<void> | undefined;

  function stop(): Promise<void> {
    ending.abort();
    stopping ??= end(parts, clock, () => {
      closed = true;
    });
    return stopping;
  }

  async function start(): Promise<void> {
    warnOfMissingContent(config, parts, context);
    // Before anything new can arrive, which would run beside what is picked up, or be taken for it.
    const recovered = await core.conversations.recover();
    if (stopping) return;
    try {
      await Promise.all([login(), front.register()]);
    } catch (error) {
      if (stopping) return;
      await stop();
      throw error;
    }
    if (stopping) return;
    void watch.run(ending.signal);
    log.info({}, describeAccess(config.access, front.presence()));
    readAgents(config, parts, context);
    log.info({ recovered, version: context.version }, "ready");
  }

  async function login(): Promise<void> {
    const waiting = {
      read: () => readSessionStarts(connections.rest),
      clock,
      log,
      onWaiting: () => context.onWaiting?.(),
      observe: observeStarts,
    };
    await untilSessionStart(waiting, ending.signal);
    // Every new session costs one.
    connections.client.on("shardReady", () => void readSessionStarts(connections.rest).then(observeStarts));
    await front.bot.start(config.discord.token);
  }

  function observeStarts(starts: SessionStarts | undefined): void {
    if (starts) observers?.sessionStarts(starts.remaining);
  }

  function reconfigure(next: Config): Reconfiguration {
    const changes = swap(next);
    // Where commands are registered is where people are served.
    if (changes.applied.includes("access.guildIds")) void front.register();
    // Cards say who decides.
    if (changes.applied.some((name) => name.startsWith("approvals."))) {
      core.approvals
        .showAgain()
        .catch((err: unknown) => log.warn({ err }, "waiting cards could not be shown by the new rules"));
    }
    return changes;
  }

  return { start, stop, reconfigure, vitals: vitalsOf(parts, watch, clock) };
}

function watchOver({ client }: Parts, { clock, log, observers, onLost }: AppContext): GatewayWatch {
  return createGatewayWatch({
    line: createGatewayLine(client),
    clock,
    log,
    onCanary: (result) => observers?.canary(result),
    onLost: () => onLost?.(),
  });
}

function vitalsOf(parts: Parts, watch: GatewayWatch, clock: Clock): Vitals {
  const { store, client } = parts;
  const queue = store.collection("queue", readPrompt);
  const gateway = () => gatewayState(client);
  return createVitals({ ...parts, queue, gateway, pulse: watch.pulse, clock });
}

/** `onClosed` is called when nothing more may be sent. */
async function end(parts: Parts, clock: Clock, onClosed: () => void): Promise<void> {
  const { conversations, bot, scheduler, directory, audit, store } = parts;
  // First: a question that is still heard waits in the store and is not begun.
  conversations.hold();
  await bot.stop();
  const unfinished = conversations.close();
  const patience = new AbortController();
  await Promise.race([unfinished, clock.sleep(DRAIN_MS, patience.signal).catch(() => {})]);
  patience.abort();
  onClosed();
  // What was just posted is known by its id at the next start.
  await Promise.race([scheduler.close(), clock.sleep(LAST_ANSWERS_MS)]);
  await unfinished;
  await directory.close();
  await audit.close();
  await store.close();
}

function warnOfMissingContent(config: Config, { application }: Parts, { log }: AppContext): void {
  if (!wantsContent(config) || application.messageContent) return;
  log.warn(
    {},
    "the Message Content intent is off, so only mentions are prompts: switch it on under Bot → Privileged Gateway Intents, or set DISCORD_MENTION_ONLY=true",
  );
}

/** The lists are there when somebody types; a cluster that cannot be read keeps nobody waiting. */
function readAgents({ routing }: Config, { directory }: Parts, { log }: AppContext): void {
  for (const { name } of routing.clusters) {
    directory
      .list(name)
      .catch((err: unknown) => log.warn({ err, cluster: name }, "agents could not be listed"));
  }
}
