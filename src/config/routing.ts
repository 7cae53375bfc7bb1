import type { Binding, ClusterInfo, RoutingConfig, RoutingRule } from "../conversation/routing.ts";
import type { Clusters } from "./clusters.ts";
import { type ConfigInput, eachRepeated, noCluster } from "./input.ts";
import { loneAgent, readRoutes } from "./routes.ts";

const FIRST_AGENT = "k8s-agent";

/** Reads routes, bindings and rules for the given clusters. */
export function readRouting(input: ConfigInput, clusters: Clusters): RoutingConfig {
  const { env, file } = input;
  const names = clusters.infos.map((info) => info.name);
  const url = env.url("KAGENT_A2A_URL", "agent");
  const lone = url === undefined ? undefined : loneAgent(url);
  const routes = readRoutes(input, names, lone);
  const namespace = env.word("KAGENT_NAMESPACE", "namespace") ?? file.config.kagent?.namespace ?? "kagent";
  const defaultAgent = file.config.kagent?.defaultAgent ?? routes[0]?.agent ?? FIRST_AGENT;
  return {
    namespace: lone?.namespace ?? namespace,
    clusters: clusters.infos,
    defaultCluster: clusters.defaultCluster,
    ...(clusters.agentPattern === undefined ? {} : { agentPattern: clusters.agentPattern }),
    routes,
    defaultAgent: lone?.agent ?? defaultAgent,
    bindings: readBindings(input, names),
    rules: [...readRules(input, names), ...clusterRules(clusters.infos)],
  };
}

function readBindings({ file, fileProblem }: ConfigInput, clusters: readonly string[]): readonly Binding[] {
  const bindings = file.config.bindings ?? [];
  eachRepeated(
    bindings.map((binding) => binding.channelId),
    (index, id) => fileProblem(["bindings", index, "channelId"], `The channel ${id} is bound twice.`),
  );
  return bindings.map(({ channelId, agent, cluster }, index) => {
    if (cluster === undefined) return { channelId, agent };
    if (!clusters.includes(cluster) && !file.broken.has("clusters")) {
      fileProblem(["bindings", index, "cluster"], noCluster(cluster, clusters));
    }
    return { channelId, agent, cluster };
  });
}

function readRules({ file, fileProblem }: ConfigInput, clusters: readonly string[]): readonly RoutingRule[] {
  return (file.config.rules ?? []).map(({ words, cluster, agent }, index) => {
    if (cluster !== undefined && !clusters.includes(cluster) && !file.broken.has("clusters")) {
      fileProblem(["rules", index, "cluster"], noCluster(cluster, clusters));
    }
    return {
      words,
      ...(cluster === undefined ? {} : { cluster }),
      ...(agent === undefined ? {} : { agent }),
    };
  });
}

/**
 * Where there are several clusters, `… on prod`, `auf prod`, `the prod cluster` and `prodで` choose one without any rule.
 * The bare name does not: `test` and `dev` are words of other meanings too.
 */
function clusterRules(infos: readonly ClusterInfo[]): readonly RoutingRule[] {
  if (infos.length < 2) return [];
  return infos.map(({ name, label }) => {
    const names = [...new Set([name, label])].map(escaped).join("|");
    const after = `(?<![\\p{L}\\p{N}_-])(?:on|in|at|against|cluster|auf|im)\\s+(?:the\\s+)?(?:${names})(?![\\p{L}\\p{N}_-])`;
    const before = `(?<![\\p{L}\\p{N}_-])(?:${names})(?:[\\s-]cluster(?![\\p{L}\\p{N}_-])|で|に|の)`;
    return { words: [`/${after}|${before}/`], cluster: name };
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
