import { type ProxySettings, proxySecrets } from "../network/proxy.ts";
import type { Environment } from "./environment.ts";

/** Reads the proxies as every tool reads them: in lower case too, which then counts. Never throws. */
export function readProxy(env: Environment): ProxySettings {
  const http = readAddress(env, "http_proxy") ?? readAddress(env, "HTTP_PROXY");
  const https = readAddress(env, "https_proxy") ?? readAddress(env, "HTTPS_PROXY");
  const except = env.text("no_proxy") ?? env.text("NO_PROXY");
  return {
    ...(http === undefined ? {} : { http }),
    ...(https === undefined ? {} : { https }),
    ...(except === undefined ? {} : { except }),
  };
}

function readAddress(env: Environment, name: ProxyVariable): string | undefined {
  const text = env.text(name);
  // Many tools allow an address without its protocol.
  const full = text === undefined || text.includes("://") ? text : `http://${text}`;
  if (full === undefined) return undefined;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.hostname !== "" && isDecodable(full)) return url.href;
  // The value may hold a password, so it is not repeated.
  env.problem(name, "This is no http or https address. Write one such as http://proxy.example.com:3128.");
  return undefined;
}

type ProxyVariable = "http_proxy" | "HTTP_PROXY" | "https_proxy" | "HTTPS_PROXY";

function isDecodable(address: string): boolean {
  try {
    proxySecrets({ http: address });
    return true;
  } catch {
    return false;
  }
}
