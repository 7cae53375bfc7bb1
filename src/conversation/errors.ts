/** Every refusal or failure that people see has one of these codes; docs/troubleshooting.md lists them. */
export type ErrorCode =
  | "agent-unknown"
  | "agent-not-ready"
  | "agent-unreachable"
  | "agent-refused"
  | "agent-failed"
  | "agent-timeout"
  | "agent-lost"
  | "agent-unsupported"
  | "decision-not-taken"
  | "kagent-unreachable"
  | "kagent-unauthorized"
  | "answer-too-large"
  | "access-denied"
  | "cluster-unknown"
  | "file-refused"
  | "queue-full"
  | "store-failed"
  | "config-invalid"
  | "discord-failed"
  | "stopped"
  | "internal";

/**
 * Something we refuse or cannot do.
 *
 * `message` is a sentence for people: what happened and what to do next. It never holds a secret, an internal
 * URL or text from an agent; those belong to `cause`, which only the log sees.
 */
export class BridgeError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options);
    this.name = "BridgeError";
    this.code = code;
  }
}
