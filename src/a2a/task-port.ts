import type { Outgoing } from "../conversation/agent.ts";
import { textsIn } from "../conversation/echo.ts";
import { CallError, failureOf } from "./call-error.ts";
import type { Controller } from "./kagent/controller.ts";
import type { Negotiator } from "./negotiate.ts";
import type { A2ALimits } from "./options.ts";
import type { Caller, Rpc } from "./rpc.ts";
import { type Envelope, readTaskResult } from "./wire/codec.ts";
import type { PauseReply, Task } from "./wire/model.ts";

/** Batches of a stream. */
export type Batches = AsyncGenerator<readonly Envelope[], void, undefined>;

/** What can be done with one agent, in whatever dialect it speaks. Methods reject with `CallError` or when aborted. */
export interface TaskPort {
  /** `reply`: what the message answers, already checked. */
  send(
    message: Outgoing,
    reply: PauseReply | undefined,
    signal: AbortSignal,
    onBytes: () => void,
  ): Promise<Batches>;
  subscribe(taskId: string, caller: Caller, signal: AbortSignal, onBytes: () => void): Promise<Batches>;
  get(taskId: string, caller: Caller, signal: AbortSignal): Promise<Task>;
  cancel(taskId: string, caller: Caller, signal: AbortSignal): Promise<Task>;
  /** The tasks of a conversation from the controller; empty where there is none, or it knows of no session. */
  stored(contextId: string, caller: Caller, signal: AbortSignal): Promise<readonly Task[]>;
  /** An agent's words without what only repeats a call: what was said in it, and our credentials. */
  withoutEcho(text: string, said: readonly string[]): string;
  /** Whether `stored` can tell anything. */
  readonly hasStore: boolean;
}

/** The tasks of the agent behind `rpc`. */
export function createTaskPort(
  rpc: Rpc,
  negotiator: Negotiator,
  controller: Controller | undefined,
  limits: A2ALimits,
): TaskPort {
  const inTime = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(limits.unaryMs)]);
  const taskOf = async (verb: "get" | "cancel", taskId: string, caller: Caller, signal: AbortSignal) => {
    const params = { id: taskId };
    const value = await negotiator.run((codec) =>
      rpc.ask({ codec, verb, params, caller, signal: inTime(signal) }),
    );
    const task = readTaskResult(value);
    if (!task) throw new CallError({ kind: "unreadable" });
    return task;
  };
  return {
    send: (message, reply, signal, onBytes) =>
      negotiator.run((codec) =>
        rpc.stream(
          {
            codec,
            verb: "stream",
            params: codec.sendParams(message, reply),
            // The arguments of the tools that were decided about.
            said: textsIn(message.reply?.request.items),
            caller: message,
            signal,
          },
          onBytes,
        ),
      ),
    subscribe: (taskId, caller, signal, onBytes) =>
      negotiator.run((codec) =>
        rpc.stream({ codec, verb: "subscribe", params: { id: taskId }, caller, signal }, onBytes),
      ),
    get: (taskId, caller, signal) => taskOf("get", taskId, caller, signal),
    cancel: (taskId, caller, signal) => taskOf("cancel", taskId, caller, signal),
    withoutEcho: rpc.withoutEcho,
    hasStore: controller !== undefined,
    async stored(contextId, caller, signal) {
      if (!controller) return [];
      try {
        return await controller.tasks(contextId, caller, signal);
      } catch (error) {
        const failure = failureOf(error);
        // No session yet, or no REST interface at all.
        if (failure.kind === "http" && failure.status === 404) return [];
        throw error;
      }
    },
  };
}
