import type { AgentEvent } from "./agent.ts";
import { lostBeforeStart } from "./lost-before-start.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Pauses } from "./pauses.ts";
import type { Directory, Log, Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import type { RunningTurns } from "./running-turns.ts";
import { isOver, type Turn, taskOf } from "./turn.ts";
import { idsOf } from "./turn-line.ts";
import type { TurnRow } from "./turn-row.ts";

/** What recovering needs: what was kept, and who goes on with it. */
export interface RecoveryOptions {
  readonly turns: Store<TurnRow>;
  readonly queue: Store<Prompt>;
  readonly pauses: Pauses;
  readonly mailbox: Mailbox;
  readonly runningTurns: RunningTurns;
  readonly directory: Directory;
  readonly log: Log;
}

/** Picks up every turn and prompt that was unfinished when the process ended; resolves with their number. */
export async function recover(options: RecoveryOptions): Promise<number> {
  const { turns, queue, pauses, mailbox } = options;
  const rows = (await turns.list("")).map((row) => row.value);
  const begun = new Set(rows.map((row) => row.turn.id));
  const waitingTurns = rows.map((row) => row.turn).filter((turn) => turn.state === "waiting");
  await pauses.finishAllBut(waitingTurns);
  for (const row of rows) recoverTurn(row, options);
  const entries = (await queue.list("")).map((entry) => entry.value);
  const waiting = entries.filter((prompt) => !begun.has(prompt.id));
  for (const prompt of entries) if (begun.has(prompt.id)) await mailbox.forget(prompt);
  for (const prompt of waiting) mailbox.restore(prompt);
  return rows.length + waiting.length;
}

function recoverTurn(row: TurnRow, options: RecoveryOptions): void {
  const { stopping, state } = row.turn;
  const isStopped = isOver(row.turn) || (stopping && state !== "waiting");
  const { mailbox, runningTurns } = options;
  mailbox.occupy(row.prompt, () => (isStopped ? runningTurns.end(row) : follow(row, options)));
}

function follow(row: TurnRow, options: RecoveryOptions): Promise<void> {
  return options.runningTurns.carry(row, (live) => {
    const task = taskOf(live.turn);
    const { signal } = live.abort;
    return task
      ? options.directory.agent(live.turn.agent).follow(task, signal)
      : searched(live.turn, signal, options);
  });
}

/** The process ended between sending and the agent's first word: only what its controller keeps can tell. */
async function* searched(
  turn: Turn,
  signal: AbortSignal,
  { directory, log }: RecoveryOptions,
): AsyncIterable<AgentEvent> {
  const agent = directory.agent(turn.agent);
  const task = await agent.find(turn).catch((err: unknown) => {
    log.warn({ err, ...idsOf(turn) }, "a question could not be looked for");
    return undefined;
  });
  yield* task ? agent.follow(task, signal) : lostBeforeStart();
}
