import type { Outgoing } from "../../conversation/agent.ts";
import { parseWire } from "./exact-args.ts";
import { arrayAt, isObject, type JsonObject, numberAt, stringAt } from "./json.ts";
import type { PauseReply, Task, WireEvent } from "./model.ts";
import * as v0_3 from "./v0_3.ts";
import * as v1_0 from "./v1_0.ts";

export type Protocol = "0.3" | "1.0";

/** What a call is for; each dialect has its own name for it. */
export type Verb = "stream" | "get" | "cancel" | "subscribe";

/** One dialect of A2A over JSON-RPC. Reading is the same for both, see `readResult`. */
export interface Codec {
  readonly protocol: Protocol;
  readonly methods: Readonly<Record<Verb, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** `params` of a message; with `reply` it answers a pause, and its own text and files stay at home. */
  sendParams(message: Outgoing, reply?: PauseReply): JsonObject;
}

/** kagent's extension for pauses; without the opt-in on every call a pause is one general sentence. */
export const HITL_EXTENSION = "https://kagent.dev/extensions/hitl/v1";

// kagent's controllers refuse header values that they do not know, so 0.3 goes without.
const codecs: Readonly<Record<Protocol, Codec>> = {
  "0.3": { protocol: "0.3", methods: v0_3.methods, headers: {}, sendParams: v0_3.sendParams },
  "1.0": {
    protocol: "1.0",
    methods: v1_0.methods,
    headers: { "a2a-version": "1.0", "a2a-extensions": HITL_EXTENSION },
    sendParams: v1_0.sendParams,
  },
};

/** The codec of a dialect. */
export function codecFor(protocol: Protocol): Codec {
  return codecs[protocol];
}

/** A JSON-RPC answer, or one event of a stream. */
export type Envelope =
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "error"; readonly code: number; readonly message: string };

/** The JSON-RPC envelope of a text; undefined when it is not one. An `error: null` beside a result is no error. */
export function readEnvelope(text: string): Envelope | undefined {
  const value = parseWire(text);
  if (!isObject(value)) return undefined;
  if (isObject(value.error)) {
    const { error } = value;
    return { kind: "error", code: numberAt(error, "code") ?? 0, message: errorText(error) };
  }
  if (value.result !== undefined && value.result !== null) return { kind: "result", value: value.result };
  return undefined;
}

// Go's 0.3 process keeps the detail in data.error and a general word in message.
function errorText(error: JsonObject): string {
  const detail = isObject(error.data) ? stringAt(error.data, "error") : undefined;
  return [stringAt(error, "message"), detail].filter((text) => text !== undefined).join(": ");
}

/** A result of either dialect: in a wrapper as 1.0 has it, or flat as 0.3. Undefined when it is neither. */
export function readResult(value: unknown): WireEvent | undefined {
  if (!isObject(value)) return undefined;
  return (typeof value.kind === "string" ? undefined : v1_0.readResult(value)) ?? v0_3.readResult(value);
}

/** The task in the answer to get or cancel; undefined when the answer is something else. */
export function readTaskResult(value: unknown): Task | undefined {
  const event = readResult(value);
  return event?.kind === "task" ? event.task : undefined;
}

/** The tasks of a list as kagent's REST interface gives it: `{data: [task]}`, either dialect. */
export function readTaskList(value: unknown): readonly Task[] {
  if (!isObject(value)) return [];
  return [...arrayAt(value, "data"), ...arrayAt(value, "tasks")].flatMap(
    (entry) => readTaskResult(entry) ?? [],
  );
}
