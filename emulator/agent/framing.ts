import { randomUUID } from "node:crypto";
import { type Dialect, isPython } from "./dialect.ts";
import { type Json, type JsonObject, writeJson } from "./json.ts";

/** The outcome of a JSON-RPC call: one of `result` and `error`. */
export type Outcome = { readonly result: Json } | { readonly error: JsonObject };

/** The headers of an event stream, as recorded for this dialect. */
export function streamHeaders(dialect: Dialect): Record<string, string> {
  if (fromPython(dialect)) {
    return {
      server: "uvicorn",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "content-type": "text/event-stream; charset=utf-8",
    };
  }
  return { "cache-control": "no-cache", "content-type": "text/event-stream", "x-accel-buffering": "no" };
}

/** The headers of a plain JSON-RPC answer. Released Go agents really call it text. */
export function jsonHeaders(dialect: Dialect): Record<string, string> {
  if (fromPython(dialect)) return { server: "uvicorn", "content-type": "application/json" };
  const plain = dialect.through === "process" && dialect.speaks === "0.3";
  return { "content-type": plain ? "text/plain; charset=utf-8" : "application/json" };
}

/** One server-sent event with a JSON-RPC answer. */
export function toFrame(dialect: Dialect, id: Json, outcome: Outcome): string {
  const data = writeJson(envelope(dialect, id, outcome));
  return fromPython(dialect) ? `data: ${data}\r\n\r\n` : `id: ${randomUUID()}\ndata: ${data}\n\n`;
}

/** A plain JSON-RPC answer. */
export function toBody(dialect: Dialect, id: Json, outcome: Outcome): string {
  const data = writeJson(envelope(dialect, id, outcome));
  return fromPython(dialect) ? data : `${data}\n`;
}

/** The controller rewrites every answer, so that only an agent asked directly looks like Python. */
function fromPython(dialect: Dialect): boolean {
  return isPython(dialect) && dialect.through === "process";
}

function envelope(dialect: Dialect, id: Json, outcome: Outcome): JsonObject {
  if (!fromPython(dialect)) return { jsonrpc: "2.0", id, ...outcome };
  return "error" in outcome
    ? { error: outcome.error, id, jsonrpc: "2.0" }
    : { id, jsonrpc: "2.0", result: outcome.result };
}
