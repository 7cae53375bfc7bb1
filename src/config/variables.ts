/** One environment variable; `<CLUSTER>` in a name stands for a cluster's name in upper case with underscores. */
export interface Variable {
  readonly name: string;
  /** What it is for, in Markdown. */
  readonly what: string;
  /** As it would be written. */
  readonly fallback?: string;
  readonly example?: string;
  /** Masked wherever the configuration is shown, and also read from the file that `NAME_FILE` names. */
  readonly secret?: true;
}

/** Every environment variable that this program reads: the reader, the documents and `.env.example` follow this list. */
export const VARIABLES = [
  {
    name: "DISCORD_BOT_TOKEN",
    what: "The bot's token, from the Bot page of its Discord application. Required.",
    secret: true,
  },
  {
    name: "KAGENT_BASE_URL",
    what: "Address of kagent's controller: all its agents can be asked. This or `KAGENT_A2A_URL` is required, unless every cluster has an address of its own.",
    example: "http://kagent-controller.kagent:8083",
  },
  {
    name: "KAGENT_A2A_URL",
    what: "Address of one A2A agent. It answers mentions and gets one command, named after it: `k8s-agent` → `/k8s`.",
    example: "http://kagent-controller.kagent:8083/api/a2a/kagent/k8s-agent/",
  },
  {
    name: "KAGENT_NAMESPACE",
    what: "Namespace of agents that are named without one.",
    fallback: "kagent",
  },
  {
    name: "KAGENT_ROUTES",
    what: "Slash commands and the agents they ask; the first agent also answers mentions.",
    fallback: "k8s=k8s-agent,istio=istio-agent,security=security-agent",
    example: "k8s=k8s-agent,security=other-ns/security-agent",
  },
  { name: "KAGENT_TOKEN", what: "Bearer token for kagent, for every cluster without its own.", secret: true },
  {
    name: "CF_ACCESS_CLIENT_ID",
    what: "Cloudflare Access service token, sent to every cluster: its id …",
    secret: true,
  },
  { name: "CF_ACCESS_CLIENT_SECRET", what: "… and its secret.", secret: true },
  {
    name: "ENABLE_MULTI_CLUSTER",
    what: "`false` ignores the four cluster variables below; `true` insists on clusters. Unset: on when clusters are named.",
    example: "true",
  },
  { name: "KAGENT_CLUSTERS", what: "Names of the clusters.", example: "test,dev,prod" },
  {
    name: "KAGENT_DEFAULT_CLUSTER",
    what: "The cluster that is asked when nothing else decides. Otherwise the first that is not a production cluster.",
    example: "dev",
  },
  {
    name: "KAGENT_AGENT_PATTERN",
    what: "One controller with an agent per cluster: how their names are made.",
    example: "{agent}-{cluster}",
  },
  {
    name: "KAGENT_PRODUCTION_CLUSTERS",
    what: "Clusters that are never chosen by words alone without a confirmation. A name does not make one.",
    example: "prod",
  },
  {
    name: "KAGENT_<CLUSTER>_BASE_URL",
    what: "One kagent per cluster: address of this cluster's controller (`eu-west` → `KAGENT_EU_WEST_BASE_URL`).",
    example: "http://kagent.prod.example.com",
  },
  { name: "KAGENT_<CLUSTER>_TOKEN", what: "Bearer token of this cluster.", secret: true },
  {
    name: "DISCORD_GUILD_IDS",
    what: "Guilds (servers) that may use the bot, and where its commands are registered. Unset: served only while the bot is in exactly one.",
    example: "112233445566778899",
  },
  {
    name: "DISCORD_CHANNEL_ONLY",
    what: "Channels where asking is allowed (threads count by their channel); there every message is a prompt. Unset: everywhere, with a mention.",
    example: "112233445566778899,223344556677889900",
  },
  {
    name: "DISCORD_MENTION_ONLY",
    what: "`true`: only mentions are prompts, also in listed channels, threads and direct messages.",
    fallback: "false",
  },
  { name: "DISCORD_DIRECT_MESSAGES", what: "Whether direct messages are prompts.", fallback: "false" },
  {
    name: "DISCORD_API_URL",
    what: "Base of Discord's REST interface, for proxies and local Discords.",
    example: "http://127.0.0.1:3000/api",
  },
  {
    name: "DISCORD_API_ALLOW_HTTP",
    what: "`true` allows plain http to a `DISCORD_API_URL` on another machine, where the token can be read on the way.",
    fallback: "false",
  },
  {
    name: "STORE_URL",
    what: "Where conversations and running turns are kept: `sqlite://path` (relative), `sqlite:///path` (absolute, local disk), or `memory:` (lost at the end).",
    fallback: "sqlite://data/kagent-discord.sqlite",
  },
  {
    name: "APPROVER_ROLES",
    what: "Roles that decide what agents may do, as one rule for everything. For more than one rule use `approvals.rules` of the file. Neither: members with Manage Server.",
    example: "112233445566778899,223344556677889900",
  },
  {
    name: "AUDIT_DIR",
    what: "Directory of the audit files (who asked, who decided, what came of it), or `off`.",
    fallback: "data/audit",
  },
  {
    name: "AUDIT_KEY",
    what: "Key of the audit trail, at least 32 characters: without it nobody can change or add a record unnoticed. Keep it where the files are not.",
    secret: true,
  },
  {
    name: "AUDIT_STDOUT",
    what: "`true` prints every audit record to standard output too.",
    fallback: "false",
  },
  {
    name: "AUDIT_ARGUMENTS",
    what: "`true` puts the arguments of tools into audit records, which may hold secrets; otherwise only their hash.",
    fallback: "false",
  },
  {
    name: "HTTPS_PROXY",
    what: "Proxy for everything that goes to Discord or kagent over https, with user and password where it wants them. Names in lower case count first.",
    example: "http://proxy.example.com:3128",
  },
  {
    name: "HTTP_PROXY",
    what: "The same for plain http, and for https where `HTTPS_PROXY` is not set.",
    example: "http://proxy.example.com:3128",
  },
  {
    name: "NO_PROXY",
    what: "Hosts that are reached directly, with everything below them; `*`: all. kagent in the same Kubernetes cluster belongs here.",
    example: ".svc,.cluster.local,kagent-controller.kagent",
  },
  {
    name: "HTTP_PORT",
    what: "Port of probes and metrics; `0`: any free one, `off`: none.",
    fallback: "8080",
  },
  {
    name: "HTTP_HOST",
    what: "Address that this port is opened on. Unset: every one.",
    example: "127.0.0.1",
  },
  { name: "CONFIG_FILE", what: "A YAML file with everything structural (below).", example: "config.yaml" },
  { name: "LOG_LEVEL", what: "`debug`, `info`, `warn`, `error` or `silent`.", fallback: "info" },
  {
    name: "LOG_PRETTY",
    what: "Readable log lines instead of JSON. Unset: on a terminal.",
    example: "true",
  },
  {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    what: "Collector that gets [traces](operations.md#traces), by OTLP over HTTP; `/v1/traces` is added. Unset: nothing is exported, and nothing is loaded for it.",
    example: "http://otel-collector.monitoring:4318",
  },
  {
    name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    what: "The same for traces alone, as a whole address.",
    example: "http://otel-collector.monitoring:4318/v1/traces",
  },
  {
    name: "OTEL_EXPORTER_OTLP_HEADERS",
    what: "Headers for the collector: `name=value`, commas between, values percent-encoded.",
    secret: true,
  },
  { name: "OTEL_EXPORTER_OTLP_TRACES_HEADERS", what: "The same for traces alone.", secret: true },
  {
    name: "OTEL_EXPORTER_OTLP_PROTOCOL",
    what: "Only `http/protobuf` is spoken.",
    fallback: "http/protobuf",
  },
  {
    name: "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    what: "The same for traces alone.",
    fallback: "http/protobuf",
  },
  { name: "OTEL_SERVICE_NAME", what: "Who sends the traces.", fallback: "kagent-discord" },
  {
    name: "OTEL_RESOURCE_ATTRIBUTES",
    what: "What else is said of the sender.",
    example: "deployment.environment.name=prod,k8s.namespace.name=kagent",
  },
  {
    name: "OTEL_TRACES_SAMPLER",
    what: "Which traces are recorded: `always_on`, `always_off`, `traceidratio`, or one of them behind `parentbased_`.",
    fallback: "parentbased_always_on",
  },
  { name: "OTEL_TRACES_SAMPLER_ARG", what: "The share that `traceidratio` records.", example: "0.1" },
  { name: "OTEL_TRACES_EXPORTER", what: "`none` exports no traces.", fallback: "otlp" },
  { name: "OTEL_SDK_DISABLED", what: "`true` exports nothing at all.", fallback: "false" },
  {
    name: "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
    what: "`true` records prompts, answers and arguments of tools in traces, secrets that the bot knows masked. Whoever reads traces reads them then.",
    fallback: "false",
  },
] as const satisfies readonly Variable[];

/** The variables with a fixed name. */
export type VariableName = Exclude<(typeof VARIABLES)[number]["name"], `${string}<CLUSTER>${string}`>;

/** Names that every tool also reads in lower case. */
export type LowerCaseName = Lowercase<"HTTPS_PROXY" | "HTTP_PROXY" | "NO_PROXY">;

/** The name of a cluster's own variable: `("eu-west", "TOKEN")` → `KAGENT_EU_WEST_TOKEN`. */
export function clusterVariable(cluster: string, kind: "BASE_URL" | "TOKEN"): string {
  return `KAGENT_${cluster.toUpperCase().replaceAll("-", "_")}_${kind}`;
}
