import type { Agent } from "../conversation/agent.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import type { InputRequest } from "../conversation/approval.ts";
import type { BridgeError } from "../conversation/errors.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import type { A2ALimits } from "./options.ts";
import type { Caller } from "./rpc.ts";
import { Run } from "./run.ts";
import { cancelTask, findByMessage, lookAt } from "./task-lookup.ts";
import type { TaskPort } from "./task-port.ts";

/** What an agent is made of. */
export interface AgentOptions {
  readonly ref: AgentRef;
  readonly port: TaskPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: A2ALimits;
  /** The sentence for a call that failed. */
  readonly explain: (error: unknown) => Promise<BridgeError>;
}

/** An agent behind its task port. */
export function createAgent(options: AgentOptions): Agent {
  const { ref, port } = options;
  const runOf = (contextId: string, caller: Caller, signal: AbortSignal, answered?: InputRequest): Run =>
    new Run({
      ...options,
      ...(answered ? { answered } : {}),
      caller: { userId: caller.userId, traceparent: caller.traceparent },
      contextId,
      agent: ref.name,
      log: options.log.child({ contextId, traceparent: caller.traceparent }),
      signal,
    });
  return {
    ref,
    send: (message, signal) =>
      runOf(message.contextId, message, signal, message.reply?.request).send(message),
    follow: (task, signal) => runOf(task.contextId, task, signal).follow(task.taskId),
    cancel: (task) => cancelTask(port, task, task, new AbortController().signal),
    async look(task) {
      const look = await lookAt(port, task, new AbortController().signal);
      if ("failure" in look) throw await options.explain(look.failure);
      return look;
    },
    async find({ messageId, contextId, userId, traceparent }) {
      const caller = { userId, traceparent };
      const sent = { messageId, contextId };
      const task = await findByMessage(port, sent, caller, new AbortController().signal);
      return task && { taskId: task.taskId, contextId: task.contextId || contextId, ...caller };
    },
  };
}
