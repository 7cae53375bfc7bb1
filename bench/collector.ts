import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What takes traces and forgets them. */
export interface Collector {
  readonly url: string;
  /** Bytes of traces that arrived. */
  bytes(): number;
  stop(): Promise<void>;
}

/** Starts a receiver of OTLP over HTTP that accepts whatever comes. */
export async function startCollector(): Promise<Collector> {
  let bytes = 0;
  const server = createServer(async (request, response) => {
    for await (const chunk of request) bytes += Buffer.byteLength(chunk);
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    bytes: () => bytes,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("a server without a port");
  return address.port;
}
