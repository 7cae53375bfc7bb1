import { randomBytes } from "node:crypto";
import type { Json, JsonObject } from "./json.ts";

/** A call of a tool; `id` is invented when absent. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: JsonObject;
}

/** What a tool gave back: `output`, or `error` when it failed. */
export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly output?: Json;
  readonly error?: string;
}

/** How text is given out. Without a rate it comes at once. */
export interface Pace {
  readonly tokensPerSecond?: number;
  /** Code points in one token, 4 when absent. */
  readonly tokenSize?: number;
}

/** A file from the agent; `bytes` is base64. */
export interface ScriptFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: string;
}

/** One thing a scripted agent does. Consecutive texts are one model turn; a call, a pause or the end closes it. */
export type Step =
  | { readonly step: "text"; readonly text: string; readonly pace: Pace }
  | { readonly step: "thought"; readonly text: string }
  | { readonly step: "calls"; readonly calls: readonly ToolCall[] }
  | { readonly step: "results"; readonly results: readonly ToolResult[] }
  | { readonly step: "file"; readonly file: ScriptFile }
  | { readonly step: "usage"; readonly prompt: number; readonly candidates: number }
  | { readonly step: "wait"; readonly ms: number }
  | { readonly step: "silence" }
  | { readonly step: "fail"; readonly text: string; readonly code: string }
  | { readonly step: "pause"; readonly text: string; readonly call: ToolCall | undefined };

/** One prompt and what was said before in the same context by the same user. */
export interface Turn {
  readonly agent: string;
  readonly text: string;
  /** The message as it came. */
  readonly message: JsonObject;
  readonly taskId: string;
  readonly contextId: string;
  readonly userId: string;
  readonly history: readonly { readonly prompt: string; readonly answer: string }[];
}

/** A scripted answer. After a `pause` the generator is resumed with the turn that carries the reply. */
export type Script = (
  turn: Turn,
) => Generator<Step, void, Turn | undefined> | AsyncGenerator<Step, void, Turn | undefined>;

/** A script of fixed steps. */
export function script(...steps: readonly (Step | readonly Step[])[]): Script {
  return function* () {
    yield* steps.flat();
  };
}

/** Text of the model: deltas at a pace where the agent streams, then once more as a whole. */
export function say(text: string, pace: Pace = {}): Step {
  return { step: "text", text, pace };
}

/** Reasoning: never part of the answer. */
export function think(text: string): Step {
  return { step: "thought", text };
}

/** A tool call that takes `ms` and gives back `output`, or fails with `error`. */
export function tool(
  name: string,
  args: JsonObject,
  outcome: { readonly output?: Json; readonly error?: string; readonly ms?: number; readonly id?: string },
): Step[] {
  const { ms = 0, id = `call_${randomBytes(6).toString("hex")}`, ...result } = outcome;
  return [
    { step: "calls", calls: [{ id, name, args }] },
    { step: "wait", ms },
    { step: "results", results: [{ id, name, ...result }] },
  ];
}

export function file(name: string, mimeType: string, bytes: Uint8Array): Step {
  return { step: "file", file: { name, mimeType, bytes: Buffer.from(bytes).toString("base64") } };
}

/** Tokens of the model turn that is open. */
export function usage(prompt: number, candidates: number): Step {
  return { step: "usage", prompt, candidates };
}

export function wait(ms: number): Step {
  return { step: "wait", ms };
}

/** Nothing more comes, and the connection stays open, until a cancel. */
export function silence(): Step {
  return { step: "silence" };
}

/** The model failed: the run ends `failed` with this text. */
export function fail(text: string, code = "API_ERROR"): Step {
  return { step: "fail", text, code };
}

/** The run waits for a person: a question in words, or the approval of `call`. */
export function pause(text: string, call?: ToolCall): Step {
  return { step: "pause", text, call };
}
