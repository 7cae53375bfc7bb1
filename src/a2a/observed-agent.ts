import type { Agent, AgentEvent } from "../conversation/agent.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";

/** A run that begins to be read: because a message is sent, or because its task is picked up again. */
interface ObservedRun {
  readonly agent: AgentRef;
  /** Address of the agent. */
  readonly url: string;
  readonly contextId: string;
  readonly reading: "send" | "follow";
  /** W3C `traceparent` of the turn. */
  readonly traceparent: string;
  /** The message's text. */
  readonly text?: string;
}

/** Hears of one run. Called in passing: it must be cheap and must not throw. */
interface RunWatch {
  /** W3C `traceparent` that the calls of this run are made under. */
  readonly traceparent: string;
  event(event: AgentEvent): void;
  /** Reading ended; called again it does nothing. `error`: what was thrown. */
  ended(error?: unknown): void;
}

/** Hears of runs; undefined: this one interests nobody. */
export type RunObserver = (run: ObservedRun) => RunWatch | undefined;

/** An agent, with somebody who hears of its runs. */
export function observeAgent(agent: Agent, url: string, observe: RunObserver): Agent {
  const { ref } = agent;
  return {
    ...agent,
    send(message, signal) {
      const { contextId, traceparent, text } = message;
      const watch = observe({ agent: ref, url, reading: "send", contextId, traceparent, text });
      if (!watch) return agent.send(message, signal);
      return told(agent.send({ ...message, traceparent: watch.traceparent }, signal), watch);
    },
    follow(task, signal) {
      const { contextId, traceparent } = task;
      const watch = observe({ agent: ref, url, reading: "follow", contextId, traceparent });
      if (!watch) return agent.follow(task, signal);
      return told(agent.follow({ ...task, traceparent: watch.traceparent }, signal), watch);
    },
  };
}

/** The same events. No generator: there are thousands of them, and each layer of those costs promises. */
function told(events: AsyncIterable<AgentEvent>, watch: RunWatch): AsyncIterable<AgentEvent> {
  const heard = (result: IteratorResult<AgentEvent>) => {
    if (result.done) watch.ended();
    else watch.event(result.value);
    return result;
  };
  const failed = (error: unknown) => {
    watch.ended(error);
    throw error;
  };
  return {
    [Symbol.asyncIterator]() {
      const inner = events[Symbol.asyncIterator]();
      return {
        next: () => inner.next().then(heard, failed),
        async return() {
          watch.ended();
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
