import type { Agent, AgentInfo } from "../conversation/agent.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import { BridgeError } from "../conversation/errors.ts";
import type { AgentFeedback } from "../conversation/feedback.ts";
import type { Directory } from "../conversation/ports.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { type A2AOptions, defaultLimits } from "./options.ts";

/** The agents of all clusters, and the connections to them. */
export interface AgentDirectory extends Directory {
  /** Reads a cluster's list now; rejects with `BridgeError` when that cannot be done. */
  refresh(cluster: string): Promise<readonly AgentInfo[]>;
  /** Tells an agent's controller what somebody thinks of an answer; false where it takes no feedback. Rejects with `CallError`. */
  feedback(ref: AgentRef, feedback: AgentFeedback): Promise<boolean>;
  /** Ends every call and connection. */
  close(): Promise<void>;
}

/** A directory over the configured clusters. Nothing is called before it is asked for something. */
export function createDirectory(options: A2AOptions): AgentDirectory {
  const limits = { ...defaultLimits, ...options.limits };
  const clusters = new Map<string, Cluster>(
    options.clusters.map((endpoint) => [endpoint.name, createCluster(endpoint, options, limits)]),
  );
  const clusterOf = (name: string): Cluster => {
    const cluster = clusters.get(name);
    if (cluster) return cluster;
    const names = [...clusters.keys()].map((known) => `\`${known}\``).join(", ");
    throw new BridgeError("cluster-unknown", `There is no cluster \`${name}\` here. I know ${names}.`);
  };
  return {
    list: async (cluster) => clusterOf(cluster).agents.list(),
    refresh: async (cluster) => clusterOf(cluster).agents.refresh(),
    known: () => [...clusters.values()].flatMap(({ agents }) => agents.known()),
    agent: (ref: AgentRef): Agent => clusterOf(ref.cluster).agent(ref),
    feedback: async (ref, feedback) => clusterOf(ref.cluster).feedback(feedback),
    async close() {
      await Promise.all([...clusters.values()].map((cluster) => cluster.close()));
    },
  };
}
