import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { secrets } from "./markers.ts";

/** Stands where traces would go, and as a proxy that lets nothing through and repeats the password it was shown. */
export interface Collector {
  readonly url: string;
  /** With user and password. */
  readonly proxyUrl: string;
  /** Everything that was sent to it, without its headers. */
  received(): string;
  /** It takes nothing any more, and repeats the headers it was sent. */
  refuse(): void;
  stop(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const bodies: Buffer[] = [];
  let refuses = false;
  const server = createServer(async (request, response) => {
    bodies.push(await bodyOf(request));
    response.writeHead(refuses ? 403 : 200, { "content-type": "application/json" });
    response.end(refuses ? JSON.stringify(request.headers) : "{}");
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request, socket) => {
    socket.on("error", () => {});
    const shown = request.headers["proxy-authorization"] ?? "";
    socket.end(`HTTP/1.1 407 You sent ${shown}\r\nx-sent: ${shown}\r\ncontent-length: 0\r\n\r\n`);
  });
  const port = await open(server);
  return {
    url: `http://127.0.0.1:${port}`,
    proxyUrl: `http://bot:${secrets.proxyPassword.value}@127.0.0.1:${port}`,
    received: () => bodies.map((body) => body.toString("latin1")).join("\n"),
    refuse() {
      refuses = true;
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const body = Buffer.concat(pieces);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}

function open(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    }),
  );
}
