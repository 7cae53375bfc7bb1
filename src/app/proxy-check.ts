import type { Config } from "../config/config.ts";
import { findings, listed } from "../conversation/finding.ts";
import type { Check, Finding } from "../conversation/ports.ts";
import { hasProxy, proxyFor } from "../network/proxy.ts";

const DISCORD = "https://discord.com";
const check = findings("proxy");

/** What goes through a proxy, by the configuration; whether that works, the other checks tell. */
export function proxyCheck(config: Config): Check {
  return { name: "proxy", run: async () => [lookAtProxy(config)] };
}

function lookAtProxy({ proxy, discord, clusters, routing }: Config): Finding {
  if (!hasProxy(proxy)) return check.ok("No proxy is used.");
  const proxied = (address: string) => proxyFor(proxy, new URL(address)) !== undefined;
  const through = clusters.filter(({ baseUrl, agentUrl }) => proxied(agentUrl ?? baseUrl ?? DISCORD));
  const near = through.filter(({ baseUrl, agentUrl }) =>
    isInside(new URL(agentUrl ?? baseUrl ?? DISCORD), routing.namespace),
  );
  if (near.length > 0) {
    return check.warning(
      `kagent ${listed(near.map(({ name }) => name))} is reached through the proxy, though it seems to be in the same network.`,
      "Add its host to NO_PROXY, such as .svc,.cluster.local or the service's own name.",
    );
  }
  const names = [
    ...(proxied(discord.apiUrl ?? DISCORD) ? ["Discord"] : []),
    ...through.map(({ name }) => `kagent ${name}`),
  ];
  return check.ok(
    names.length === 0
      ? "Proxies are set, and NO_PROXY excepts everything."
      : `Through the proxy: ${listed(names)}; the rest directly.`,
  );
}

/** A name or address that only a cluster or an office knows; `service.namespace` looks like a domain and is none. */
function isInside({ hostname }: URL, namespace: string): boolean {
  const isPrivate = /\.(svc|local|internal)$|^(10|192\.168)\.[\d.]+$/.test(hostname);
  return isPrivate || !hostname.includes(".") || hostname.endsWith(`.${namespace}`);
}
