import type { Agent, AgentInfo, AgentRef } from "./agent.ts";
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

/** Where an answer appears. */
export interface Reply {
  /** The latest turn to make visible soon; newer calls replace older ones. Cheap, never throws. */
  show(turn: Turn): void;
  /** Delivers the last state; resolves when it is visible or provably cannot be. Never rejects. */
  settle(turn: Turn): Promise<void>;
}

/** The agents of all configured clusters. */
export interface Directory {
  /** All agents of a cluster, cached for a short time; rejects with `BridgeError` when it cannot be read. */
  list(cluster: string): Promise<readonly AgentInfo[]>;
  /** What the last successful reads brought, at once: for autocomplete. */
  known(): readonly AgentInfo[];
  agent(ref: AgentRef): Agent;
}
