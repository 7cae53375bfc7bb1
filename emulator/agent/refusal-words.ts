import type { Dialect } from "./dialect.ts";
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

/** An error in the words of a runtime. */
export interface Words {
  readonly code: number;
  /** What a Python agent says, and a Go agent in its details. */
  readonly message: string;
  /** The general word of a released Go agent for that code. */
  readonly general?: string;
  readonly data?: Json;
}

/** Its 1.0 line writes states as the numbers of the protocol. */
const stateNumbers = new Map([
  ["completed", 3],
  ["failed", 4],
  ["canceled", 5],
  ["rejected", 7],
]);

/** What Python agents say, released ones and those of the 1.0 line. */
export function pythonWords(dialect: Dialect, refusal: Refusal): Words {
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

/** What Go agents say; main puts the detail where released ones have a general word. */
export function goWords(dialect: Dialect, refusal: Refusal): Words {
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
