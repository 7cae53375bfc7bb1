/** The two wire forms of A2A that kagent speaks. */
export type Wire = "0.3" | "1.0";

/** The program behind an agent; each has its own prefix of metadata keys, errors and habits. */
export type Runtime = "python" | "go" | "python-langgraph";

/** How an agent speaks: its runtime, the A2A version of that runtime, and whether a controller stands in between. */
export interface Dialect {
  readonly runtime: Runtime;
  readonly speaks: Wire;
  readonly through: "controller" | "process";
}

/** What a JSON-RPC method asks for, in either wire form. */
export type Operation = "stream" | "send" | "get" | "list" | "subscribe" | "cancel" | "push" | "card";

const methods = new Map<string, readonly [Operation, Wire]>([
  ["message/stream", ["stream", "0.3"]],
  ["message/send", ["send", "0.3"]],
  ["tasks/get", ["get", "0.3"]],
  ["tasks/list", ["list", "0.3"]],
  ["tasks/resubscribe", ["subscribe", "0.3"]],
  ["tasks/cancel", ["cancel", "0.3"]],
  ["tasks/pushNotificationConfig/set", ["push", "0.3"]],
  ["tasks/pushNotificationConfig/get", ["push", "0.3"]],
  ["tasks/pushNotificationConfig/list", ["push", "0.3"]],
  ["tasks/pushNotificationConfig/delete", ["push", "0.3"]],
  ["agent/getAuthenticatedExtendedCard", ["card", "0.3"]],
  ["SendStreamingMessage", ["stream", "1.0"]],
  ["SendMessage", ["send", "1.0"]],
  ["GetTask", ["get", "1.0"]],
  ["ListTasks", ["list", "1.0"]],
  ["SubscribeToTask", ["subscribe", "1.0"]],
  ["CancelTask", ["cancel", "1.0"]],
  ["CreateTaskPushNotificationConfig", ["push", "1.0"]],
  ["GetTaskPushNotificationConfig", ["push", "1.0"]],
  ["ListTaskPushNotificationConfigs", ["push", "1.0"]],
  ["DeleteTaskPushNotificationConfig", ["push", "1.0"]],
  ["GetExtendedAgentCard", ["card", "1.0"]],
]);

/** What `method` asks for in this wire form; undefined when that form has no such method. */
export function readOperation(method: string, wire: Wire): Operation | undefined {
  const known = methods.get(method);
  return known?.[1] === wire ? known[0] : undefined;
}

/** What `method` asks for, whichever wire form it is from. */
export function operationOf(method: string): Operation | undefined {
  return methods.get(method)?.[0];
}

/** Python programs, LangGraph included, share the framework that writes their answers. */
export function isPython(dialect: Dialect): boolean {
  return dialect.runtime !== "go";
}
