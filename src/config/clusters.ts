import type { ClusterEndpoint } from "../a2a/options.ts";
import type { ClusterInfo } from "../conversation/routing.ts";
import { checkAddresses, checkClusterVariables, checkFileClusters, checkSwitch } from "./cluster-checks.ts";
import { clusterHeaders } from "./headers.ts";
import { type ConfigInput, noCluster } from "./input.ts";
import type { FileConfig } from "./schema.ts";
import { clusterVariable } from "./variables.ts";

/** A cluster's entry in the file. */
type FileCluster = NonNullable<FileConfig["clusters"]>[number];

/** All clusters as routing sees them and as they are reached. */
export interface Clusters {
  readonly infos: readonly ClusterInfo[];
  readonly endpoints: readonly ClusterEndpoint[];
  readonly defaultCluster: string;
  readonly agentPattern?: string;
}

/** The name of the only cluster where none is named. */
const ONLY_CLUSTER = "default";

/** Reads the clusters from both sources; those of the environment come first. */
export function readClusters(input: ConfigInput): Clusters {
  const { env, file } = input;
  const multi = env.flag("ENABLE_MULTI_CLUSTER");
  const entries = new Map((file.config.clusters ?? []).map((cluster) => [cluster.name, cluster]));
  checkFileClusters(input);
  const named = multi === false ? [] : (env.list("KAGENT_CLUSTERS", "cluster") ?? []);
  const names = [...new Set([...named, ...entries.keys()])];
  if (names.length === 0) names.push(ONLY_CLUSTER);
  checkSwitch(input, multi, entries.size, named.length);

  const production = multi === false ? [] : readProduction(input, names);
  const infos = names.map((name) => clusterInfo(name, entries.get(name), production));
  const endpoints = names.map((name) => readEndpoint(input, name, entries.get(name)));
  const pattern = multi === false ? undefined : env.word("KAGENT_AGENT_PATTERN", "agentPattern");
  const agentPattern = pattern ?? file.config.kagent?.agentPattern;
  checkAddresses(input, endpoints, agentPattern);
  if (multi !== false) checkClusterVariables(input, names);
  return {
    infos,
    endpoints,
    defaultCluster: readDefault(input, infos, multi),
    ...(agentPattern === undefined ? {} : { agentPattern }),
  };
}

function clusterInfo(
  name: string,
  entry: FileCluster | undefined,
  production: readonly string[],
): ClusterInfo {
  return {
    name,
    label: entry?.label ?? name,
    ...(entry?.color === undefined ? {} : { color: Number.parseInt(entry.color.slice(1), 16) }),
    production: production.includes(name) || entry?.production === true,
  };
}

function readEndpoint(input: ConfigInput, name: string, entry: FileCluster | undefined): ClusterEndpoint {
  const { env, file } = input;
  const common = {
    name,
    headers: clusterHeaders(input, name),
    protocol: entry?.protocol ?? file.config.kagent?.protocol ?? ("auto" as const),
  };
  const agentUrl = env.url("KAGENT_A2A_URL", "agent");
  if (agentUrl !== undefined) return { ...common, agentUrl };
  const own = env.url(clusterVariable(name, "BASE_URL"), "kagent-base") ?? entry?.baseUrl;
  const shared = env.url("KAGENT_BASE_URL", "kagent-base") ?? file.config.kagent?.baseUrl;
  const baseUrl = own ?? shared;
  return baseUrl === undefined ? common : { ...common, baseUrl: baseUrl.replace(/\/+$/, "") };
}

function readProduction({ env, file }: ConfigInput, names: readonly string[]): readonly string[] {
  const production = env.list("KAGENT_PRODUCTION_CLUSTERS", "cluster") ?? [];
  const unknown = file.broken.has("clusters") ? [] : production.filter((name) => !names.includes(name));
  for (const name of unknown) env.problem("KAGENT_PRODUCTION_CLUSTERS", noCluster(name, names));
  return production;
}

function readDefault(
  { env, file, fileProblem }: ConfigInput,
  infos: readonly ClusterInfo[],
  multi: boolean | undefined,
): string {
  const names = infos.map((info) => info.name);
  const fallback = infos.find((info) => !info.production)?.name ?? names[0] ?? ONLY_CLUSTER;
  const fromEnv = multi === false ? undefined : env.word("KAGENT_DEFAULT_CLUSTER", "cluster");
  const chosen = fromEnv ?? file.config.kagent?.defaultCluster ?? fallback;
  if (names.includes(chosen) || file.broken.has("clusters")) return chosen;
  if (fromEnv === undefined) fileProblem(["kagent", "defaultCluster"], noCluster(chosen, names));
  else env.problem("KAGENT_DEFAULT_CLUSTER", noCluster(chosen, names));
  return fallback;
}
