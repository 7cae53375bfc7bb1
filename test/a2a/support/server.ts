import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { isObject, type JsonObject, parseJson, stringAt } from "../../../src/a2a/wire/json.ts";

/** One request as a test sees it; `method` is the JSON-RPC method, empty for GET. */
export interface Seen {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly method: string;
  readonly params: JsonObject;
}

export type Handler = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** A server on a free port that ends with the test; `calls` is everything that came, in order. */
export async function serve(
  handler: Handler,
): Promise<{ readonly url: string; readonly calls: readonly Seen[] }> {
  const calls: Seen[] = [];
  const server = createServer(async (request, response) => {
    const seen = await toSeen(request);
    calls.push(seen);
    await handler(seen, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, calls };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return address.port;
}

async function toSeen(request: IncomingMessage): Promise<Seen> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const body = parseJson(text);
  const call = isObject(body) ? body : {};
  return {
    httpMethod: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    method: stringAt(call, "method") ?? "",
    params: isObject(call.params) ? call.params : {},
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Answers a call with its result. */
export function result(response: ServerResponse, value: unknown): void {
  json(response, { jsonrpc: "2.0", id: "1", result: value });
}

/** Answers a call with an error. */
export function rpcError(response: ServerResponse, code: number, message: string): void {
  json(response, { jsonrpc: "2.0", id: "1", error: { code, message } });
}

/** Starts an event stream. */
export function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { "content-type": "text/event-stream" });
}

/** One frame of an event stream. */
export function frame(value: unknown): string {
  return `data: ${JSON.stringify({ jsonrpc: "2.0", id: "1", result: value })}\n\n`;
}

/** One frame with an error. */
export function errorFrame(code: number, message: string): string {
  return `data: ${JSON.stringify({ jsonrpc: "2.0", id: "1", error: { code, message } })}\n\n`;
}
