import type { Server } from "node:http";

/** Listens on the loopback interface; gives `host:port`. Throws when the port is taken. */
export function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no address"));
      else resolve(`127.0.0.1:${address.port}`);
    });
  });
}
