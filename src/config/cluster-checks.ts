import type { ClusterEndpoint } from "../a2a/options.ts";
import { type ConfigInput, eachRepeated, noCluster } from "./input.ts";
import { clusterVariable } from "./variables.ts";

/** Reports clusters that the file lists twice. */
export function checkFileClusters({ file, fileProblem }: ConfigInput): void {
  const names = (file.config.clusters ?? []).map((cluster) => cluster.name);
  eachRepeated(names, (index, name) =>
    fileProblem(["clusters", index, "name"], `The cluster “${name}” is listed twice.`),
  );
}

/** Reports a switch for several clusters that contradicts what is named; counts are of clusters. */
export function checkSwitch(
  { env, file }: ConfigInput,
  multi: boolean | undefined,
  inFile: number,
  inEnv: number,
): void {
  if (multi === false && inFile > 1) {
    env.problem("ENABLE_MULTI_CLUSTER", `It is false, but the file lists ${inFile} clusters.`);
  }
  if (
    multi === true &&
    inFile + inEnv === 0 &&
    !file.broken.has("clusters") &&
    !env.isSet("KAGENT_CLUSTERS")
  ) {
    env.problem(
      "ENABLE_MULTI_CLUSTER",
      "It is true, but no cluster is named. Set KAGENT_CLUSTERS, such as test,prod.",
    );
  }
}

/** Reports clusters that cannot be reached, or not told apart. */
export function checkAddresses(
  input: ConfigInput,
  endpoints: readonly ClusterEndpoint[],
  pattern: string | undefined,
): void {
  const { env, file } = input;
  if (file.broken.has("kagent") || file.broken.has("clusters")) return;
  if (env.isSet("KAGENT_A2A_URL")) {
    checkOneAgent(input, endpoints.length);
    return;
  }
  if (env.isSet("KAGENT_BASE_URL") || file.config.kagent?.baseUrl !== undefined) {
    checkShared(input, endpoints, pattern);
    return;
  }
  const missing = endpoints.filter(
    (one) => !one.baseUrl && !env.names().includes(clusterVariable(one.name, "BASE_URL")),
  );
  if (missing.length === endpoints.length) {
    const sentence =
      "Set it to the address of kagent's controller, or set KAGENT_A2A_URL to the address of one agent.";
    env.problem("KAGENT_BASE_URL", sentence);
    return;
  }
  for (const { name } of missing) {
    env.problem(
      clusterVariable(name, "BASE_URL"),
      `The cluster ${name} has no address: set this or KAGENT_BASE_URL.`,
    );
  }
}

function checkOneAgent({ env, file }: ConfigInput, clusters: number): void {
  const base = env.isSet("KAGENT_BASE_URL") || file.config.kagent?.baseUrl !== undefined;
  if (base) {
    const sentence =
      "Set only one: KAGENT_A2A_URL for a single agent, KAGENT_BASE_URL for all agents of a controller.";
    env.problem("KAGENT_A2A_URL", sentence);
  } else if (clusters > 1) {
    env.problem("KAGENT_A2A_URL", "It is the address of one agent; several clusters need KAGENT_BASE_URL.");
  }
}

/** Two clusters behind one controller without a pattern would be the same agents under two names. */
function checkShared(
  { env }: ConfigInput,
  endpoints: readonly ClusterEndpoint[],
  pattern: string | undefined,
): void {
  if (pattern !== undefined || env.isSet("KAGENT_AGENT_PATTERN")) return;
  const urls = endpoints.map((endpoint) => endpoint.baseUrl ?? endpoint.name);
  eachRepeated(urls, (index, url) => {
    const first = endpoints[urls.indexOf(url)]?.name;
    const second = endpoints[index]?.name ?? "";
    const sentence = `The clusters ${first} and ${second} have the same controller, so their agents need names that differ: set this, such as {agent}-{cluster}, or ${clusterVariable(second, "BASE_URL")}.`;
    env.problem("KAGENT_AGENT_PATTERN", sentence);
  });
}

/** Reports variables of unknown clusters: `KAGENT_PRDO_BASE_URL` would otherwise be ignored in silence, and the shared address used. */
export function checkClusterVariables({ env, file }: ConfigInput, names: readonly string[]): void {
  if (file.broken.has("clusters")) return;
  const known = new Set(
    names.flatMap((name) => [clusterVariable(name, "BASE_URL"), clusterVariable(name, "TOKEN")]),
  );
  for (const variable of env.names()) {
    const cluster = /^KAGENT_(\w+)_(?:BASE_URL|TOKEN(?:_FILE)?)$/.exec(variable)?.[1];
    if (cluster === undefined || known.has(variable.replace(/_FILE$/, ""))) continue;
    env.problem(variable, noCluster(cluster.toLowerCase().replaceAll("_", "-"), names));
  }
}
