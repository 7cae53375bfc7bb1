import type { AgentRef } from "../conversation/agent-ref.ts";
import type { Failure } from "./call-error.ts";

/** A call to an agent, once its answer began or it failed. */
export interface ObservedCall {
  readonly agent: AgentRef;
  readonly method: "stream" | "get" | "cancel" | "subscribe";
  readonly result: "ok" | "aborted" | Failure["kind"];
  readonly ms: number;
  /** W3C `traceparent` of the call. */
  readonly traceparent: string;
}

/** Hears of calls. Called in passing: it must be cheap and must not throw. */
export type CallObserver = (call: ObservedCall) => void;
