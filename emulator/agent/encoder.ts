import { randomUUID } from "node:crypto";
import type { Confirmation } from "./confirmation.ts";
import type { Dialect } from "./dialect.ts";
import { type JsonObject, writeJson } from "./json.ts";
import type { ScriptFile } from "./script.ts";
import type { ToolCall, ToolResult } from "./tool-call.ts";

/** Everything an encoder puts into events besides what the script says. */
export interface EncoderSetting {
  readonly dialect: Dialect;
  readonly taskId: string;
  readonly contextId: string;
  readonly userId: string;
  readonly namespace: string;
  readonly agent: string;
  /** The agent's setting: token deltas, or only whole messages. */
  readonly stream: boolean;
  /** The version of the runtime, where that version has habits of its own. */
  readonly release: string | undefined;
}

/** Turns what a script does into result objects of one run, in the wire form of the runtime. */
export interface Encoder {
  /** The events before any output. */
  begin(prompt: JsonObject): JsonObject[];
  /** The events after a reply to a pause; `echoed`: Go tells the reply first. */
  resume(reply: JsonObject, echoed: boolean): JsonObject[];
  delta(text: string): JsonObject[];
  thought(text: string): JsonObject[];
  file(file: ScriptFile): void;
  usage(prompt: number, candidates: number): void;
  /** `session`: the context of the sub-agent that is called, where the runtime tells it beforehand. */
  calls(calls: readonly ToolCall[], session?: string): JsonObject[];
  results(results: readonly ToolResult[]): JsonObject[];
  /** After the calls were told. `hitl`: the client opted in to the 1.0 extension that carries what the pause asks for. */
  pause(text: string, confirmations: readonly Confirmation[], hitl: boolean): JsonObject[];
  fail(text: string, code: string): JsonObject[];
  /** How Python ends a task whose reply it could not use. */
  reject(text: string): JsonObject[];
  /** What Python's 1.0 line says to words in place of a decision. */
  askAgain(): JsonObject[];
  canceled(): JsonObject[];
  end(): JsonObject[];
}

/** What both encoders keep about one run: the model turn that is open, and the names in the metadata. */
export interface OpenTurn {
  text: string;
  files: ScriptFile[];
  usage: JsonObject | undefined;
  readonly invocation: string;
}

export function openTurn(): OpenTurn {
  return { text: "", files: [], usage: undefined, invocation: `e-${randomUUID()}` };
}

/** Kubernetes names as the runtimes write them: `kagent__NS__k8s_agent`. */
export function appName(namespace: string, agent: string): string {
  return `${pythonName(namespace)}__NS__${pythonName(agent)}`;
}

export function pythonName(name: string): string {
  return name.replaceAll("-", "_");
}

/** The form in which a runtime hands over what a tool gave back. */
export function toolResponse(python: boolean, { output = "", error, response }: ToolResult): JsonObject {
  if (response) return response;
  if (!python) return error === undefined ? { output } : { error };
  const text = error ?? (typeof output === "string" ? output : writeJson(output));
  return { content: [{ type: "text", text }], isError: error !== undefined };
}
