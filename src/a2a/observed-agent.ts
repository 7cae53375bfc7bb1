import type { Agent, AgentEvent, Outgoing } from "../conversation/agent.ts";
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

/** Hears of runs. */
export type RunObserver = (run: ObservedRun) => RunWatch;

/** An agent, with somebody who hears of its runs. */
export function observeAgent(agent: Agent, url: string, observe: RunObserver): Agent {
  const { ref } = agent;
  return {
    ...agent,
    async *send(message, signal) {
      const watch = observe({ ...whereOf(message), agent: ref, url, reading: "send", text: message.text });
      yield* told(agent.send({ ...message, traceparent: watch.traceparent }, signal), watch);
    },
    async *follow(task, signal) {
      const watch = observe({ ...whereOf(task), agent: ref, url, reading: "follow" });
      yield* told(agent.follow({ ...task, traceparent: watch.traceparent }, signal), watch);
    },
  };
}

function whereOf({ contextId, traceparent }: Pick<Outgoing, "contextId" | "traceparent">) {
  return { contextId, traceparent };
}

async function* told(events: AsyncIterable<AgentEvent>, watch: RunWatch): AsyncIterable<AgentEvent> {
  try {
    for await (const event of events) {
      watch.event(event);
      yield event;
    }
  } catch (error) {
    watch.ended(error);
    throw error;
  } finally {
    watch.ended();
  }
}
