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
