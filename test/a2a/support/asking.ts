import { onTestFinished } from "vitest";
import { type AgentDirectory, createDirectory } from "../../../src/a2a/directory.ts";
import type { A2ALimits, ClusterEndpoint } from "../../../src/a2a/options.ts";
import type { AgentEvent, Outgoing, TaskRef } from "../../../src/conversation/agent.ts";
import type { AgentRef } from "../../../src/conversation/agent-ref.ts";
import type { Clock } from "../../../src/conversation/ports.ts";
import type { ProxySettings } from "../../../src/network/proxy.ts";
import { fastClock } from "./clock.ts";
import { quietLog } from "./log.ts";

export const agentRef: AgentRef = { cluster: "default", namespace: "kagent", name: "k8s-agent" };

/** What a test changes of the usual directory. */
export interface DirectorySettings {
  readonly endpoint?: Partial<ClusterEndpoint>;
  readonly limits?: Partial<A2ALimits>;
  readonly clock?: Clock;
  readonly configured?: readonly AgentRef[];
  readonly agentsTtlMs?: number;
  readonly proxy?: ProxySettings;
}

/** A directory over one cluster that ends with the test; time runs a hundred times as fast. */
export function directoryFor(url: string, settings: DirectorySettings = {}): AgentDirectory {
  const { limits = {}, clock = fastClock(100), configured = [], agentsTtlMs, proxy = {} } = settings;
  const base = settings.endpoint?.agentUrl === undefined ? { baseUrl: url } : {};
  const directory = createDirectory({
    clusters: [{ name: "default", ...base, headers: {}, protocol: "0.3", ...settings.endpoint }],
    namespace: "kagent",
    clock,
    log: quietLog(),
    limits,
    configured,
    proxy,
    ...(agentsTtlMs === undefined ? {} : { agentsTtlMs }),
  });
  onTestFinished(() => directory.close());
  return directory;
}

/** A message with everything that the port asks for. */
export function outgoing(changes: Partial<Outgoing> = {}): Outgoing {
  return {
    messageId: "m-1",
    contextId: "ctx-1",
    userId: "discord-1",
    text: "why?",
    files: [],
    metadata: {},
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ...changes,
  };
}

/** The address of a task in the conversation of `outgoing`. */
export function taskRef(taskId: string): TaskRef {
  const { contextId, userId, traceparent } = outgoing();
  return { taskId, contextId, userId, traceparent };
}

/** All events of a run. */
export async function collect(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** A signal that is never aborted. */
export function patient(): AbortSignal {
  return new AbortController().signal;
}
