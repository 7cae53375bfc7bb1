import type { AgentInfo } from "../conversation/agent.ts";
import type { Clock } from "../conversation/ports.ts";

/** A cluster's agents as they were read last. */
export interface AgentList {
  /** The list, read again when it is too old. */
  list(): Promise<readonly AgentInfo[]>;
  /** The list, read again now. */
  refresh(): Promise<readonly AgentInfo[]>;
  /** The last list that could be read, at once. */
  known(): readonly AgentInfo[];
}

/** A list that `read` brings, good for `ttlMs` milliseconds. Callers share a read that is under way. */
export function createAgentList(
  read: () => Promise<readonly AgentInfo[]>,
  clock: Clock,
  ttlMs: number,
): AgentList {
  let last: readonly AgentInfo[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<readonly AgentInfo[]> | undefined;

  const refresh = (): Promise<readonly AgentInfo[]> => {
    reading ??= read()
      .then((agents) => {
        last = agents;
        readAt = clock.now();
        return agents;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    list: async () => (clock.now() - readAt < ttlMs ? last : refresh()),
    refresh,
    known: () => last,
  };
}
