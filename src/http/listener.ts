import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { BridgeError } from "../conversation/errors.ts";

/** Where to listen. `host` absent: every interface, IPv4 and IPv6. `port` 0: any free one. */
export interface ListenOptions {
  readonly port: number;
  readonly host?: string;
}

/** An open listener. */
export interface Listener {
  readonly port: number;
  /** Takes nothing new; resolves when what is being answered is answered, or after a second. */
  close(): Promise<void>;
}

const CLOSE_LIMIT_MS = 1_000;

/** Serves the routes. Rejects with `BridgeError("config-invalid")` when the port cannot be had. */
export async function listen(app: Hono, { port, host }: ListenOptions): Promise<Listener> {
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(refused(port, cause)));
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        const giveUp = setTimeout(
          () => "closeAllConnections" in server && server.closeAllConnections(),
          CLOSE_LIMIT_MS,
        );
        server.close(() => {
          clearTimeout(giveUp);
          resolve();
        });
        if ("closeIdleConnections" in server) server.closeIdleConnections();
      }),
  };
}

function refused(port: number, cause: unknown): BridgeError {
  return new BridgeError(
    "config-invalid",
    `The port ${port} for probes and metrics cannot be opened. Set HTTP_PORT to a free one, or to off.`,
    { cause },
  );
}
