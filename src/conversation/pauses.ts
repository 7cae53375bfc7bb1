import type { AgentEvent } from "./agent.ts";
import { type Decision, isSameItem, type RequestItem, requestId } from "./approval.ts";
import type { ApprovalRow, DecidedBy } from "./approval-row.ts";
import type { Audit } from "./audit.ts";
import { pauseRecord } from "./audit-trail.ts";
import type { Contexts } from "./context.ts";
import { createPauseEnds } from "./pause-ends.ts";
import { type PausedTurn, toRow } from "./pause-row.ts";
import { createPauseWatch, type PauseWatchOptions } from "./pause-watch.ts";
import type { Actor, Place } from "./place.ts";
import type { Log } from "./ports.ts";
import type { Vote } from "./standing.ts";
import type { Tracer } from "./tracer.ts";
import type { Turn } from "./turn.ts";
import { type PauseIds, pauseIds } from "./turn-line.ts";
import { claimOf, rejectionOf } from "./verdicts.ts";

/** The life of a pause: from the agent's request to the events that follow the decision. */
export interface Pauses {
  /**
   * Waits until the pause is decided and the decision arrived. Resolves with what follows, or undefined: the process ends, or
   * another one goes on with it. Never rejects.
   */
  resolve(paused: PausedTurn, signal: AbortSignal): Promise<Resolution | undefined>;
  /** Finishes what killed processes left: pauses for which no turn of these waits any more. Rejects when the store fails. */
  finishAllBut(waiting: readonly Turn[]): Promise<void>;
  /** Rejects what waits, or is about to, because people stop the run; false: it is decided already. */
  stop(id: string, actor?: Actor): Promise<boolean>;
  /** Rejects what waits, once, for a reason that the agent reads; false: it is decided already. */
  reject(id: string, by: DecidedBy, reason: string, actor?: Actor): Promise<boolean>;
  /** Decides a sub-agent's pause as people decided it at its caller, where they decided all of it. */
  forward(paused: PausedTurn, decided: Decided): Promise<void>;
  /** Shows on the card of a pause that is finished that the agent could not go on with the decision. Never rejects. */
  showNotTaken(row: ApprovalRow): Promise<void>;
  /** What waits in a place in this process. */
  inPlace(place: Place): ApprovalRow | undefined;
}

/** What was decided about the items of a pause, by what, and the votes of people that it came from. */
export interface Decided extends Decision {
  readonly items: readonly RequestItem[];
  readonly by: DecidedBy;
  readonly votes: readonly Vote[];
}

/** How a turn goes on after its pause; `finish` once it is stored that it does. */
interface Resolution {
  readonly events: AsyncIterable<AgentEvent>;
  /** Undefined: it was not decided here. */
  readonly decided: Decided | undefined;
  /** The pause as it was when it was decided. */
  readonly row: ApprovalRow;
  finish(): Promise<void>;
}

/** What pauses need. */
export interface PausesOptions extends PauseWatchOptions {
  readonly contexts: Contexts;
  readonly audit: Audit;
  readonly tracer: Tracer;
  readonly log: Log;
}

/** The store failed: it is tried again so soon (ms). */
const AGAIN_MS = 5_000;

