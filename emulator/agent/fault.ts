/** How a stream is cut: the socket dies, it ends as if complete, or an error event comes first. */
type CutHow = "destroy" | "end" | { readonly error: string };

/** Something that goes wrong with one answer. Sizes are bytes, times milliseconds. */
export type Fault =
  /** The stream breaks after so many events or bytes; the run goes on. */
  | {
      readonly fault: "cut";
      readonly afterEvents?: number;
      readonly afterBytes?: number;
      readonly how?: CutHow;
    }
  /** From this event on nothing comes, and the connection stays open; the run goes on. */
  | { readonly fault: "silence"; readonly afterEvents?: number }
  /** One event more, whose line is this long. */
  | { readonly fault: "huge-line"; readonly bytes: number }
  /** The answer starts late. */
  | { readonly fault: "delay"; readonly ms: number }
  /** Another HTTP answer; nothing runs. */
  | {
      readonly fault: "status";
      readonly status: number;
      readonly text: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** HTTP 200, an event stream of zero bytes: how a controller shows a refusal of a Python agent. Nothing runs. */
  | { readonly fault: "empty" }
  /** A JSON-RPC error; as an event, or as plain JSON instead of a stream. Nothing runs. */
  | {
      readonly fault: "rpc-error";
      readonly code: number;
      readonly message: string;
      readonly as?: "json" | "event";
    }
  /** The socket dies before anything is answered; the run is started when `runs`. */
  | { readonly fault: "reset"; readonly runs?: boolean };

/**
 * Which calls a fault waits for; `message` is every prompt and reply, streamed or not, `reply` only what names a task;
 * `rest` is everything outside A2A.
 */
export type FaultTarget = "message" | "reply" | "get" | "subscribe" | "cancel" | "card" | "rest" | "any";

/** What controllers of 0.9.7 to 0.9.12 send as the last event, 180 s after the start of any call. */
export const threeMinuteCut =
  "SSE stream error: context deadline exceeded (Client.Timeout or context cancellation while reading body)";

/** The last event when the agent dies in mid-stream. */
export const agentDied = "SSE stream error: unexpected EOF";

/** Faults that wait for their calls, first come first served. */
export interface FaultQueue {
  add(fault: Fault, options?: { readonly times?: number; readonly on?: FaultTarget }): void;
  /** The first that waits for a call that counts as one of these. */
  take(targets: readonly Exclude<FaultTarget, "any">[]): Fault | undefined;
}

export function createFaultQueue(): FaultQueue {
  const waiting: { readonly fault: Fault; readonly on: FaultTarget; times: number }[] = [];
  return {
    add: (fault, { times = 1, on = "message" } = {}) => {
      waiting.push({ fault, on, times });
    },
    take(targets) {
      const at = waiting.findIndex(({ on }) => on === "any" || targets.includes(on));
      const found = waiting[at];
      if (!found) return undefined;
      found.times -= 1;
      if (found.times <= 0) waiting.splice(at, 1);
      return found.fault;
    },
  };
}
