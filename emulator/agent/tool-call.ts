import { randomBytes } from "node:crypto";
import type { Json, JsonObject } from "./json.ts";

/** A call of a tool. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: JsonObject;
}

/** What a tool gave back: `output`, or `error` when it failed; `response` when the runtime itself answers in its place. */
export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly output?: Json;
  readonly error?: string;
  readonly response?: JsonObject;
}

/** What a tool that needs approval gives back, and how long it takes, once it may run. */
export interface GatedOutcome {
  readonly output?: Json;
  readonly error?: string;
  readonly ms?: number;
}

/** A call that waits for people; `outcome` is "done" when absent. */
export interface GatedCall extends ToolCall {
  readonly outcome?: GatedOutcome;
}

/** One question of kagent's `ask_user`; free text is always allowed. */
export interface AskedQuestion {
  readonly question: string;
  readonly choices?: readonly string[];
  readonly multiple?: boolean;
}

/** What became of a call that waited. */
export interface Decided {
  readonly call: ToolCall;
  readonly approved: boolean;
  readonly reason?: string;
  /** By question, where it was a set of questions. */
  readonly answers?: readonly (readonly string[])[];
  /** What the model reads as the result. */
  readonly result: string;
}

/** An id in the form of the recorded ones. */
export function callId(): string {
  return `call_${randomBytes(6).toString("hex")}`;
}

/** A tool in `requireApproval`: it runs, once, only when the pause is answered so. */
export function operation(
  name: string,
  args: JsonObject,
  { id = callId(), ...outcome }: GatedOutcome & { readonly id?: string } = {},
): GatedCall {
  return { id, name, args, outcome };
}

/** kagent's built-in `ask_user`: questions that are answered together. */
export function askUser(questions: readonly AskedQuestion[], id: string = callId()): GatedCall {
  return { id, name: "ask_user", args: { questions: questions.map((question) => ({ ...question })) } };
}

export function isQuestion(call: ToolCall): boolean {
  return call.name === "ask_user";
}
