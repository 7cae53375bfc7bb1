import { type ClientRequest, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { basicCredentials } from "./proxy.ts";

/** Where a tunnel leads. */
export interface TunnelEnd {
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken with the other end, inside the tunnel. */
  readonly secure: boolean;
}

/** A proxy that says nothing must not hold a connection attempt for ever; discord.js gives up after as long. */
const PATIENCE_MS = 30_000;

/**
 * Opens a connection to `end` through an HTTP proxy (CONNECT, RFC 9110 section 9.3.6). Rejects when the proxy cannot be
 * reached or refuses; the message has the status and no address.
 */
export async function openTunnel(proxy: string, end: TunnelEnd): Promise<Socket> {
  const socket = await connectThrough(proxy, `${end.host}:${end.port}`);
  if (!end.secure) return socket;
  // A name is sent along, an address is not: RFC 6066 section 3.
  return tlsConnect({ socket, servername: isIP(end.host) === 0 ? end.host : "" });
}

function connectThrough(proxy: string, authority: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const asking = ask(proxy, authority);
    asking.once("connect", ({ statusCode }, socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        reject(new Error(`the proxy answered CONNECT with ${statusCode}`));
        return;
      }
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.once("response", (response) => {
      response.resume();
      reject(new Error(`the proxy answered CONNECT with ${response.statusCode}`));
    });
    asking.once("timeout", () => asking.destroy(new Error("the proxy did not answer CONNECT")));
    asking.once("error", reject);
    asking.end();
  });
}

function ask(proxy: string, authority: string): ClientRequest {
  const { protocol, hostname, port } = new URL(proxy);
  const credentials = basicCredentials(proxy);
  const isSecure = protocol === "https:";
  return (isSecure ? httpsRequest : httpRequest)({
    method: "CONNECT",
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (isSecure ? 443 : 80) : Number(port),
    path: authority,
    headers: {
      host: authority,
      ...(credentials === undefined ? {} : { "proxy-authorization": `Basic ${credentials}` }),
    },
    agent: false,
    timeout: PATIENCE_MS,
  });
}
