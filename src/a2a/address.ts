import type { AgentRef } from "../conversation/agent-ref.ts";
import type { ClusterEndpoint } from "./options.ts";

/** Where things are in one cluster. */
export interface Addresses {
  /** The controller, where there is one; without a slash at the end. */
  readonly baseUrl?: string;
  /** The one agent that the configuration names by its address; its URL ends in a slash. */
  readonly single?: { readonly ref: AgentRef; readonly url: string };
}

/** The addresses of an endpoint; `namespace` is for agents whose address does not name one. */
export function readAddresses(endpoint: ClusterEndpoint, namespace: string): Addresses {
  const { agentUrl, baseUrl, name: cluster } = endpoint;
  const base = baseUrl === undefined ? {} : { baseUrl: withoutSlash(baseUrl) };
  if (agentUrl === undefined) return base;
  const url = `${withoutSlash(agentUrl)}/`;
  const [, root, place, agent] = /^(.*)\/api\/a2a(?:-sandboxes)?\/([^/?#]+)\/([^/?#]+)\/$/.exec(url) ?? [];
  if (root === undefined || place === undefined || agent === undefined) {
    const ref = { cluster, ...(endpoint.agent ?? { namespace, name: lastStep(url) }) };
    return { ...base, single: { ref, url } };
  }
  const ref = { cluster, namespace: decodeURIComponent(place), name: decodeURIComponent(agent) };
  return { baseUrl: root, ...base, single: { ref, url } };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

// An agent process is called by the last step of its path, where that can be a Kubernetes name.
function lastStep(url: string): string {
  const last = new URL(url).pathname.split("/").findLast((step) => step !== "") ?? "";
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(last) ? last : "agent";
}
