import { Client, GatewayIntentBits, Options, Partials, REST, Routes, Status } from "discord.js";
import { BridgeError } from "../../conversation/errors.ts";
import type { GatewayState } from "../command.ts";
import { REST_OPTIONS } from "../rest/discord-wire.ts";
import type { CommandsApi } from "./register.ts";

/** How to reach Discord. */
export interface ClientOptions {
  readonly token: string;
  /** REST base without the version, for a local Discord or a proxy; the gateway's address is learned from it. */
  readonly apiUrl?: string;
  /** Whether to ask for message texts; asking for an intent that is not granted would end the login. */
  readonly messageContent: boolean;
}

/** What Discord says of the application before anybody logs in. */
export interface Application {
  readonly id: string;
  readonly messageContent: boolean;
}

/** `GATEWAY_MESSAGE_CONTENT` and its form for apps in fewer than 100 servers. */
const MESSAGE_CONTENT_FLAGS = (1 << 18) | (1 << 19);
/** Discord allows 3 s for an answer; a guild that is away must not hold back the others' events. */
const WAIT_FOR_GUILDS_MS = 1_000;

/** A REST client for calls outside the scheduler: before login, and for the command line. */
export function createRest({ token, apiUrl }: Pick<ClientOptions, "token" | "apiUrl">): REST {
  return new REST({ version: "10", ...(apiUrl === undefined ? {} : { api: apiUrl }) }).setToken(token);
}

/** The calls that registering commands makes. */
export function commandsApi(rest: REST): CommandsApi {
  return { get: (path) => rest.get(path), put: (path, body) => rest.put(path, { body }) };
}

/** Reads the application: its id, and whether the Message Content intent is granted. A refused login would cost an IDENTIFY. */
export async function readApplication(rest: REST): Promise<Application> {
  try {
    const body = await rest.get(Routes.currentApplication());
    const { id, flags } = Object(body);
    if (typeof id !== "string") throw new Error("an application without an id");
    return { id, messageContent: typeof flags === "number" && (flags & MESSAGE_CONTENT_FLAGS) !== 0 };
  } catch (cause) {
    const status = cause instanceof Error && "status" in cause ? cause.status : undefined;
    const sentence =
      status === 401
        ? "Discord refuses the bot token. Copy it again from the Bot page of your application into DISCORD_BOT_TOKEN."
        : "Discord cannot be reached. Check the network, and DISCORD_API_URL if it is set.";
    throw new BridgeError("discord-failed", sentence, { cause });
  }
}

/** How the connection is. Discord's first heartbeat is answered long after the first events came. */
export function gatewayState({ ws }: Pick<Client, "ws">): GatewayState {
  const connected = ws.shards.size > 0 && ws.shards.every((shard) => shard.status === Status.Ready);
  return { connected, pingMs: ws.ping >= 0 ? ws.ping : undefined };
}

/** A client that keeps in memory only what the bot looks at. Its requests work before it logs in. */
export function createClient(options: ClientOptions): Client {
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      ...(options.messageContent ? [GatewayIntentBits.MessageContent] : []),
    ],
    // Message: without it edits and deletions of messages that are not cached would be dropped.
    partials: [Partials.Channel, Partials.Message],
    allowedMentions: { parse: [], repliedUser: false },
    failIfNotExists: false,
    waitGuildTimeout: WAIT_FOR_GUILDS_MS,
    makeCache: Options.cacheWithLimits({
      // A reply arrives with the message that it replies to; nothing older is looked at, of our own edits least of all.
      MessageManager: 2,
      // A member arrives with its message; only the newest are looked at, and the bot itself stays.
      GuildMemberManager: { maxSize: 50, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 100, keepOverLimit: (user) => user.id === user.client.user.id },
      AutoModerationRuleManager: 0,
      BaseGuildEmojiManager: 0,
      GuildBanManager: 0,
      GuildEmojiManager: 0,
      GuildInviteManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      StageInstanceManager: 0,
      ThreadMemberManager: 0,
      VoiceStateManager: 0,
    }),
    rest: { ...REST_OPTIONS, ...(options.apiUrl === undefined ? {} : { api: options.apiUrl }) },
  });
  client.rest.setToken(options.token);
  return client;
}
