import type { AgentRef } from "../conversation/agent-ref.ts";
import type { Clock } from "../conversation/ports.ts";
import { CallError } from "./call-error.ts";
import type { CallObserver, ObservedCall } from "./call-observer.ts";
import type { Rpc } from "./rpc.ts";

/** The calls to an agent, with somebody who hears of them. */
export function observeRpc(rpc: Rpc, agent: AgentRef, observe: CallObserver, clock: Pick<Clock, "now">): Rpc {
  async function watched<R>(call: Parameters<Rpc["ask"]>[0], work: () => Promise<R>): Promise<R> {
    const began = clock.now();
    const tell = (result: ObservedCall["result"]) =>
      observe({
        agent,
        method: call.verb,
        result,
        ms: clock.now() - began,
        traceparent: call.caller.traceparent,
      });
    try {
      const answer = await work();
      tell("ok");
      return answer;
    } catch (error) {
      tell(call.signal.aborted ? "aborted" : error instanceof CallError ? error.failure.kind : "cut");
      throw error;
    }
  }
  return {
    withoutEcho: rpc.withoutEcho,
    ask: (call) => watched(call, () => rpc.ask(call)),
    stream: (call, onBytes) => watched(call, () => rpc.stream(call, onBytes)),
  };
}
