import { type Dialect, isPython } from "./dialect.ts";
import type { Json, JsonObject } from "./json.ts";

/** Why an agent refuses a call. `state` is the state of the task in small letters, e.g. `completed`. */
export type Refusal =
  | {
      readonly is: "unknown-task";
      readonly on: "get" | "message" | "subscribe" | "cancel";
      readonly taskId: string;
    }
  | {
      readonly is: "over";
      readonly on: "message" | "subscribe" | "cancel";
      readonly taskId: string;
      readonly state: string;
    }
  | { readonly is: "inactive" }
  | { readonly is: "wrong-context" }
  | { readonly is: "busy" }
  | { readonly is: "cannot-cancel" }
  | { readonly is: "no-method" }
  | { readonly is: "no-push" }
  | { readonly is: "no-list" }
  | { readonly is: "bad-params"; readonly missing: "message" | "messageId" | "parts" }
  | { readonly is: "unreadable"; readonly code: -32700 | -32600; readonly message: string }
  | { readonly is: "hop"; readonly message: string };

interface Words {
  readonly code: number;
  /** What a Python agent says, and a Go agent in its details. */
  readonly message: string;
  /** The general word of a released Go agent for that code. */
  readonly general?: string;
  readonly data?: Json;
}

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

/** Its 1.0 line writes states as the numbers of the protocol. */
const stateNumbers = new Map([
  ["completed", 3],
  ["failed", 4],
  ["canceled", 5],
  ["rejected", 7],
]);

function pythonWords(dialect: Dialect, refusal: Refusal): Words {
  if (dialect.speaks === "1.0" && refusal.is === "unknown-task" && refusal.on === "message") {
    return { code: -32001, message: `Task ${refusal.taskId} not found` };
  }
  if (dialect.speaks === "1.0" && refusal.is === "over" && refusal.on !== "cancel") {
    const number = stateNumbers.get(refusal.state) ?? 0;
    const message =
      refusal.on === "message" ? `is in terminal state: ${number}` : `is already ${refusal.state}.`;
    return { code: -32602, message: `Task ${refusal.taskId} ${message}` };
  }
  const graph = dialect.runtime === "python-langgraph";
  switch (refusal.is) {
    case "unknown-task":
      return refusal.on === "message"
        ? { code: -32001, message: `Task ${refusal.taskId} was specified but does not exist` }
        : { code: -32001, message: "Task not found" };
    case "over":
      return refusal.on === "cancel"
        ? { code: -32002, message: `Task cannot be canceled - current state: TaskState.${refusal.state}` }
        : { code: -32602, message: `Task ${refusal.taskId} is in terminal state: ${refusal.state}` };
    case "inactive":
      return { code: -32001, message: "Task not found" };
    case "wrong-context":
      return { code: -32602, message: "bad context id" };
    case "cannot-cancel":
      return { code: -32603, message: `Cancellation is not ${graph ? "implemented" : "supported"}` };
    case "no-method":
    case "no-list":
      return {
        code: -32601,
        message: dialect.through === "controller" ? "method not found" : "Method not found",
      };
    case "no-push":
      return { code: -32603, message: "Push notifications are not supported by the agent" };
    case "bad-params":
      return { code: -32602, message: "Invalid parameters", data: [missingField(refusal.missing)] };
    case "unreadable":
    case "hop":
      return { code: refusal.is === "hop" ? -32603 : refusal.code, message: refusal.message };
    case "busy":
      return { code: -32603, message: "task execution is already in progress" };
  }
}

function missingField(name: string): JsonObject {
  const loc = name === "message" ? ["params", "message"] : ["params", "message", name];
  return { type: "missing", loc, msg: "Field required" };
}

function goWords(dialect: Dialect, refusal: Refusal): Words {
  const main = dialect.speaks === "1.0";
  const setup = main ? "executor setup failed: failed to load exec ctx: " : "setup failed: ";
  const invalid = { code: -32602, general: "invalid params" };
  const absent = { code: -32001, general: "task not found" };
  switch (refusal.is) {
    case "unknown-task":
      if (refusal.on === "message")
        return { ...absent, message: `${setup}task loading failed: task not found` };
      if (refusal.on === "subscribe") return { ...absent, message: "task not found: no active execution" };
      return { ...absent, message: `failed to ${refusal.on} task: task not found` };
    case "over":
      return goOver(refusal, main, setup);
    case "inactive":
      return { ...absent, message: "task not found: no active execution" };
    case "wrong-context":
      return {
        ...invalid,
        message: `${setup}message contextID different from task contextID: invalid params`,
      };
    case "bad-params":
      return { ...invalid, message: `${missingWords(refusal.missing)} is required: invalid params` };
    case "no-method":
      return { code: -32601, message: "method not found" };
    case "no-push":
      return { code: -32003, message: "push notification not supported" };
    case "no-list":
      return dialect.through === "controller"
        ? { code: -32601, message: "method not found" }
        : {
            code: -32603,
            general: "internal error",
            message: "task listing is not supported by the KAgent task store",
          };
    case "unreadable":
      return { code: refusal.code, message: refusal.message };
    case "busy":
      return { code: -32603, general: "internal error", message: "task execution is already in progress" };
    case "cannot-cancel":
    case "hop":
      return { code: -32603, message: refusal.is === "hop" ? refusal.message : "task cannot be canceled" };
  }
}

function missingWords(missing: "message" | "messageId" | "parts"): string {
  if (missing === "messageId") return "message ID";
  return missing === "parts" ? "message parts" : "message";
}

function goOver(refusal: Extract<Refusal, { is: "over" }>, main: boolean, setup: string): Words {
  const state = main ? `TASK_STATE_${refusal.state.toUpperCase()}` : refusal.state;
  if (refusal.on === "subscribe") {
    return { code: -32001, general: "task not found", message: "task not found: no active execution" };
  }
  if (refusal.on === "message") {
    const message = `${setup}task in a terminal state "${state}": invalid params`;
    return { code: -32602, general: "invalid params", message };
  }
  const canceler = main ? "canceler setup failed" : "setup failed";
  const message = `failed to cancel: cancelation failed: ${canceler}: task in non-cancelable state ${state}: task cannot be canceled`;
  return { code: -32002, general: "task cannot be canceled", message };
}
