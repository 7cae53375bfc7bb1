import type { AgentRef } from "./agent-ref.ts";
import type { Decision, InputRequest } from "./approval.ts";
import type { BridgeError } from "./errors.ts";

/** A file on its way to or from an agent; `bytes` is the whole content. */
export interface AgentFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One message for an agent. Ids are ours, and sending the same `messageId` again is never done. */
export interface Outgoing {
  readonly messageId: string;
  readonly contextId: string;
  /** `X-User-Id`: one stable ASCII text per conversation, the same for everybody in it. */
  readonly userId: string;
  readonly text: string;
  readonly files: readonly AgentFile[];
  /** Set only to continue a task that waits for input. */
  readonly taskId?: string;
  /** What was decided about the pause of that task; `text` is then only decoration. */
  readonly reply?: { readonly request: InputRequest; readonly decision: Decision };
  /** Who asks, from where: goes into the message metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** W3C `traceparent` header value. */
  readonly traceparent: string;
}

/** A task at an agent, enough to find it again after a restart. */
export interface TaskRef {
  readonly taskId: string;
  readonly contextId: string;
  readonly userId: string;
  readonly traceparent: string;
}

/** Tokens used by the whole run so far. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
}

/** A tool call as the agent announced it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as JSON text. */
  readonly args: string;
  /** `namespace/name` when the tool is another agent. */
  readonly subagent?: string;
}

/** One entry of a transcript read from a stored task. */
export type SnapshotItem =
  | { readonly kind: "text"; readonly segment: string; readonly text: string }
  | { readonly kind: "tool"; readonly call: ToolCall; readonly result?: { readonly ok: boolean } };

/** How a run ended. `lost`: nothing moves the task any more, or its end could not be learned. */
export type RunOutcome = "completed" | "failed" | "canceled" | "rejected" | "lost";

/**
 * What happens in a run, in neutral words: the wire's dialects end at the a2a folder.
 *
 * Text belongs to a segment (one model turn); `append: false` replaces what the segment held, so applying the
 * events in order always leaves each character exactly once.
 */
export type AgentEvent =
  | { readonly kind: "task"; readonly taskId: string; readonly contextId: string }
  | { readonly kind: "thinking" }
  | { readonly kind: "text"; readonly segment: string; readonly text: string; readonly append: boolean }
  | { readonly kind: "tool-call"; readonly call: ToolCall }
  | { readonly kind: "tool-result"; readonly id: string; readonly ok: boolean }
  | { readonly kind: "file"; readonly file: AgentFile }
  | { readonly kind: "usage"; readonly usage: Usage }
  /** The whole output so far, read from the task: replaces all text and tools known before. */
  | { readonly kind: "snapshot"; readonly output: readonly SnapshotItem[] }
  /** The stream was lost and the task is being picked up again; `connected` when events flow again. */
  | { readonly kind: "connection"; readonly connected: boolean }
  /** A sub-agent's run waits for people while its caller may go on without it; `contextId` where it is told. */
  | {
      readonly kind: "subagent-waiting";
      readonly callId: string;
      readonly subagent: string;
      readonly contextId?: string;
    }
  /**
   * The agent paused for a human. `request`: what it waits for, as data; without it only `text`, the agent's own wording
   * (perhaps empty), and the next message answers.
   */
  | { readonly kind: "waiting"; readonly text: string; readonly request?: InputRequest }
  /** `text`: the agent's own words about the end (hostile, maybe long, may repeat nothing shown before). */
  | {
      readonly kind: "over";
      readonly outcome: RunOutcome;
      readonly text?: string;
      readonly error?: BridgeError;
    };

/** What a cancel request came to. `unsupported`: the run goes on; `unknown`: ask the task later. */
export type CancelOutcome = "canceled" | "already-over" | "unsupported" | "unknown";

/**
 * An agent that can be asked.
 *
 * `send` and `follow` end after exactly one `waiting` or `over` event; everything between (lost streams,
 * resubscription, polling) is their business. They throw `BridgeError` only when the message surely never
 * reached the agent. Aborting the signal ends reading at once without an event; the run itself goes on.
 */
export interface Agent {
  readonly ref: AgentRef;
  send(message: Outgoing, signal: AbortSignal): AsyncIterable<AgentEvent>;
  follow(task: TaskRef, signal: AbortSignal): AsyncIterable<AgentEvent>;
  cancel(task: TaskRef): Promise<CancelOutcome>;
  /** Reads the task once. Rejects with `BridgeError` when the agent cannot be asked. */
  look(task: TaskRef): Promise<TaskLook>;
  /** The task that a message started, where anybody can tell; undefined when there is none or nobody knows. */
  find(
    message: Pick<Outgoing, "messageId" | "contextId" | "userId" | "traceparent">,
  ): Promise<TaskRef | undefined>;
}

/** What a task is right now. `gone`: the agent does not know it. */
export type TaskLook =
  | { readonly state: "waiting"; readonly text: string; readonly request?: InputRequest }
  | { readonly state: "working" }
  | { readonly state: "over"; readonly outcome: RunOutcome }
  | { readonly state: "gone" };

/** What is known of an agent from its controller. */
export interface AgentInfo {
  readonly ref: AgentRef;
  readonly description: string;
  readonly ready: boolean;
  /** Example prompts of its card's skills. */
  readonly examples: readonly string[];
}
