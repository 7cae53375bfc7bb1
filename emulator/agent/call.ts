import { type Dialect, isPython, type Operation, type Wire } from "./dialect.ts";
import { jsonHeaders, type Outcome, streamHeaders, toBody, toFrame } from "./framing.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Outlet } from "./outlet.ts";
import { toRpcError } from "./refusal.ts";
import type { Refusal } from "./refusal-words.ts";
import type { Run } from "./run.ts";
import { toTask, toV10 } from "./translation.ts";

/** A JSON-RPC call to one agent. */
export interface Call {
  readonly operation: Operation;
  readonly wire: Wire;
  readonly id: Json;
  readonly params: JsonObject;
  readonly userId: string;
  /** The body as it came. */
  readonly body: string;
  /** The client opted in to the extension for pauses. */
  readonly hitl: boolean;
  readonly outlet: Outlet;
}

export function isStreamed({ operation }: Call): boolean {
  return operation === "stream" || operation === "subscribe";
}

/** Opens the event stream of an answer. */
export function beginStream(call: Call, dialect: Dialect): void {
  call.outlet.begin(200, streamHeaders(dialect));
}

/** One event of a run, in the form in which the client asked. */
export function writeEvent(call: Call, run: Run, event: JsonObject): void {
  const result = run.form === "0.3" && call.wire === "1.0" ? toV10(event) : event;
  call.outlet.write(toFrame(run.dialect, call.id, { result }));
}

/** Answers with the task as it is; `wrapped` as a new message is answered on 1.0. */
export function respondTask(
  call: Call,
  run: Run,
  options: { readonly wrapped?: boolean; readonly partials?: boolean; readonly task?: JsonObject } = {},
): void {
  const { historyLength } = call.params;
  const limit = typeof historyLength === "number" ? { historyLength } : {};
  const task = options.task ?? run.task.toJson({ ...limit, withPartials: options.partials === true });
  const shown = run.form === "0.3" && call.wire === "1.0" ? toTask(task) : task;
  respond(call, run.dialect, { result: options.wrapped && call.wire === "1.0" ? { task: shown } : shown });
}

/** The snapshot with which a 1.0 subscription starts. */
export function snapshotOf(run: Run): JsonObject {
  return { task: run.task.toJson() };
}

/** A plain JSON answer. */
export function respond(call: Call, dialect: Dialect, outcome: Outcome): void {
  call.outlet.begin(200, jsonHeaders(dialect));
  call.outlet.end(toBody(dialect, call.id, outcome));
}

/**
 * An error, as an event where a stream was asked for. Python checks parameters (its 1.0 line everything) before it opens a
 * stream and answers in plain JSON, of which the controller makes a stream of zero bytes. An unknown method is plain JSON
 * everywhere.
 */
export function refuse(call: Call, dialect: Dialect, refusal: Refusal) {
  const streamed = isStreamed(call) && refusal.is !== "no-method";
  const outcome = { error: toRpcError(dialect, refusal, streamed) };
  const own = refusal.is !== "hop";
  const early = own && isPython(dialect) && (refusal.is === "bad-params" || dialect.speaks === "1.0");
  if (!streamed || (early && dialect.through === "process")) return respond(call, dialect, outcome);
  beginStream(call, dialect);
  call.outlet.end(early ? undefined : toFrame(dialect, call.id, outcome));
}

/** The message of a prompt, or what is missing in it. */
export function readMessage(
  call: Call,
  dialect: Dialect,
): { readonly message: JsonObject } | { readonly missing: "message" | "messageId" | "parts" } {
  const { message } = call.params;
  if (!isObject(message)) return { missing: "message" };
  // The controller fills in what a Python agent would refuse to read.
  const lenient = isPython(dialect) && dialect.through === "controller";
  if (!lenient && typeof message.messageId !== "string") return { missing: "messageId" };
  const parts = message.parts;
  const empty = !Array.isArray(parts) || (parts.length === 0 && !isPython(dialect));
  return !lenient && empty ? { missing: "parts" } : { message };
}
