import { createServer, type ServerResponse } from "node:http";
import { readRequest, type SeenRequest } from "./request.ts";

/** An HTTP server on loopback that can go away and come back on the same port. */
export interface Listener {
  readonly port: number;
  /** Cuts every connection and refuses new ones. */
  close(): Promise<void>;
  /** Listens again. */
  open(): Promise<void>;
}

/** Listens on `port`, or on a free one for 0. `answer` may fail: the request then gets a 500, or a broken connection. */
export async function startListener(
  port: number,
  answer: (request: SeenRequest, response: ServerResponse) => Promise<void>,
): Promise<Listener> {
  const server = createServer((incoming, response) => {
    // A client that left is no error of ours.
    response.on("error", () => {});
    readRequest(incoming)
      .then((request) => answer(request, response))
      .catch((cause: unknown) => {
        if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
        response.end(response.headersSent ? undefined : `${String(cause)}\n`);
      });
  });
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(on, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(port);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");

  return {
    port: address.port,
    open: () => listen(address.port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
