import type { ClusterEndpoint } from "../a2a/options.ts";
import type { RoutingConfig } from "../conversation/routing.ts";
import { readStoreUrl } from "../store/url.ts";
import { readAccess } from "./access.ts";
import { readApprovals } from "./approvals.ts";
import { readAudit } from "./audit.ts";
import { readClusters } from "./clusters.ts";
import type { Config, DiscordConfig } from "./config.ts";
import { createEnvironment, type ReadFile, type Variables } from "./environment.ts";
import { type ConfigFile, readConfigFile } from "./file.ts";
import { readHttp } from "./http.ts";
import type { ConfigInput } from "./input.ts";
import { readLimits } from "./limits.ts";
import { ConfigError, type ConfigProblem } from "./problem.ts";
import { readProxy } from "./proxy.ts";
import { readRouting } from "./routing.ts";
import { readTracing } from "./tracing.ts";
import { isLoopback } from "./url.ts";

export { ConfigError } from "./problem.ts";

/** The store unless something else is said. */
export const STORE_URL = "sqlite://data/kagent-discord.sqlite";
const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/**
 * Reads the configuration from environment variables and from the YAML file that `CONFIG_FILE` names; where both say
 * something, the environment counts. `readFile` gives the text of a file (the YAML, and secrets in files) and
 * throws when it cannot. Throws `ConfigError` with every mistake at once.
 */
export function readConfig(variables: Variables, readFile: ReadFile): Config {
  const problems = new Map<string, ConfigProblem>();
  const report = (problem: ConfigProblem) => {
    problems.set(JSON.stringify(problem), problem);
  };
  const env = createEnvironment(variables, readFile, report);
  const file = openFile(env.text("CONFIG_FILE"), readFile, report);
  for (const problem of file.problems) report(problem);
  const config = readAll({
    env,
    file,
    fileProblem: (path, sentence) => report(file.problemAt(path, sentence)),
  });
  if (problems.size > 0) throw new ConfigError([...problems.values()].sort(inOrder), env.text("CONFIG_FILE"));
  return config;
}

function openFile(
  path: string | undefined,
  readFile: ReadFile,
  report: (problem: ConfigProblem) => void,
): ConfigFile {
  if (path === undefined) return readConfigFile("");
  try {
    return readConfigFile(readFile(path));
  } catch {
    report({ source: "env", path: "CONFIG_FILE", sentence: `The file ${path} cannot be read.` });
    return readConfigFile("");
  }
}

function readAll(input: ConfigInput): Config {
  const { env, file } = input;
  const clusters = readClusters(input);
  const names = clusters.infos.map((info) => info.name);
  const access = readAccess(input, names);
  const routing = readRouting(input, clusters);
  const { catchUp } = file.config;
  const pretty = env.flag("LOG_PRETTY");
  return {
    discord: readDiscord(input, access.guildIds),
    access,
    routing,
    clusters: clusters.endpoints.map((endpoint) => withAgent(endpoint, routing)),
    store: { url: readStore(input) },
    log: {
      level: env.choice("LOG_LEVEL", LOG_LEVELS) ?? "info",
      ...(pretty === undefined ? {} : { pretty }),
    },
    limits: readLimits(input),
    approvals: readApprovals(input, names),
    audit: readAudit(input),
    proxy: readProxy(env),
    http: readHttp(env),
    tracing: readTracing(env),
    catchUp: { windowMs: (catchUp?.windowMinutes ?? 60) * 60_000, mode: catchUp?.mode ?? "list" },
  };
}

/** An address does not always say whose it is; routing has read or chosen the name. */
function withAgent(endpoint: ClusterEndpoint, { namespace, defaultAgent }: RoutingConfig): ClusterEndpoint {
  return endpoint.agentUrl === undefined
    ? endpoint
    : { ...endpoint, agent: { namespace, name: defaultAgent } };
}

function readDiscord({ env, file }: ConfigInput, guildIds: readonly string[]): DiscordConfig {
  const discord = file.config.discord;
  const token = env.secret("DISCORD_BOT_TOKEN", "token");
  if (!env.isSet("DISCORD_BOT_TOKEN")) {
    const where = "the Bot page of your application at https://discord.com/developers/applications";
    env.problem("DISCORD_BOT_TOKEN", `This is missing. Copy the bot's token from ${where}.`);
  }
  const apiUrl = env.url("DISCORD_API_URL", "discord-api");
  const allowed = env.flag("DISCORD_API_ALLOW_HTTP") ?? false;
  if (apiUrl?.startsWith("http:") && !isLoopback(apiUrl) && !allowed) {
    const sentence =
      "Plain http would show the bot's token on the way. Use https, or set DISCORD_API_ALLOW_HTTP=true.";
    env.problem("DISCORD_API_URL", sentence);
  }
  return {
    token: token ?? "",
    ...(apiUrl === undefined ? {} : { apiUrl }),
    mentionOnly: env.flag("DISCORD_MENTION_ONLY") ?? discord?.mentionOnly ?? false,
    guildIds,
    notify: discord?.notify ?? "off",
    feedback: discord?.feedback ?? false,
  };
}

function readStore({ env }: ConfigInput): string {
  const url = env.text("STORE_URL") ?? STORE_URL;
  if (!readStoreUrl(url))
    env.problem("STORE_URL", "It is not understood. Write memory: or sqlite://path/to/file.sqlite.");
  return url;
}

/** The file's mistakes from top to bottom, then the environment's by name. */
function inOrder(a: ConfigProblem, b: ConfigProblem): number {
  if (a.source !== b.source) return a.source === "file" ? -1 : 1;
  const byPlace = (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  return byPlace || (a.path < b.path ? -1 : Number(a.path > b.path));
}
