/**
 * Why a call failed.
 *
 * `unsent`: nothing left this machine. `cut`: the connection broke, bytes may have arrived. `http`: a status that is
 * not a success. `rpc`: a JSON-RPC error, whose code is only to be trusted where no controller is between.
 */
export type Failure =
  | { readonly kind: "unsent" | "cut" }
  | { readonly kind: "http"; readonly status: number; readonly body: string; readonly retryAfterMs?: number }
  | { readonly kind: "rpc"; readonly code: number; readonly message: string }
  | { readonly kind: "too-large" | "unreadable" };

/** A call that brought no result. `message` is for the log. */
export class CallError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: { readonly cause?: unknown }) {
    super(describe(failure), options);
    this.name = "CallError";
    this.failure = failure;
  }
}

function describe(failure: Failure): string {
  if (failure.kind === "http") return `HTTP ${failure.status}: ${failure.body.slice(0, 200)}`;
  if (failure.kind === "rpc") return `JSON-RPC ${failure.code}: ${failure.message.slice(0, 500)}`;
  return failure.kind;
}

/** The failure behind an error of a call; anything unknown counts as a broken connection. */
export function failureOf(error: unknown): Failure {
  return error instanceof CallError ? error.failure : { kind: "cut" };
}

const VERSION_CODES: ReadonlySet<number> = new Set([-32601, -32009]);

/** Whether the other side does not speak the dialect: proof that the message was not processed. */
export function isVersionRefusal(failure: Failure): boolean {
  if (failure.kind === "rpc") return VERSION_CODES.has(failure.code);
  return failure.kind === "http" && failure.status === 400 && /a2a[- ]version/i.test(failure.body);
}

/** Whether the controller could not reach the agent at all. */
export function isAgentAway(failure: Failure): boolean {
  if (failure.kind !== "rpc") return false;
  return /connection refused|no such host|no route to host|dial tcp|i\/o timeout/i.test(failure.message);
}

/**
 * Whether a decision that met this failure surely never reached its agent. Codes of agents say less than they seem to:
 * behind a controller all those of a Go agent are one, so only a refused connection counts.
 */
export function neverDelivered(failure: Failure): boolean {
  if (failure.kind !== "rpc") return neverArrived(failure);
  return /connection refused|no such host|no route to host|dial tcp/i.test(failure.message);
}

// Parse error, invalid request, unknown method, invalid parameters, unsupported operation, content type, version.
const REFUSAL_CODES: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602, -32004, -32005, -32009]);

/** Whether a message that met this failure surely never reached its agent. */
export function neverArrived(failure: Failure): boolean {
  switch (failure.kind) {
    case "unsent":
      return true;
    case "http":
      return failure.status < 500 && failure.status !== 408;
    case "rpc":
      return REFUSAL_CODES.has(failure.code) || isAgentAway(failure);
    default:
      return false;
  }
}
