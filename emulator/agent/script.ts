import type { Json, JsonObject } from "./json.ts";
import { callId, type Decided, type GatedCall, type ToolCall, type ToolResult } from "./tool-call.ts";

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
  | { readonly step: "delegate"; readonly agent: string; readonly call: ToolCall }
  | { readonly step: "pause"; readonly text: string; readonly calls: readonly GatedCall[] };

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
  /** After a pause or a sub-agent: what became of each call, in their order. */
  readonly decided?: readonly Decided[];
}

/**
 * A scripted answer. After a `pause` that was answered, and after `delegate`, the generator is resumed with the turn that
 * carries the reply, its `decided` filled in and the results already told. A pause that is lost ends the generator.
 */
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
  const { ms = 0, id = callId(), ...result } = outcome;
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

/** The run waits for people: for words (no calls), or for a decision about each of `calls`, all in one pause. */
export function pause(text: string, calls: GatedCall | readonly GatedCall[] = []): Step {
  return { step: "pause", text, calls: "name" in calls ? [calls] : calls };
}

/**
 * Calls a sub-agent of the same kagent by its Kubernetes name: a task of its own, whose pause becomes one of this task. The
 * sub-agent must be scripted.
 */
export function delegate(agent: string, request: string, id: string = callId()): Step {
  return { step: "delegate", agent, call: { id, name: agent, args: { request } } };
}
