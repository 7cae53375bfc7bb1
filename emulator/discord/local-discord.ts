import type { Clock } from "./clock.ts";
import type { Gateway } from "./gateway/gateway.ts";
import type { GuildOptions, PersonOptions, WebhookPost } from "./people/cast.ts";
import type { GuildHandle } from "./people/guild-handle.ts";
import type { InteractionHandle } from "./people/interaction-handle.ts";
import type { Person } from "./people/person.ts";
import type { Faults } from "./rest/faults.ts";
import type { Latency } from "./rest/latency.ts";
import type { Limits } from "./rest/limits.ts";
import type { Counts, LoggedRequest } from "./rest/log.ts";
import type { TranscriptOptions } from "./transcript/transcript.ts";
import type { UntilOptions } from "./waiting.ts";
import type { Channel, Message } from "./world/model.ts";
import type { Change, World } from "./world/world.ts";

export interface DiscordOptions {
  /** The bot's token; default a made-up one. */
  readonly token?: string;
  /** Default: any free port of the loopback interface. */
  readonly port?: number;
  readonly botName?: string;
  /** Round-trip time of REST requests; default none. */
  readonly latency?: Latency;
  /** Deviations from Discord's limits. */
  readonly limits?: Partial<Limits>;
  /** The privileged Message Content intent is granted; default true. */
  readonly messageContent?: boolean;
  /** Of the latencies; default 1. */
  readonly seed?: number;
  /** Holds every answer against the OpenAPI description: see `misfit` of the logged requests. */
  readonly checkResponses?: boolean;
  /** Default 41250. */
  readonly heartbeatMs?: number;
}

/** A running local Discord. */
export interface LocalDiscord {
  /** For discord.js `rest.api` and `DISCORD_API_URL`: `http://127.0.0.1:PORT/api`. */
  readonly apiUrl: string;
  /** `http://127.0.0.1:PORT/cdn`; attachments are served there. */
  readonly cdnUrl: string;
  readonly gatewayUrl: string;
  readonly token: string;
  readonly applicationId: string;
  readonly botId: string;
  readonly clock: Clock;
  readonly world: World;
  readonly gateway: Gateway;
  readonly faults: Faults;
  /** Every REST request so far. */
  readonly requests: readonly LoggedRequest[];
  counts(): Counts;
  /** A guild with the bot in it, unless `bot` says otherwise (false, or other permissions). */
  createGuild(options: GuildOptions): GuildHandle;
  createPerson(options: PersonOptions): Person;
  /** Another application's bot. */
  createBot(options: { readonly name: string; readonly guild?: GuildHandle }): Person;
  /** A message by a webhook, as Grafana or Alertmanager send them. */
  postByWebhook(channel: Channel, post: WebhookPost): Message;
  /** Grants or takes the Message Content intent. */
  setMessageContent(granted: boolean): void;
  transcript(channel: Channel, options?: TranscriptOptions): string;
  /** One message as the transcript shows it; for transcripts that repaint. */
  messageText(message: Message, options?: { readonly history?: boolean }): string;
  /** Messages of a channel, oldest first, ephemeral ones among them. */
  messages(channel: Channel): Message[];
  /** Threads of a channel, oldest first. */
  threads(channel: Channel): Channel[];
  /** Delivers an interaction or a message to the bot once more, as Discord sometimes does. */
  redeliver(what: InteractionHandle | Message): void;
  /** Waits for a condition; looked at on every change of the world and after every request. */
  until<T>(condition: () => T | Promise<T>, options?: UntilOptions): Promise<NonNullable<T>>;
  onChange(listener: (change: Change) => void): () => void;
  stop(): Promise<void>;
}