/** Pauses over a book. */
export function createPauses(options: PausesOptions): Pauses {
  const { book, claims, keeper, contexts, audit, approval, tracer, clock, log } = options;
  const { untilDecided } = createPauseWatch(options);
  const ends = createPauseEnds(options);
  const waiting = new Map<string, ApprovalRow>();
  /** Pauses that were stopped before they were entered. */
  const stoppedAhead = new Set<string>();

  async function enter(paused: PausedTurn, votes: readonly Vote[] = []): Promise<ApprovalRow> {
    const { turn } = paused;
    const { askerIds } = await contexts.of(turn.place, turn.agent);
    const entered = toRow(paused, askerIds, approval, clock.now());
    const { row, isNew } = await book.enter({ ...entered, votes });
    if (!isNew) return row;
    try {
      await audit.write(pauseRecord("requested", row, clock.now()));
    } catch (err) {
      // Entered once more it is recorded, too.
      await book.remove(row.id);
      throw err;
    }
    await doubt(row);
    return row;
  }

  /** A pause that shows again after its decision was thought to have arrived. */
  async function doubt(row: ApprovalRow): Promise<void> {
    const known = await book.decision(row.id);
    if (known?.state !== "delivered") return;
    const state = row.request.refusesDoubles ? "decided" : "doubtful";
    await book.advance(row.id, known, { ...known, state });
  }

  async function open(row: ApprovalRow, isStopped: boolean): Promise<void> {
    waiting.set(row.id, row);
    if (isStopped || stoppedAhead.delete(row.id)) await stop(row);
    const decided =
      (await book.decision(row.id)) !== undefined || (await claims.claimIfComplete(row)) === true;
    const isSeen = await keeper.refresh(row.id);
    if (isSeen || decided) return;
    log.warn(pauseIds(row), "a request cannot be shown anywhere and is rejected");
    await claims.claim(
      row,
      "closed",
      rejectionOf(row, "The request could not be shown to anybody in Discord."),
    );
  }

  function stop(row: ApprovalRow, actor?: Actor): Promise<boolean> {
    return claims.claim(row, "stop", rejectionOf(row, "Stopped by people in Discord."), actor);
  }

  async function decidedAbout({ id, request: { items } }: ApprovalRow): Promise<Decided | undefined> {
    const outbox = await book.decision(id);
    if (outbox?.state !== "delivered") return undefined;
    return { ...outbox.decision, items, by: outbox.by, votes: outbox.votes ?? [] };
  }

  /** The store or the audit log failed: what waits goes on waiting. */
  async function patiently<T>(row: PauseIds, work: () => Promise<T>, signal: AbortSignal) {
    for (;;) {
      try {
        return await work();
      } catch (err) {
        if (signal.aborted) return undefined;
        log.error({ err, ...pauseIds(row) }, "a pause could not be attended to; trying again");
        await clock.sleep(AGAIN_MS, signal).catch(() => {});
      }
    }
  }

  return {
    async resolve(paused, signal) {
      const id = requestId(paused.turn.agent, paused.request);
      const task = { taskId: paused.request.taskId, ...paused.turn };
      const row = await patiently({ id, turnId: paused.turn.id, task }, () => enter(paused), signal);
      if (!row) return undefined;
      await patiently(row, () => open(row, paused.turn.stopping), signal);
      tracer.rests(paused.turn);
      const events = await patiently(row, () => untilDecided(row, signal), signal);
      waiting.delete(row.id);
      const decided = await patiently(row, () => decidedAbout(row), signal);
      const shown = await patiently(row, () => book.row(id), signal);
      return (
        events && {
          events,
          decided,
          row: shown ?? row,
          finish: () => patiently(row, () => ends.finish(row.id), signal),
        }
      );
    },
    finishAllBut: (turns) =>
      ends.finishAllBut(
        new Set(turns.flatMap(({ agent, request }) => (request ? requestId(agent, request) : []))),
      ),
    async stop(id, actor) {
      const row = await book.row(id);
      if (row) return stop(row, actor);
      stoppedAhead.add(id);
      return true;
    },
    async reject(id, by, reason, actor) {
      const row = await book.row(id);
      return row !== undefined && claims.claim(row, by, rejectionOf(row, reason), actor);
    },
    async forward(paused, { verdicts: all, items: seen, votes, by }) {
      const { items } = paused.request;
      // What people saw at its caller, and nothing that only has the same id.
      const known = items.filter((item) => seen.some((one) => isSameItem(one, item)));
      const verdicts = known.flatMap((item) => all.find((one) => one.itemId === item.id) ?? []);
      if (verdicts.length < items.length) return;
      const row = await enter(paused, votes);
      await book.claim(row.id, claimOf({ by, decision: { verdicts }, votes }, clock.now()));
    },
    showNotTaken: ends.showNotTaken,
    inPlace: (place) => [...waiting.values()].find((row) => row.place.channelId === place.channelId),
  };
}
