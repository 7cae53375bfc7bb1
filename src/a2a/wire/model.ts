import type { JsonObject } from "./json.ts";

/** A2A task states in the spelling of 0.3; `unknown` is whatever a server invents. */
export type TaskState =
  | "submitted"
  | "working"
  | "input-required"
  | "auth-required"
  | "completed"
  | "failed"
  | "canceled"
  | "rejected"
  | "unknown";

/** A file as it travels: `base64` (plain or url-safe) or a `url` that is never fetched. */
export interface WireFile {
  readonly name?: string;
  readonly mediaType?: string;
  readonly base64?: string;
  readonly url?: string;
}

/** One part of a message or artifact, the same for every dialect. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly metadata?: JsonObject }
  | { readonly kind: "data"; readonly data: unknown; readonly metadata?: JsonObject }
  | { readonly kind: "file"; readonly file: WireFile; readonly metadata?: JsonObject };

/** A message; `messageId` may be missing in the wild. */
export interface Message {
  readonly messageId?: string;
  readonly role: "user" | "agent";
  readonly parts: readonly Part[];
  readonly metadata?: JsonObject;
  /** Addresses of the extensions that the metadata speaks. */
  readonly extensions?: readonly string[];
}

/** What answers a pause, beside the ids: a data part or an extension's metadata, and a text for people. */
export interface PauseReply {
  readonly text: string;
  readonly data?: JsonObject;
  readonly extension?: { readonly uri: string; readonly value: JsonObject };
}

export interface Artifact {
  readonly artifactId?: string;
  readonly parts: readonly Part[];
  readonly metadata?: JsonObject;
}

/** A task as read or polled. `taskId` is empty only when a server left it out. */
export interface Task {
  readonly taskId: string;
  readonly contextId: string;
  readonly state: TaskState;
  readonly timestamp?: string;
  readonly message?: Message;
  readonly artifacts: readonly Artifact[];
  readonly history: readonly Message[];
  readonly metadata?: JsonObject;
}

/** A status update; `final` exists on 0.3 only. Missing ids are empty strings. */
export interface StatusUpdate {
  readonly taskId: string;
  readonly contextId: string;
  readonly state: TaskState;
  readonly message?: Message;
  readonly final: boolean;
  readonly metadata?: JsonObject;
}

export interface ArtifactUpdate {
  readonly taskId: string;
  readonly contextId: string;
  readonly artifact: Artifact;
  readonly append: boolean;
  readonly lastChunk: boolean;
  readonly metadata?: JsonObject;
}

/** Whatever a JSON-RPC result of an A2A server can be. */
export type WireEvent =
  | { readonly kind: "task"; readonly task: Task }
  | { readonly kind: "message"; readonly message: Message; readonly contextId: string }
  | { readonly kind: "status"; readonly update: StatusUpdate }
  | { readonly kind: "artifact"; readonly update: ArtifactUpdate };

/** Whether a task in this state does nothing more. */
export function isTerminal(state: TaskState): boolean {
  return state === "completed" || state === "failed" || state === "canceled" || state === "rejected";
}

/** Whether a task in this state waits for somebody. */
export function isPaused(state: TaskState): boolean {
  return state === "input-required" || state === "auth-required";
}
