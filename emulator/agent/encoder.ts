import { randomUUID } from "node:crypto";
import type { Dialect } from "./dialect.ts";
import type { JsonObject } from "./json.ts";
import type { ScriptFile, ToolCall, ToolResult } from "./script.ts";

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
  /** The client opted in to the 1.0 extension that carries what a pause asks for. */
  readonly hitl: boolean;
}

/** Turns what a script does into result objects of one run, in the wire form of the runtime. */
export interface Encoder {
  /** The events before any output. `message` is the prompt, or the reply to a pause when `resumed`. */
  begin(message: JsonObject, resumed: boolean): JsonObject[];
  delta(text: string): JsonObject[];
  thought(text: string): JsonObject[];
  file(file: ScriptFile): void;
  usage(prompt: number, candidates: number): void;
  calls(calls: readonly ToolCall[]): JsonObject[];
  results(results: readonly ToolResult[]): JsonObject[];
  pause(text: string, call: ToolCall | undefined): JsonObject[];
  fail(text: string, code: string): JsonObject[];
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
export function toolResponse(python: boolean, { output = "", error }: ToolResult): JsonObject {
  if (!python) return error === undefined ? { output } : { error };
  const text = error ?? (typeof output === "string" ? output : JSON.stringify(output));
  return { content: [{ type: "text", text }], isError: error !== undefined };
}

/** How a pause names the operation that waits for approval. */
export function approvalHint(call: ToolCall): string {
  return `Tool '${call.name}' requires approval before execution.`;
}
