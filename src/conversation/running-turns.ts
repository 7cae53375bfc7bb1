import type { AgentEvent } from "./agent.ts";
import { requestId } from "./approval.ts";
import type { ApprovalRow } from "./approval-row.ts";
import { createLiveTurns, type LiveTurn, type LiveTurnsOptions } from "./live-turns.ts";
import type { Decided, Pauses } from "./pauses.ts";
import type { Actor, Place } from "./place.ts";
import type { Directory } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import { converse, type Live } from "./run.ts";
import { createStopping, type StopOutcome } from "./stopping.ts";
import { createSubagentTurns } from "./subagent-turns.ts";
import type { Tracer } from "./tracer.ts";
import { isOver, resumed, stopped, stopRequested, type Turn, taskOf } from "./turn.ts";
import { idsOf } from "./turn-line.ts";
import type { TurnRow } from "./turn-row.ts";
import { createUnnamedRuns } from "./unnamed-runs.ts";

/** The turns that are going on in this process. */
export interface RunningTurns {
  /** Runs a turn to its end, wherever its events come from: a new message, or a task found after a restart. */
  carry(row: TurnRow, events: (live: Live) => AsyncIterable<AgentEvent>): Promise<void>;
  /** Ends a turn whose stop was begun before a restart: what it shows stays as it was then. */
  end(row: TurnRow): Promise<void>;
  /** `actor`: who asked for it, for the evidence trail. */
  stop(place: Place, actor?: Actor): Promise<StopOutcome>;
  /** Stops what runs in such places. */
  stopAll(matches: (place: Place) => boolean): Promise<void>;
  /** Resolves when no stopped run that its agent has not named goes on in this context; undefined where none does. */
  unnamedIn(contextId: string): Promise<unknown> | undefined;
  of(place: Place): Turn | undefined;
  /** Stops reading everywhere, and begins no more; the runs go on, and their rows stay. */
  abandon(): void;
  count(): number;
}

/** What running turns need. */
export interface RunningTurnsOptions extends LiveTurnsOptions {
  readonly directory: Directory;
  readonly pauses: Pauses;
  readonly tracer: Tracer;
  readonly newId: () => string;
}

/** One stretch of a turn between its pauses. */
interface Leg {
  readonly row: TurnRow;
  readonly events: (live: Live) => AsyncIterable<AgentEvent>;
  /** What people decided about the pause before it. */
  readonly decided: Decided | undefined;
  /** The turn's own, from before the pause. */
  readonly abort?: AbortController;
  /** Resolves when the card of the pause before it shows its end. */
  readonly finished?: Promise<void>;
}

