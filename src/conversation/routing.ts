import { type AgentRef, agentKey } from "./agent-ref.ts";
import { BridgeError } from "./errors.ts";

/** A cluster as routing and people see it; how it is reached is the a2a folder's business. */
export interface ClusterInfo {
  readonly name: string;
  readonly label: string;
  /** `0xRRGGBB`. */
  readonly color?: number;
  /** Never chosen by words alone without a confirmation. */
  readonly production: boolean;
}

/** One slash command: `/command` asks `agent`. */
export interface Route {
  readonly command: string;
  readonly description: string;
  /** Descriptions by Discord locale. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** `name` in the default namespace, or `namespace/name`. */
  readonly agent: string;
  readonly cluster?: string;
  readonly examples: readonly string[];
}

/** Which agent answers mentions and free messages of a channel. */
export interface Binding {
  readonly channelId: string;
  readonly agent: string;
  readonly cluster?: string;
}

/** Words in a prompt that choose a cluster or an agent. */
export interface RoutingRule {
  /** Whole words, any case; or one regular expression written `/…/`. */
  readonly words: readonly string[];
  readonly cluster?: string;
  readonly agent?: string;
}

/** All of routing: everything here is plain data. */
export interface RoutingConfig {
  readonly namespace: string;
  readonly clusters: readonly ClusterInfo[];
  readonly defaultCluster: string;
  /** With `{agent}` and `{cluster}`: several clusters behind one controller, one agent per cluster. */
  readonly agentPattern?: string;
  readonly routes: readonly Route[];
  /** Asked where nothing else decides. */
  readonly defaultAgent: string;
  readonly bindings: readonly Binding[];
  readonly rules: readonly RoutingRule[];
}

/** What is known about a prompt when its agent is chosen. */
export interface Destination {
  readonly text: string;
  /** The channel or thread, then its parent. */
  readonly channelIds: readonly string[];
  /** Named by a command or an option: `name` or `namespace/name`. */
  readonly agent?: string;
  /** Named by an option or by the route. */
  readonly cluster?: string;
  /** The agent that this conversation talks to so far. */
  readonly current?: AgentRef;
}

/** The chosen agent; `byWords`: the cluster came from the prompt's words. */
export interface Choice {
  readonly agent: AgentRef;
  readonly byWords: boolean;
  /** A production cluster chosen by words alone: a person has to confirm before anything runs. */
  readonly confirm: boolean;
}

/** Which agent and cluster a prompt is for. Throws `BridgeError("cluster-unknown")` for a cluster nobody configured. */
export function chooseAgent(config: RoutingConfig, destination: Destination): Choice {
  const binding = config.bindings.find((one) => destination.channelIds.includes(one.channelId));
  const rules = config.rules.filter((rule) => rule.words.some((word) => mentions(destination.text, word)));
  const byWords = rules.find((rule) => rule.cluster !== undefined)?.cluster;
  const { current } = destination;
  const named = destination.agent ?? (current ? undefined : rules.find((rule) => rule.agent)?.agent);
  const told = destination.cluster ?? clusterOf(config, destination.agent);
  const bound = binding?.cluster ?? clusterOf(config, binding?.agent);
  const cluster = told ?? byWords ?? current?.cluster ?? bound ?? config.defaultCluster;
  const info = knownCluster(config, cluster);
  const keepsAgent = named === undefined && current !== undefined && current.cluster === info.name;
  const agent = keepsAgent
    ? current
    : agentRef(config, named ?? baseName(config, current) ?? binding?.agent, info.name);
  const wordsDecide = told === undefined && byWords !== undefined && byWords !== current?.cluster;
  return { agent, byWords: wordsDecide, confirm: wordsDecide && info.production };
}

/**
 * The address of the agent called `name` (or `namespace/name`) for one cluster.
 *
 * With an agent pattern the name gets its cluster: `{agent}-{cluster}` serves every agent, a pattern without
 * `{agent}` (`k8s-agent-{cluster}`) only the agent it spells. A name that has another cluster's form gets this one's:
 * no cluster is a way around the rules of another one.
 */
export function agentRef(config: RoutingConfig, name: string | undefined, cluster: string): AgentRef {
  const full = name ?? config.defaultAgent;
  const slash = full.indexOf("/");
  const namespace = slash === -1 ? config.namespace : full.slice(0, slash);
  const base = slash === -1 ? full : full.slice(slash + 1);
  const home = clusterOf(config, base);
  const plain = home === undefined || home === cluster ? base : patternFor(config, base, home)?.base;
  return { cluster, namespace, name: patternFor(config, plain ?? base, cluster)?.name ?? base };
}

/** Whether an agent of a controller's list is asked under this name on this cluster; several may share a controller. */
export function isReachable(config: RoutingConfig, ref: AgentRef): boolean {
  return isSameAgent(agentRef(config, `${ref.namespace}/${ref.name}`, ref.cluster), ref);
}

/** The configured cluster of that name. */
function knownCluster(config: RoutingConfig, name: string): ClusterInfo {
  const info = config.clusters.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (info) return info;
  const names = config.clusters.map((one) => one.name).join(", ");
  throw new BridgeError("cluster-unknown", `There is no cluster called “${name}”. Choose one of: ${names}.`);
}

/** The command that reaches an agent, without the slash, if a route is for it. */
export function commandFor(config: RoutingConfig, ref: AgentRef): string | undefined {
  return config.routes.find((route) => {
    const cluster = route.cluster ?? ref.cluster;
    return cluster === ref.cluster && isSameAgent(agentRef(config, route.agent, cluster), ref);
  })?.command;
}

/** Whether two addresses are of the same agent. */
export function isSameAgent(one: AgentRef, other: AgentRef): boolean {
  return agentKey(one) === agentKey(other);
}

/** The cluster whose form of the pattern this name has. */
function clusterOf(config: RoutingConfig, name: string | undefined): string | undefined {
  if (name === undefined || config.agentPattern === undefined) return undefined;
  const base = name.slice(name.indexOf("/") + 1);
  return config.clusters.find((one) => {
    const filled = patternFor(config, base, one.name);
    return filled?.name === base && filled.base !== base;
  })?.name;
}

/** The pattern filled in for an agent, whether `name` is its plain or its filled-in form; undefined: no pattern applies. */
function patternFor(
  config: RoutingConfig,
  name: string,
  cluster: string,
): { readonly base: string; readonly name: string } | undefined {
  const pattern = config.agentPattern;
  if (pattern === undefined) return undefined;
  if (!pattern.includes("{agent}")) {
    const base = pattern.replace(/[-_.]?\{cluster\}[-_.]?/, "");
    const filled = pattern.replaceAll("{cluster}", cluster);
    return name === base || name === filled ? { base, name: filled } : undefined;
  }
  const [before = "", after = ""] = pattern.replaceAll("{cluster}", cluster).split("{agent}");
  const isFilled =
    name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
  const base = isFilled ? name.slice(before.length, name.length - after.length) : name;
  return { base, name: before + base + after };
}

/** The agent's name without the cluster that a pattern put into it, so that another cluster's can be made. */
function baseName(config: RoutingConfig, ref: AgentRef | undefined): string | undefined {
  if (!ref) return undefined;
  const name = patternFor(config, ref.name, ref.cluster)?.base ?? ref.name;
  return ref.namespace === config.namespace ? name : `${ref.namespace}/${name}`;
}

function mentions(text: string, word: string): boolean {
  const pattern = /^\/(.+)\/$/s.exec(word)?.[1];
  if (pattern !== undefined) return new RegExp(pattern, "iu").test(text);
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped}(?![\\p{L}\\p{N}_-])`, "iu").test(text);
}
