import type { AgentRef } from "../conversation/agent.ts";
import type { ClusterEndpoint } from "./options.ts";

/** Where things are in one cluster; every URL of an agent ends in a slash. */
export interface Addresses {
  /** The controller, where there is one. */
  readonly baseUrl?: string;
  /** One agent's process, where it is not behind the controller. */
  readonly direct?: { readonly ref: AgentRef; readonly url: string };
  /** The one agent that the configuration names by its address. */
  readonly single?: AgentRef;
}

/** The addresses of an endpoint; `namespace` is for agents whose address does not name one. */
export function readAddresses(endpoint: ClusterEndpoint, namespace: string): Addresses {
  const { agentUrl, baseUrl } = endpoint;
  const base = baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, "") };
  if (agentUrl === undefined) return base;
  const behind = /^(.*)\/api\/a2a\/([^/?#]+)\/([^/?#]+)\/?$/.exec(agentUrl);
  const [, root, pathNamespace, pathName] = behind ?? [];
  if (root !== undefined && pathNamespace !== undefined && pathName !== undefined) {
    const single = {
      cluster: endpoint.name,
      namespace: decodeURIComponent(pathNamespace),
      name: decodeURIComponent(pathName),
    };
    return { baseUrl: root, ...base, single };
  }
  const single = { cluster: endpoint.name, ...(endpoint.agent ?? agentOfHost(agentUrl, namespace)) };
  return { ...base, direct: { ref: single, url: `${agentUrl.replace(/\/+$/, "")}/` }, single };
}

/** The agent that a service address such as `http://k8s-agent.kagent:8080` names. */
export function agentOfHost(
  url: string,
  namespace: string,
): { readonly namespace: string; readonly name: string } {
  const { hostname } = new URL(url);
  const [name = hostname, second] = /^[\d.]+$|:/.test(hostname) ? ["agent"] : hostname.split(".");
  return { name: name === "localhost" ? "agent" : name, namespace: second ?? namespace };
}
