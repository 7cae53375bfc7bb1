import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { createSnowflakes, type Snowflakes } from "../snowflake.ts";
import { Commands } from "./commands.ts";
import type { Interaction } from "./interaction.ts";
import type { Attachment, Channel, Guild, Message, User } from "./model.ts";

/** Everything that can happen in the world; the gateway, transcripts and waiting tests listen to it. */
export type Change =
  | { readonly kind: "message-created"; readonly message: Message; readonly channel: Channel }
  | { readonly kind: "message-edited"; readonly message: Message; readonly channel: Channel }
  | { readonly kind: "message-deleted"; readonly message: Message; readonly channel: Channel }
  | { readonly kind: "channel-created"; readonly channel: Channel }
  | { readonly kind: "channel-edited"; readonly channel: Channel }
  | { readonly kind: "channel-deleted"; readonly channel: Channel }
  | { readonly kind: "thread-joined"; readonly channel: Channel; readonly user: User }
  | { readonly kind: "typing"; readonly channel: Channel; readonly user: User }
  | {
      readonly kind: "reaction";
      readonly added: boolean;
      readonly message: Message;
      readonly user: User;
      readonly emoji: string;
    }
  | { readonly kind: "interaction"; readonly interaction: Interaction }
  | { readonly kind: "interaction-answered"; readonly interaction: Interaction }
  | { readonly kind: "guild-joined"; readonly guild: Guild }
  | { readonly kind: "guild-unavailable"; readonly guild: Guild }
  | { readonly kind: "guild-left"; readonly guild: Guild }
  | { readonly kind: "guild-edited"; readonly guild: Guild };

/** IDENTIFYs that a bot may send in a period: https://docs.discord.com/developers/events/gateway#session-start-limit-object */
const SESSION_STARTS = 1000;
const SESSION_PERIOD_MS = 24 * 60 * 60 * 1000;

export interface WorldOptions {
  readonly clock: Clock;
  readonly token: string;
  readonly botName: string;
  /** The application may read message content (the privileged intent is granted). */
  readonly messageContent: boolean;
  /** Most active threads in a guild; Discord documents no number. */
  readonly activeThreads: number;
  /** Most new commands a day, globally and in each guild. */
  readonly commandCreatesPerDay: number;
}

/** The state of the local Discord. Rules live beside it; nothing here checks a permission. */
export class World {
  readonly clock: Clock;
  readonly token: string;
  readonly nextId: Snowflakes;
  readonly bot: User;
  readonly applicationId: string;
  readonly owner: User;
  readonly activeThreads: number;
  messageContent: boolean;
  /** IDENTIFYs that the gateway took in the present period. */
  identifies = 0;
  /** When that period ends, in milliseconds since 1970. */
  sessionStartsReset: number;
  readonly users = new Map<string, User>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  /** By token. */
  readonly interactions = new Map<string, Interaction>();
  readonly commands: Commands;
  /** Everything that was uploaded, by attachment id. */
  readonly files = new Map<string, Attachment>();
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(options: WorldOptions) {
    this.clock = options.clock;
    this.token = options.token;
    this.messageContent = options.messageContent;
    this.activeThreads = options.activeThreads;
    this.nextId = createSnowflakes(options.clock.now);
    this.commands = new Commands(options.clock, this.nextId, options.commandCreatesPerDay);
    this.sessionStartsReset = options.clock.now() + SESSION_PERIOD_MS;
    this.applicationId = this.nextId();
    this.bot = this.addUser({ id: this.applicationId, name: options.botName, bot: true });
    this.owner = this.addUser({ name: "owner", bot: false });
  }

  addUser(user: {
    readonly name: string;
    readonly bot: boolean;
    readonly id?: string;
    readonly locale?: string;
    readonly acceptsDms?: boolean;
    readonly phone?: boolean;
  }): User {
    const added: User = {
      id: user.id ?? this.nextId(),
      // People's names are lower case; those of bots and webhooks are kept as they are.
      username: user.bot ? user.name : user.name.toLowerCase().replace(/[^a-z0-9._]+/g, "_"),
      displayName: user.name,
      bot: user.bot,
      locale: user.locale ?? "en-US",
      acceptsDms: user.acceptsDms ?? true,
      phone: user.phone ?? false,
    };
    this.users.set(added.id, added);
    return added;
  }

  /** Calls `listener` for every change until the result is called. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  guildOf(channel: Channel): Guild | undefined {
    return channel.guildId === undefined ? undefined : this.guilds.get(channel.guildId);
  }

  channelsOf(guild: Guild): Channel[] {
    return [...this.channels.values()].filter((channel) => channel.guildId === guild.id);
  }

  parentOf(channel: Channel): Channel | undefined {
    return channel.parentId === undefined ? undefined : this.channels.get(channel.parentId);
  }

  /** How many IDENTIFYs are left, and when there are all of them again (ms since 1970). */
  sessionStarts(): { readonly total: number; readonly remaining: number; readonly resetsAt: number } {
    const now = this.clock.now();
    if (now >= this.sessionStartsReset) {
      this.identifies = 0;
      this.sessionStartsReset = now + SESSION_PERIOD_MS;
    }
    const remaining = Math.max(SESSION_STARTS - this.identifies, 0);
    return { total: SESSION_STARTS, remaining, resetsAt: this.sessionStartsReset };
  }

  /** Counts an IDENTIFY; false: there was none left, which costs a real application its token. */
  takeSessionStart(): boolean {
    if (this.sessionStarts().remaining === 0) return false;
    this.identifies += 1;
    return true;
  }

  /** A token of an interaction: Discord's own begin with "interaction:" in base64 too. */
  newToken(): string {
    return `aW50ZXJhY3Rpb246${randomBytes(48).toString("base64url")}`;
  }

  /** The signature of a CDN link that is valid until `expires` (ms). */
  sign(path: string, expires: number): string {
    return createHash("sha256").update(`${this.token} ${path} ${expires}`).digest("hex");
  }
}
