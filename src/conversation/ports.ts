import type { Agent, AgentInfo } from "./agent.ts";
import type { AgentRef } from "./agent-ref.ts";
import type { Attachment } from "./outgoing.ts";
import type { Prompt, PromptFile } from "./prompt.ts";
import type { Turn } from "./turn.ts";

/** Milliseconds since the epoch, and waiting. Tests bring their own. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One stored row. */
export interface Entry<T> {
  readonly key: string;
  readonly value: T;
}

/**
 * A keyed collection of rows that survive a restart. Values are plain JSON; `ttlMs` is in milliseconds.
 *
 * `claim` writes only where no live row is: the first caller wins, whoever asks, in whatever process.
 * `cas` writes only while the stored row equals `expected`. Every method rejects with
 * `BridgeError("store-failed")` when the store cannot be read or written.
 */
export interface Store<T> {
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T, ttlMs?: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Rows whose key starts with `prefix`, ordered by key. */
  list(prefix: string): Promise<readonly Entry<T>[]>;
  claim(key: string, value: T, ttlMs?: number): Promise<boolean>;
  cas(key: string, expected: T, next: T, ttlMs?: number): Promise<boolean>;
}

/** The messages that show a turn, from top to bottom, by id. */
export interface Painted {
  readonly messageIds: readonly string[];
  /** The fresh message at the end of a long turn. */
  readonly closingId?: string;
}

/** Where an answer appears. */
export interface Reply {
  /** The latest turn to make visible soon; newer calls replace older ones. Cheap, never throws. */
  show(turn: Turn): void;
  /**
   * Delivers the last state; resolves when it is visible or provably cannot be. Never rejects. False: the process is
   * ending before that was known, so the turn must be kept for the next start.
   */
  settle(turn: Turn): Promise<boolean>;
}

/** The agents of all configured clusters. */
export interface Directory {
  /** All agents of a cluster, cached for a short time; rejects with `BridgeError` when it cannot be read. */
  list(cluster: string): Promise<readonly AgentInfo[]>;
  /** What the last successful reads brought, at once: for autocomplete. */
  known(): readonly AgentInfo[];
  agent(ref: AgentRef): Agent;
}

/** Why a prompt waits. */
export type Waiting =
  | { readonly kind: "position"; readonly position: number }
  /** A stopped run that its agent could not end is still going on in this context. */
  | { readonly kind: "stopped-run" };

/** How prompts and turns become visible. */
export interface Replies {
  /** A reply for a turn; `painted` are the messages that already show it, `onPainted` hears of new ones. */
  open(turn: Turn, prompt: Prompt, painted: Painted, onPainted: (painted: Painted) => void): Reply;
  /**
   * Says that a prompt waits and why; resolves with the id of the message that says so. `wanted` is asked at the moment
   * of sending: false drops it.
   */
  queued(prompt: Prompt, waiting: Waiting, wanted: () => boolean): Promise<string | undefined>;
  /** Says that a waiting prompt was removed. */
  removed(prompt: Prompt): Promise<void>;
}

/** Downloads what people attached; rejects with `BridgeError("file-refused")`. */
export interface Attachments {
  fetch(files: readonly PromptFile[], signal: AbortSignal): Promise<readonly Attachment[]>;
}

/** What a log line carries besides its message; an error goes into `err`. Secrets and user text stay out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log lines; `child` adds fields to every line. Logging never throws. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Log;
}

/** What a look at one thing found. Plain text for whoever runs the bot: no markup, no secret, no address. */
export interface Finding {
  /** What was looked at, in a few words that stay the same: `Discord token`, `kagent dev: agents`. */
  readonly check: string;
  /** `problem`: something does not work; `warning`: it works, but not as well or as safely as it could. */
  readonly level: "ok" | "warning" | "problem";
  readonly sentence: string;
  /** What to do next. */
  readonly advice?: string;
}

/** Looks at one thing from outside. Does not change anything; rejects only where it has a mistake itself. */
export interface Check {
  readonly name: string;
  /** The signal ends what takes too long. */
  run(signal: AbortSignal): Promise<readonly Finding[]>;
}
