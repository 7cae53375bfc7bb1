import { type Dialect, isPython } from "./dialect.ts";
import type { JsonObject } from "./json.ts";
import { goWords, pythonWords, type Refusal, type Words } from "./refusal-words.ts";

const reasons = new Map<number, string>([
  [-32700, "PARSE_ERROR"],
  [-32600, "INVALID_REQUEST"],
  [-32601, "METHOD_NOT_FOUND"],
  [-32602, "INVALID_PARAMS"],
  [-32001, "TASK_NOT_FOUND"],
  [-32002, "TASK_NOT_CANCELABLE"],
  [-32003, "PUSH_NOTIFICATION_NOT_SUPPORTED"],
  [-32009, "VERSION_NOT_SUPPORTED"],
]);

/**
 * The JSON-RPC error of this dialect. Through a controller every error of a released Go agent becomes one and the same:
 * the controller cannot read the form of its details.
 */
export function toRpcError(dialect: Dialect, refusal: Refusal, inStream: boolean): JsonObject {
  if (refusal.is === "hop") return withInfo(-32603, refusal.message);
  if (isPython(dialect)) return pythonError(dialect, pythonWords(dialect, refusal));
  const words = goWords(dialect, refusal);
  if (dialect.speaks === "1.0") return withInfo(words.code, words.message);
  if (dialect.through === "process") {
    return { code: words.code, message: words.general ?? words.message, data: { error: words.message } };
  }
  return isControllersOwn(refusal) ? withInfo(words.code, words.message) : unreadableForController(inStream);
}

function pythonError(dialect: Dialect, words: Words): JsonObject {
  if (dialect.through === "controller") return withInfo(words.code, words.message);
  const { code, message, data } = words;
  if (dialect.speaks === "1.0" && code !== -32601) return withInfo(code, message, {});
  return data === undefined ? { code, message } : { code, data, message };
}

/** What the controller finds wrong before it asks the agent. */
function isControllersOwn({ is }: Refusal): boolean {
  return is === "no-method" || is === "unreadable" || is === "no-list";
}

function unreadableForController(inStream: boolean): JsonObject {
  const what = inStream ? "failed to parse SSE data" : "failed to decode response";
  const why = "cannot unmarshal object into Go struct field Error.error.data of type []*errordetails.Typed";
  return withInfo(-32603, `${what}: json: ${why}`);
}

function withInfo(code: number, message: string, metadata?: JsonObject): JsonObject {
  const stamp = { timestamp: `${new Date().toISOString().slice(0, 19)}Z` };
  const type = { "@type": "type.googleapis.com/google.rpc.ErrorInfo" };
  const reason = reasons.get(code) ?? "INTERNAL_ERROR";
  const domain = "a2a-protocol.org";
  const info = metadata
    ? { ...type, reason, domain, metadata }
    : { ...type, domain, metadata: stamp, reason };
  return { code, message, data: [info] };
}
