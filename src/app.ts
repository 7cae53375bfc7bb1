import { randomBytes } from "node:crypto";
import about from "../commands/about.ts";
import { commandsFor } from "../commands/index.ts";
import { LOCALES, QUESTION_OPTIONS } from "../commands/locales.ts";
import { createDirectory } from "./a2a/directory.ts";
import type { Config } from "./config/config.ts";
import { describeAccess, type Presence } from "./conversation/access.ts";
import type { AgentRef } from "./conversation/agent.ts";
import { createContexts } from "./conversation/context.ts";
import { createConversations } from "./conversation/conversations.ts";
import type { Clock, Log } from "./conversation/ports.ts";
import { agentRef } from "./conversation/routing.ts";
import { createBot } from "./discord/gateway/bot.ts";
import { commandsApi, createClient, createRest, readApplication } from "./discord/gateway/client.ts";
import { toCommandsJson } from "./discord/gateway/command-json.ts";
import { registerCommands } from "./discord/gateway/register.ts";
import { createCdn } from "./discord/rest/cdn.ts";
import { createChannels } from "./discord/rest/channel.ts";
import { createDiscordWire } from "./discord/rest/discord-wire.ts";
import { createReplies } from "./discord/rest/reply.ts";
import { createScheduler } from "./discord/rest/scheduler.ts";
import { safeInline } from "./discord/view/safe-text.ts";
import { openStore } from "./store/open.ts";
import {
  readConversationRow,
  readFlag,
  readPending,
  readPlaceRow,
  readPrompt,
  readTurnRow,
} from "./store/rows.ts";
import { createTraceparent } from "./telemetry/traceparent.ts";

/** A running bot. */
export interface App {
  /** Connects, registers commands where they differ, and picks up what was unfinished. Rejects with `BridgeError`. */
  start(): Promise<void>;
  /**
   * Takes nothing new, keeps what is unfinished for the next start, and disconnects; also in the middle of a start.
   * Called again it does nothing more.
   */
  stop(): Promise<void>;
}

/** What surrounds an app. `onFatal`: Discord closed the connection for good. */
export interface AppContext {
  readonly log: Log;
  readonly clock: Clock;
  readonly version: string;
  readonly onFatal: (error: Error) => void;
}

/** How long last states may still be delivered after the bot was asked to stop; the rest is shown after the next start. */
const DRAIN_MS = 5_000;
/** How long the answers to requests that have left are waited for. */
const LAST_ANSWERS_MS = 2_000;

/** Puts all parts together: the only place that knows every folder. */
export async function createApp(config: Config, { log, clock, version, onFatal }: AppContext): Promise<App> {
  const { discord, access, routing, limits } = config;
  const rest = createRest(discord);
  const application = await readApplication(rest);
  const store = await openStore(config.store.url, { clock, log });
  const directory = createDirectory({
    clusters: config.clusters,
    namespace: routing.namespace,
    clock,
    log,
    // What is listed where a controller cannot list its agents.
    configured: routing.clusters.flatMap(({ name }) =>
      routing.routes.map((route) => agentRef(routing, route.agent, route.cluster ?? name)),
    ),
    limits: { silenceMs: limits.silenceMs },
  });
  const client = createClient({
    ...discord,
    messageContent: wantsContent(config) && application.messageContent,
  });
  const scheduler = createScheduler({ wire: createDiscordWire(client.rest), clock });
  const channels = createChannels(scheduler);
  let closed = false;
  const label = (agent: AgentRef) => labelOf(config, agent);
  const newId = () => randomBytes(9).toString("base64url").replaceAll("_", "-");
  const conversations = createConversations({
    directory,
    replies: createReplies({
      scheduler,
      channels,
      clock,
      log,
      label,
      maxMessages: limits.maxMessages,
      notify: discord.notify === "requester",
      isClosed: () => closed,
    }),
    attachments: createCdn(discord),
    contexts: createContexts(
      store.collection("conversation", readConversationRow),
      store.collection("place", readPlaceRow),
      newId,
    ),
    turns: store.collection("turn", readTurnRow),
    queue: store.collection("queue", readPrompt),
    asked: store.collection("asked", readPrompt),
    clock,
    log,
    newId,
    newTraceparent: createTraceparent,
    queueLimit: limits.queueLength,
  });
  const commands = commandsFor(routing.routes, routing.clusters.length);
  const presence = (): Presence => ({ guildIds: [...client.guilds.cache.keys()] });
  const bot = createBot(
    client,
    {
      conversations,
      directory,
      channels,
      access,
      routing,
      commands,
      seen: store.collection("seen", readFlag),
      pending: store.collection("pending", readPending),
      clock,
      log,
      newId,
      version,
      label,
      mentionOnly: discord.mentionOnly,
      messageContent: application.messageContent,
      presence,
      isMember: channels.isMember,
      botId: () => client.user?.id ?? "",
      gatewayPingMs: () => (client.ws.ping >= 0 ? client.ws.ping : undefined),
    },
    about.form,
    onFatal,
  );

  async function register(): Promise<void> {
    const wanted = toCommandsJson(commands, about.name, LOCALES, QUESTION_OPTIONS);
    const registration = { applicationId: application.id, guildIds: access.guildIds, commands: wanted };
    // What failed is in the log; the bot is useful without it.
    await registerCommands(commandsApi(rest), registration, log).catch(() => {});
  }

  let stopping: Promise<void> | undefined;

  async function end(): Promise<void> {
    // First: a question that is still heard waits in the store and is not begun.
    conversations.hold();
    await bot.stop();
    const unfinished = conversations.close();
    const patience = new AbortController();
    await Promise.race([unfinished, clock.sleep(DRAIN_MS, patience.signal).catch(() => {})]);
    patience.abort();
    closed = true;
    // What was just posted is known by its id at the next start.
    await Promise.race([scheduler.close(), clock.sleep(LAST_ANSWERS_MS)]);
    await unfinished;
    await directory.close();
    await store.close();
  }

  function stop(): Promise<void> {
    stopping ??= end();
    return stopping;
  }

  return {
    async start() {
      if (wantsContent(config) && !application.messageContent) {
        log.warn(
          {},
          "the Message Content intent is off, so only mentions are prompts: switch it on under Bot → Privileged Gateway Intents, or set DISCORD_MENTION_ONLY=true",
        );
      }
      // Before anything new can arrive, which would run beside what is picked up, or be taken for it.
      const recovered = await conversations.recover();
      if (stopping) return;
      try {
        await Promise.all([bot.start(discord.token), register()]);
      } catch (error) {
        await stop();
        throw error;
      }
      if (stopping) return;
      log.info({}, describeAccess(access, presence()));
      for (const { name } of routing.clusters) {
        directory
          .list(name)
          .catch((err: unknown) => log.warn({ err, cluster: name }, "agents could not be listed"));
      }
      log.info({ recovered, version }, "ready");
    },
    stop,
  };
}

function wantsContent(config: Config): boolean {
  return !config.discord.mentionOnly;
}

/** An agent as people read it: its cluster only where there is more than one. */
function labelOf({ routing }: Config, agent: AgentRef): string {
  const name = safeInline(agent.name);
  if (routing.clusters.length < 2) return name;
  const cluster = routing.clusters.find((one) => one.name === agent.cluster);
  return `${name} on ${safeInline(cluster?.label ?? agent.cluster)}${cluster?.production ? " ⚠️ production" : ""}`;
}
