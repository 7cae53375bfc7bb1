import about from "../../commands/about.ts";
import { commandsFor } from "../../commands/index.ts";
import type { Config } from "../config/config.ts";
import type { Presence } from "../conversation/access.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import { type Bot, createBot } from "../discord/gateway/bot.ts";
import type { CatchUpOptions } from "../discord/gateway/catch-up.ts";
import { commandsApi, gatewayState } from "../discord/gateway/client.ts";
import { registerCommands } from "../discord/gateway/register.ts";
import { createHistory } from "../discord/rest/history.ts";
import { readMissedList } from "../store/catch-up-rows.ts";
import { readFlag, readPending, readPlaceRow, readPrompt, readTurnRow } from "../store/rows.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { Connections } from "./connections.ts";
import { type Core, cardLookOf, labelOf, newId, presenceOf } from "./core.ts";
import { examine, sharing } from "./doctor.ts";
import { wantedCommands } from "./wanted-commands.ts";

/** What people meet: the bot that hears them, and the commands that they are offered. */
export interface Front {
  readonly bot: Bot;
  /** The guilds that the bot is in right now. */
  presence(): Presence;
  /** Makes Discord's commands equal to ours. Never rejects: what failed is in the log, and the bot is useful without it. */
  register(): Promise<void>;
}

/** What the front needs beside its connections. `onFatal`: Discord closed the connection for good. */
export interface FrontContext {
  readonly log: Log;
  readonly clock: Clock;
  readonly version: string;
  readonly tracing?: Tracing;
  readonly onFatal: (error: Error) => void;
}

/** Connects what people do to the conversations. */
export function createFront(
  config: Config,
  connections: Connections,
  core: Core,
  context: FrontContext,
): Front {
  const { access, routing } = config;
  const { client, rest, application } = connections;
  const presence = () => presenceOf(connections);
  const commands = commandsFor(routing.routes, routing.clusters.length);
  const around = { ...surroundings(config, connections, context), ...core, commands, presence };
  return {
    bot: createBot(client, around, about.form, context.onFatal, missedBy(config, connections, core)),
    presence,
    async register() {
      const wanted = { guildIds: access.guildIds, commands: wantedCommands(config) };
      const registration = { applicationId: application.id, ...wanted };
      await registerCommands(commandsApi(rest), registration, context.log).catch(() => {});
    },
  };
}

/** What came while the bot was away, and what is known of it. */
function missedBy(
  { catchUp }: Config,
  { store, scheduler }: Connections,
  { watermarks }: Core,
): CatchUpOptions {
  return {
    ...catchUp,
    history: (signal) => createHistory(scheduler, signal),
    watermarks,
    lists: store.collection("missed", readMissedList),
    places: store.collection("place", readPlaceRow),
    prompts: {
      queue: store.collection("queue", readPrompt),
      turns: store.collection("turn", readTurnRow),
      asked: store.collection("asked", readPrompt),
    },
  };
}

function surroundings(
  config: Config,
  { client, application, store, channels, directory }: Connections,
  { log, clock, version, tracing }: FrontContext,
) {
  return {
    ...(tracing ? { handling: tracing.handling } : {}),
    directory,
    channels,
    cardLook: cardLookOf(config),
    access: config.access,
    routing: config.routing,
    seen: store.collection("seen", readFlag),
    pending: store.collection("pending", readPending),
    clock,
    log,
    newId,
    version,
    label: (agent: Parameters<typeof labelOf>[1]) => labelOf(config, agent),
    mentionOnly: config.discord.mentionOnly,
    messageContent: application.messageContent,
    isMember: channels.isMember,
    botId: () => client.user?.id ?? "",
    gateway: () => gatewayState(client),
    doctor: sharing((guildId) => {
      const gateway = () => gatewayState(client);
      return examine(config, { clock, store: async () => store, gateway, onlyGuild: guildId });
    }),
  };
}
