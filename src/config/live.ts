import { isDeepStrictEqual } from "node:util";
import type { Config } from "./config.ts";

/** What became of a changed configuration, by the names of its parts: `access.guildIds`. */
export interface Reconfiguration {
  /** In effect from now on. */
  readonly applied: readonly string[];
  /** Unchanged until the next start. */
  readonly restart: readonly string[];
}

/** A configuration whose access, routing and approvals always read as the newest one says. */
export interface LiveConfig {
  readonly config: Config;
  /** Puts the next one into effect, as far as that is possible, in one step. */
  swap(next: Config): Reconfiguration;
}

/** A live configuration that begins with this one. */
export function createLiveConfig(initial: Config): LiveConfig {
  let current = initial;
  const view = <T extends object>(section: T, pick: (config: Config) => T) =>
    liveView(section, () => pick(current));
  return {
    config: {
      ...initial,
      access: view(initial.access, (config) => config.access),
      routing: view(initial.routing, (config) => config.routing),
      approvals: view(initial.approvals, (config) => config.approvals),
    },
    swap(next) {
      const before = current;
      current = effective(before, next);
      return { applied: differences(before, current), restart: differences(current, next) };
    },
  };
}

/** What of the next configuration can be in effect while this one runs. */
function effective(running: Config, next: Config): Config {
  const { channelId: _moved, ...approvals } = next.approvals;
  const { channelId } = running.approvals;
  return {
    ...running,
    access: next.access,
    // Cards and reminders must agree on their channel.
    approvals: { ...approvals, ...(channelId === undefined ? {} : { channelId }) },
    routing: keepsItsAgents(running, next) ? next.routing : running.routing,
  };
}

/** Commands are registered and connections open for these: rules and bindings may name them. */
function keepsItsAgents(running: Config, next: Config): boolean {
  const fixed = ({ clusters, routing }: Config) => [
    clusters,
    routing.namespace,
    routing.clusters,
    routing.routes,
    routing.agentPattern,
  ];
  return isDeepStrictEqual(fixed(running), fixed(next));
}

/** The names of the parts in which two configurations differ; never a value, which may be a secret. */
function differences(one: Config, other: Config): readonly string[] {
  return entriesOf({ ...one, ...other }).flatMap(([section]) => {
    const [left, right] = [Object(one)[section], Object(other)[section]];
    if (isDeepStrictEqual(left, right)) return [];
    if (Array.isArray(left)) return [section];
    const keys = Object.keys({ ...Object(left), ...Object(right) });
    return keys
      .filter((key) => !isDeepStrictEqual(Object(left)[key], Object(right)[key]))
      .map((key) => `${section}.${key}`);
  });
}

function entriesOf(config: Config): readonly (readonly [string, unknown])[] {
  return Object.entries(config);
}

/** An object that reads as whatever `latest` gives at that moment. */
function liveView<T extends object>(section: T, latest: () => T): T {
  return new Proxy(section, {
    get: (_section, key) => Reflect.get(latest(), key),
    has: (_section, key) => Reflect.has(latest(), key),
    ownKeys: () => Reflect.ownKeys(latest()),
    getOwnPropertyDescriptor: (_section, key) => Reflect.getOwnPropertyDescriptor(latest(), key),
  });
}
