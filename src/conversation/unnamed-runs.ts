import type { TaskRef } from "./agent.ts";
import type { Contexts } from "./context.ts";
import type { Log } from "./ports.ts";
import type { Stoppable, Stopping } from "./stopping.ts";
import { idsOf } from "./turn-line.ts";

/** Runs that were stopped before their agents named them: they are listened to until it is known what goes on. */
export interface UnnamedRuns {
  /** Listens on; resolves when the run is over, cancelled or noted as left running, and false when listening was given up. */
  watch(live: Stoppable): Promise<boolean>;
  /** Resolves when nothing unnamed goes on in this context any more; undefined where nothing does. */
  in(contextId: string): Promise<unknown> | undefined;
  /** Stops listening. */
  abandon(): void;
}

/** Keeps them in memory; after a restart nobody can listen again, and the context is renewed. */
export function createUnnamedRuns(contexts: Contexts, stopping: Stopping, log: Log): UnnamedRuns {
  const runs = new Map<string, { readonly known: Promise<boolean>; readonly abort: AbortController }>();

  async function resolveRun(live: Stoppable): Promise<boolean> {
    const task = await Promise.race([live.named, live.done.then(() => undefined)]);
    if (live.abort.signal.aborted) return false;
    live.abort.abort();
    if (task && (await stopping.cancel(live.turn, task)) !== "canceled")
      await noteLeftRunning(contexts, live, task, log);
    return true;
  }

  return {
    watch(live) {
      const { contextId } = live.turn;
      const known = resolveRun(live).finally(() => runs.delete(contextId));
      runs.set(contextId, { known, abort: live.abort });
      return known;
    },
    in: (contextId) => runs.get(contextId)?.known,
    abandon() {
      for (const { abort } of runs.values()) abort.abort();
    },
  };
}

/** A run that could not be stopped would mix with the next one in the same context. Never rejects. */
export async function noteLeftRunning(
  contexts: Contexts,
  { turn }: Pick<Stoppable, "turn">,
  task: TaskRef | undefined,
  log: Log,
): Promise<void> {
  if (turn.state !== "stopped" || !turn.stillRunning || !task) return;
  await contexts
    .setLeftRunning(turn.place, turn.agent, task)
    .catch((err: unknown) => log.error({ err, ...idsOf(turn) }, "a stopped run could not be noted"));
}
