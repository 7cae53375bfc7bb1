import { once } from "node:events";
import { createRequire } from "node:module";
import { request } from "undici";
import { installProxies } from "../../src/network/install.ts";

/** A process of its own, because NODE_EXTRA_CA_CERTS is read at its start: what it got over https and over wss. */
const [proxy = ""] = process.argv.slice(2);
installProxies({ https: proxy });
const https = await request("https://secure.test/").then(
  ({ body }) => body.text(),
  (error: Error) => String(error),
);
const { WebSocket } = createRequire(import.meta.url)("ws");
const socket = new WebSocket("wss://secure.test/");
const wss = await once(socket, "message").then(
  ([text]) => String(text),
  (error: Error) => String(error),
);
process.stdout.write(JSON.stringify({ https, wss }));
process.exit(0);
