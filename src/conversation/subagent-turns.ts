import type { AgentEvent } from "./agent.ts";
import type { InputRequest, Subagent } from "./approval.ts";
import type { Contexts } from "./context.ts";
import type { Decided, Pauses } from "./pauses.ts";
import type { Clock, Directory, Log, Store } from "./ports.ts";
import { type Prompt, promptMessageOf } from "./prompt.ts";
import { startTurn, type Turn, taskOf } from "./turn.ts";
import { idsOf } from "./turn-line.ts";
import type { TurnRow } from "./turn-row.ts";

/**
 * Turns of sub-agents that wait although their caller went on: a second pause of theirs reaches nobody, and on Go a rejection
 * stays with the caller.
 *
 * @see https://github.com/kagent-dev/kagent/blob/main/docs/architecture/a2a-subagents.md
 */
export interface SubagentTurns {
  /** Stores a turn for each sub-agent of this one that waits; `decided` is what people said about its operations. */
  leftBehind(turn: Turn, prompt: Prompt, decided: Decided | undefined): Promise<readonly TurnRow[]>;
  /** The events of such a turn. */
  follow(turn: Turn, signal: AbortSignal): AsyncIterable<AgentEvent>;
}

export interface SubagentTurnsOptions {
  readonly directory: Directory;
  readonly pauses: Pauses;
  readonly contexts: Contexts;
  readonly turns: Store<TurnRow>;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
}

/** Looks at the sub-agents' own tasks, at their own addresses. */
export function createSubagentTurns(options: SubagentTurnsOptions): SubagentTurns {
  const { directory, pauses, contexts, turns, clock, log } = options;

  async function waitingRequest(turn: Turn): Promise<InputRequest | undefined> {
    const task = taskOf(turn);
    try {
      const look = task && (await directory.agent(turn.agent).look(task));
      return look?.state === "waiting" ? look.request : undefined;
    } catch (err) {
      log.warn({ err, ...idsOf(turn), agent: turn.agent.name }, "a sub-agent could not be looked at");
      return undefined;
    }
  }

  /** Who asked the caller asked for what its sub-agent does, too. */
  async function shareAskers(turn: Turn, of: Turn): Promise<void> {
    const { askerIds } = await contexts.of(turn.place, turn.agent);
    for (const id of askerIds) await contexts.noteAsker(of.place, of.agent, id);
  }

  return {
    async leftBehind(turn, prompt, decided) {
      const rows: TurnRow[] = [];
      for (const subagent of uniqueByTask(turn.subagents)) {
        const row = rowOf(turn, prompt, subagent, options.newId(), clock.now());
        const request = row && (await waitingRequest(row.turn));
        if (!row || !request) continue;
        await shareAskers(turn, row.turn);
        await turns.set(row.turn.id, row);
        if (decided) await pauses.forward({ ...row, request }, decided);
        rows.push(row);
      }
      return rows;
    },
    async *follow(turn, signal) {
      const task = taskOf(turn);
      if (task) yield* directory.agent(turn.agent).follow(task, signal);
    },
  };
}

function uniqueByTask(subagents: readonly Subagent[]): readonly Subagent[] {
  return subagents.filter(
    (one, index) => subagents.findIndex((other) => other.taskId === one.taskId) === index,
  );
}

/** The sub-agent's own task as a turn in the same place; undefined when its name tells no address. */
function rowOf(
  turn: Turn,
  prompt: Prompt,
  subagent: Subagent,
  id: string,
  startedAt: number,
): TurnRow | undefined {
  const [namespace, name] = subagent.name.split("/");
  if (!namespace || !name) return undefined;
  const agent = { cluster: turn.agent.cluster, namespace, name };
  const { place, userId, traceparent, prompt: asked } = turn;
  const { contextId, taskId } = subagent;
  const ids = { id, place, agent, contextId, userId, traceparent, messageId: "" };
  const started = startTurn({ ...ids, prompt: asked, startedAt });
  // The public reply shows the state of the turn that people began, and no other.
  const { starter: _, shownId: __, previousAgent: ___, ...plain } = prompt;
  const promptMessage = promptMessageOf(prompt);
  const follows = { ...plain, id, agent, ...(promptMessage ? { promptMessage } : {}) };
  return { turn: { ...started, taskId }, prompt: follows, painted: { messageIds: [] } };
}
