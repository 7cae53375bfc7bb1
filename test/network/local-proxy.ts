import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** An HTTP proxy on loopback that opens tunnels (CONNECT) and writes down where to. */
export interface LocalProxy {
  /** `http://user:password@127.0.0.1:PORT`. */
  readonly url: string;
  /** `host:port` of every tunnel that was asked for, oldest first. */
  readonly tunnels: readonly string[];
  /** `host:port` of the tunnels in which a WebSocket was opened in plain sight. */
  readonly webSockets: readonly string[];
  /** Answers to come: 407 for missing or wrong credentials, another status to refuse, 200 to open. */
  answer(status: number): void;
  /** Leads a name that no DNS knows to a port of this machine. */
  lead(host: string, port: number): void;
}

const USER = "bot";
/** Found nowhere but in the proxy's address. */
export const PROXY_PASSWORD = "MARKER-proxy-password";

/** Starts a proxy for one test. It wants `USER` and `PROXY_PASSWORD`. */
export async function startProxy(): Promise<LocalProxy> {
  const tunnels: string[] = [];
  const webSockets: string[] = [];
  const open = new Set<Socket>();
  const names = new Map<string, number>();
  let status = 200;
  const wanted = `Basic ${Buffer.from(`${USER}:${PROXY_PASSWORD}`).toString("base64")}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connection", (socket) => open.add(socket));
  server.on("connect", (request, socket, head) => {
    const authority = request.url ?? "";
    const answer = request.headers["proxy-authorization"] === wanted ? status : 407;
    if (answer !== 200) {
      socket.end(`HTTP/1.1 ${answer} Refused\r\n\r\n`);
      return;
    }
    tunnels.push(authority);
    const { hostname, port } = new URL(`http://${authority}`);
    const led = names.get(hostname);
    const target = connect(led ?? Number(port), led === undefined ? hostname : "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    open.add(target);
    socket.on("data", (bytes: Buffer) => {
      if (/^upgrade: websocket/im.test(bytes.toString("latin1"))) webSockets.push(authority);
    });
    for (const one of [socket, target]) one.on("error", () => [socket, target].map((end) => end.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://${USER}:${PROXY_PASSWORD}@127.0.0.1:${port}`,
    tunnels,
    webSockets,
    answer: (next) => {
      status = next;
    },
    lead: (host, to) => names.set(host, to),
  };
}
