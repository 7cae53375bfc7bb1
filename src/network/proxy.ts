/** The proxies of a process, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name them. Addresses may hold a password. */
export interface ProxySettings {
  /** For `http:` and `ws:`; also for the others, where they have none of their own. */
  readonly http?: string;
  readonly https?: string;
  /** Hosts that are reached without a proxy: `*`, or names (with everything below them), perhaps with a port. */
  readonly except?: string;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "http:": 80,
  "ws:": 80,
  "https:": 443,
  "wss:": 443,
};

/** Whether anything at all goes through a proxy. */
export function hasProxy({ http, https }: ProxySettings): boolean {
  return http !== undefined || https !== undefined;
}

/**
 * The proxy through which `url` is reached; undefined: directly. The same rule as undici's `EnvHttpProxyAgent`, which asks
 * for HTTP but cannot be asked for WebSockets.
 */
export function proxyFor({ http, https, except = "" }: ProxySettings, url: URL): string | undefined {
  const proxy = /^(https|wss):$/.test(url.protocol) ? (https ?? http) : http;
  if (proxy === undefined || except === "*") return undefined;
  const host = url.hostname.toLowerCase();
  const port = Number(url.port) || DEFAULT_PORTS[url.protocol];
  const isExcepted = except
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, name = entry, only] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const base = name.replace(/^\*?\./, "");
      return (only === undefined || Number(only) === port) && (host === base || host.endsWith(`.${base}`));
    });
  return isExcepted ? undefined : proxy;
}

/** What must not be shown of a proxy's address: its password, in every form in which it travels. */
export function proxySecrets({ http, https }: ProxySettings): readonly string[] {
  return [http, https].flatMap((address) => {
    if (address === undefined) return [];
    const { username, password } = new URL(address);
    const basic = basicCredentials(address);
    if (basic === undefined) return [];
    // A name without a password is a token.
    const secret = password === "" ? username : password;
    return [...new Set([secret, decodeURIComponent(secret), basic])];
  });
}

/** `user:password` of an address in base64, as `Proxy-Authorization: Basic` wants it; undefined: it has none. */
export function basicCredentials(address: string): string | undefined {
  const { username, password } = new URL(address);
  if (username === "" && password === "") return undefined;
  return Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
}

/** The settings as people may see them. */
export function withoutProxySecrets(settings: ProxySettings): ProxySettings {
  const masked = (address: string) => address.replace(/\/\/[^/@]*@/, "//***@");
  return {
    ...settings,
    ...(settings.http === undefined ? {} : { http: masked(settings.http) }),
    ...(settings.https === undefined ? {} : { https: masked(settings.https) }),
  };
}