/** Carries turns leg by leg, from pause to pause. */
export function createRunningTurns(options: RunningTurnsOptions): RunningTurns {
  const { directory, contexts, pauses, tracer, clock, log } = options;
  const stopping = createStopping({ directory, clock, log });
  const unnamed = createUnnamedRuns(contexts, stopping, log);
  const subagents = createSubagentTurns(options);
  const lives = createLiveTurns(options);

  /** Its row stays until it is known what the stopped run is called: a restart must not forget that it goes on. */
  async function finishUnnamed(live: LiveTurn): Promise<void> {
    const known = unnamed.watch(live);
    const delivered = await lives.finish(live);
    void known.then((isKnown) => (isKnown && delivered ? lives.forget(live.turn) : undefined));
  }

  async function renewContextOf(turn: Turn): Promise<void> {
    const { place, agent, contextId } = turn;
    try {
      const { contextId: current } = await contexts.of(place, agent);
      if (current === contextId) await contexts.renew(place, agent);
    } catch (err) {
      log.error({ err, ...idsOf(turn) }, "a context could not be renewed");
    }
  }

  /** Runs one stretch; resolves with those that follow: after a decision, and of sub-agents that still wait. */
  async function carryLeg({ row, events, decided, abort, finished }: Leg): Promise<readonly Leg[]> {
    const live = lives.begin(row, abort);
    if (live.turn.state === "working") {
      live.reply.show(live.turn);
      live.done = converse(live, () => events(live), { clock, log, save: () => live.keep() });
      await Promise.race([live.done, live.left]);
    }
    // Left for the next start, which must know of what is still being posted.
    if (live.turn.state === "working") return [];
    if (live.turn.state === "waiting") return rest(live, row.prompt);
    if (live.turn.state === "stopped" && !taskOf(live.turn)) {
      await finishUnnamed(live);
      return [];
    }
    const rows = await subagents.leftBehind(live.turn, row.prompt, decided);
    const corrected = correctCard(live.turn, row.decidedPause, finished);
    const delivered = await lives.finish(live);
    await corrected;
    if (delivered) await lives.forget(live.turn);
    return rows.map((one) => ({
      row: one,
      events: ({ turn, abort }) => subagents.follow(turn, abort.signal),
      decided: undefined,
    }));
  }

  /** Beside the answer; its row stays meanwhile, so that a start would do it again. */
  async function correctCard(turn: Turn, pause: ApprovalRow | undefined, finished?: Promise<void>) {
    if (!pause || turn.problem?.code !== "decision-not-taken") return;
    await finished;
    await pauses.showNotTaken(pause);
  }

  async function carry(row: TurnRow, events: Leg["events"]): Promise<void> {
    const legs: Leg[] = [{ row, events, decided: undefined }];
    for (let leg = legs.shift(); leg; leg = legs.shift()) {
      const { turn } = leg.row;
      legs.push(...(await tracer.during(turn, () => carryLeg(leg))));
      await leg.finished;
    }
  }

  async function rest(live: LiveTurn, prompt: Prompt): Promise<readonly Leg[]> {
    const { request } = live.turn;
    await live.keep();
    if (!request) return restInWords(live);
    if (!(await live.reply.settle(live.turn))) return [];
    await live.keep(true);
    // A stop may have been asked for meanwhile.
    const { turn } = live;
    const resolution = await pauses.resolve({ turn, prompt, request }, live.abort.signal);
    lives.drop(turn);
    if (!resolution) return [];
    const { decided, events, row: decidedPause } = resolution;
    const row = { turn: resumed(turn, clock.now()), prompt, painted: { messageIds: [] }, decidedPause };
    await lives.store(row);
    // Beside the answer: a card that is painted late must not hold it up.
    const finished = resolution.finish();
    return [{ row, events: () => events, decided, abort: live.abort, finished }];
  }

  /** A question in plain words is answered by the next message: the turn is over for us, its task is noted. */
  async function restInWords(live: LiveTurn): Promise<readonly Leg[]> {
    const { turn } = live;
    await contexts
      .setWaiting(turn.place, turn.agent, taskOf(turn))
      .catch((err: unknown) => log.error({ err, ...idsOf(turn) }, "a question could not be noted"));
    if (await lives.finish(live)) await lives.forget(turn);
    tracer.rests(turn);
    return [];
  }

  async function stopOne(live: LiveTurn, actor?: Actor): Promise<StopOutcome> {
    const { request, state, agent } = live.turn;
    if (state !== "waiting" || !request) return stopping.stop(live);
    // For when its pause is not entered yet.
    live.turn = stopRequested(live.turn);
    return (await pauses.stop(requestId(agent, request), actor)) ? "rejected" : "nothing-runs";
  }

  return {
    carry,
    async end(row) {
      const task = taskOf(row.turn);
      const outcome = isOver(row.turn) ? undefined : await stopping.cancel(row.turn, task);
      const isOverThere = outcome === "canceled" || outcome === "already-over";
      // It paused before its stop arrived: what it asks is rejected where pauses are decided.
      if (task && outcome && !isOverThere && (await stopping.waits(row.turn, task)))
        return carry(row, ({ abort }) => directory.agent(row.turn.agent).follow(task, abort.signal));
      const live = lives.begin(row);
      if (outcome) live.turn = stopped(live.turn, !isOverThere, clock.now());
      // Nobody can tell any more when that run ends: only a fresh context keeps the next one apart.
      if (!task) await renewContextOf(live.turn);
      if (await lives.finish(live)) await lives.forget(live.turn);
    },
    async stop(place, actor) {
      const live = lives.in(place);
      return live ? stopOne(live, actor) : "nothing-runs";
    },
    async stopAll(matches) {
      await Promise.all(lives.where(matches).map((live) => stopOne(live)));
    },
    unnamedIn: unnamed.in,
    of: (place) => lives.in(place)?.turn,
    abandon() {
      lives.abandon();
      unnamed.abandon();
    },
    count: lives.count,
  };
}
