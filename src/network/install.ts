import { type ClientRequestArgs, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setGlobalDispatcher } from "undici";
import type { ClientOptions } from "ws";
import { createDispatcher } from "./dispatcher.ts";
import { hasProxy, type ProxySettings, proxyFor } from "./proxy.ts";
import { openTunnel } from "./tunnel.ts";

/**
 * Sends everything of this process that goes to Discord through the proxies: REST, downloads and the gateway. To be called
 * before discord.js is imported for the first time, which keeps the WebSocket class that it finds then and has no option
 * for a proxy (https://github.com/discordjs/discord.js/issues/10716). Without a proxy nothing is touched.
 */
export function installProxies(proxy: ProxySettings): void {
  if (!hasProxy(proxy)) return;
  // discord.js has an undici of its own, which shares the global dispatcher.
  setGlobalDispatcher(createDispatcher(proxy));
  const ws = webSocketsOfDiscord();
  const Direct = ws.WebSocket;
  ws.WebSocket = class extends Direct {
    constructor(address: string | URL, protocols?: string | string[], options?: ClientOptions) {
      const url = new URL(address);
      const through = proxyFor(proxy, url);
      const agent = through === undefined ? {} : { agent: agentFor(through, url) };
      super(address, protocols, { ...options, ...agent });
    }
  };
}

/** As much of the class as discord.js uses when it connects. */
type WebSocketClass = new (
  address: string | URL,
  protocols?: string | string[],
  options?: ClientOptions,
) => object;

/** The very module that discord.js's gateway library will load. */
function webSocketsOfDiscord(): { WebSocket: WebSocketClass } {
  const fromHere = createRequire(import.meta.url);
  const fromDiscord = createRequire(fromHere.resolve("discord.js"));
  const fromGateway = createRequire(fromDiscord.resolve("@discordjs/ws"));
  return fromGateway("ws");
}

function agentFor(proxy: string, url: URL): HttpAgent {
  return url.protocol === "wss:" ? new SecureTunnelAgent(proxy) : new TunnelAgent(proxy);
}

type OnConnection = (error: Error | null, socket: Duplex) => void;

function connect(
  proxy: string,
  { host, port }: Pick<ClientRequestArgs, "host" | "port">,
  secure: boolean,
  done: OnConnection = () => {},
): void {
  openTunnel(proxy, { host: host ?? "", port: Number(port), secure }).then(
    (socket) => done(null, socket),
    // Beside an error nobody looks at the socket.
    (error: Error) => done(error, new Socket()),
  );
}

class TunnelAgent extends HttpAgent {
  readonly #proxy: string;

  constructor(proxy: string) {
    super();
    this.#proxy = proxy;
  }

  override createConnection(wanted: ClientRequestArgs, onConnection?: OnConnection): undefined {
    connect(this.#proxy, wanted, false, onConnection);
    return undefined;
  }
}

class SecureTunnelAgent extends HttpsAgent {
  readonly #proxy: string;

  constructor(proxy: string) {
    super();
    this.#proxy = proxy;
  }

  override createConnection(wanted: RequestOptions, onConnection?: OnConnection): undefined {
    connect(this.#proxy, wanted, true, onConnection);
    return undefined;
  }
}
