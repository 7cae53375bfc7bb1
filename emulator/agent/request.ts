import type { IncomingMessage } from "node:http";
import type { Json, JsonObject } from "./json.ts";
import { isObject, parseJson } from "./json.ts";

/** A request as it reached the local kagent. */
export interface SeenRequest {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Present when the body is a JSON-RPC call. */
  readonly rpc?: { readonly id: Json; readonly method: string; readonly params: JsonObject };
}

/** Reads a whole request; at most 16 MiB of body. */
export async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    size += bytes.length;
    if (size > 16 * 1024 * 1024) throw new Error("request body over 16 MiB");
    pieces.push(bytes);
  }
  const body = Buffer.concat(pieces).toString("utf8");
  const [path = "/", query = ""] = (request.url ?? "/").split("?");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const rpc = readRpc(body);
  return {
    atMs: Date.now(),
    method: request.method ?? "GET",
    path,
    query,
    headers,
    body,
    ...(rpc ? { rpc } : {}),
  };
}

function readRpc(body: string): SeenRequest["rpc"] {
  const value = parseJson(body);
  if (!isObject(value) || typeof value.method !== "string") return undefined;
  return { id: value.id ?? null, method: value.method, params: isObject(value.params) ? value.params : {} };
}
