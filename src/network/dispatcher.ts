import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { hasProxy, type ProxySettings } from "./proxy.ts";

/** How connections are made. Times in milliseconds; `ca`: PEM text of authorities to trust instead of the system's. */
export interface DispatcherOptions {
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
  readonly connectTimeout?: number;
  readonly ca?: string;
}

/** What sends HTTP requests, through the proxies where they apply. Nothing is read from the environment. */
export function createDispatcher(proxy: ProxySettings, options: DispatcherOptions = {}): Dispatcher {
  const { ca, connectTimeout, ...times } = options;
  const tls = {
    ...(connectTimeout === undefined ? {} : { timeout: connectTimeout }),
    ...(ca === undefined ? {} : { ca }),
  };
  const connect = { keepAlive: true, keepAliveInitialDelay: 30_000, ...tls };
  if (!hasProxy(proxy)) return new Agent({ ...times, connect });
  return new EnvHttpProxyAgent({
    ...times,
    connect,
    // Within a tunnel the authorities of the destination count, on the way to the proxy those of the system.
    requestTls: tls,
    // An absent one would be looked for in the environment.
    httpProxy: proxy.http ?? "",
    httpsProxy: proxy.https ?? "",
    noProxy: proxy.except ?? "",
  });
}
