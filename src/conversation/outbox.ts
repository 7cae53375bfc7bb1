import type { AgentEvent } from "./agent.ts";
import type { ApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, OutboxRow } from "./approval-row.ts";
import { arrivalOf } from "./arrival.ts";
import type { Audit } from "./audit.ts";
import { sentRecord } from "./audit-trail.ts";
import type { CardKeeper } from "./card-keeper.ts";
import { createDecisionRecords } from "./decision-record.ts";
import { BridgeError } from "./errors.ts";
import { createPausedTasks, isRequestOf } from "./paused-task.ts";
import type { Clock, Directory, Log } from "./ports.ts";
import { pauseIds } from "./turn-line.ts";
import { expiryOf } from "./verdicts.ts";

/**
 * How a decided pause goes on. `left`: another process delivers it, or this one is ending; `doubtful`: it may have arrived,
 * and only a person may send it again.
 */
type Delivery =
  | { readonly kind: "events"; readonly events: AsyncIterable<AgentEvent> }
  | { readonly kind: "doubtful" | "left" };

/** Carries decisions to agents. */
export interface Outbox {
  /** `fresh`: the decision was made while this process waited for it; else it is what a start found in the store. */
  deliver(row: ApprovalRow, fresh: boolean, signal: AbortSignal): Promise<Delivery>;
  /** Whether the task still waits for what the card showed; undefined: the agent cannot be asked. */
  stillWaits(row: ApprovalRow): Promise<boolean | undefined>;
  /** The task moved on, so a doubtful decision had arrived, or is not needed any more: this process goes on with it. */
  confirm(row: ApprovalRow, doubtful: OutboxRow): Promise<void>;
}

/** What an outbox needs. */
export interface OutboxOptions {
  readonly book: ApprovalBook;
  readonly keeper: CardKeeper;
  readonly directory: Directory;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  /** Names this process in the store. */
  readonly owner: string;
}

/** How long a task is read after a decision that may have been lost (ms). */
const DOUBT_MS = 30_000;
const MOST_ATTEMPTS = 5;
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** While nothing telling follows a decision, the task is read this often (ms). */
const ARRIVAL_PAUSES_MS = [300, 1_000, 2_000, 3_000, 5_000];

/** An outbox: from claimed to delivered, at most once where the runtime runs a tool twice. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { book, keeper, directory, audit, clock, log, owner } = options;
  const { look, stillWaits, waitsOnceStored } = createPausedTasks(options);
  const records = createDecisionRecords(options);

  function setAway(row: ApprovalRow, away: boolean): void {
    if (book.setAway(row.id, away)) void keeper.refresh(row.id);
  }

  function pause(attempt: number, signal: AbortSignal, all = PAUSES_MS): Promise<void> {
    return clock.sleep(all[Math.min(attempt, all.length - 1)] ?? 0, signal).catch(() => {});
  }

  function follow(row: ApprovalRow, signal: AbortSignal): Delivery {
    return { kind: "events", events: directory.agent(row.agent).follow(row.task, signal) };
  }

  /** A run that can be cancelled needs no rejection. */
  async function canceled(row: ApprovalRow, outbox: OutboxRow): Promise<Delivery | undefined> {
    if (outbox.by !== "stop" || outbox.attempts > 0) return undefined;
    const outcome = await directory
      .agent(row.agent)
      .cancel(row.task)
      .catch(() => "unknown");
    // The stop that met this pause may have cancelled it before.
    const ended = outcome === "already-over" ? await look(row) : undefined;
    const isCanceled = ended?.state === "over" && ended.outcome === "canceled";
    if (outcome !== "canceled" && !isCanceled) return undefined;
    await book.advance(row.id, outbox, { ...outbox, state: "delivered" });
    return { kind: "events", events: single({ kind: "over", outcome: "canceled" }) };
  }

  /** A decision that could not be delivered in time is not good any more. */
  async function late(row: ApprovalRow, outbox: OutboxRow): Promise<boolean> {
    const isLate = outbox.by === "people" && outbox.attempts === 0 && clock.now() >= row.expiresAt;
    if (!isLate) return false;
    const decision = expiryOf(row, "The agent was away until this request expired.");
    const { actor: _, votes: __, recorded: ___, ...rest } = outbox;
    return book.advance(row.id, outbox, { ...rest, decision, by: "expiry" });
  }

  async function send(
    row: ApprovalRow,
    outbox: OutboxRow,
    signal: AbortSignal,
  ): Promise<Delivery | undefined> {
    const { attempts } = outbox;
    const sending = {
      ...outbox,
      state: "sending",
      owner,
      attempts: attempts + 1,
      sentAt: clock.now(),
    } as const;
    if (!(await book.advance(row.id, outbox, sending))) return undefined;
    try {
      // Only now: another process on this store may have been first.
      await audit.write(sentRecord(row, outbox, clock.now()));
    } catch (err) {
      log.error({ err, ...pauseIds(row) }, "a decision waits: the audit log cannot be written");
      await book.advance(row.id, sending, outbox);
      await pause(PAUSES_MS.length, signal);
      return undefined;
    }
    const agent = directory.agent(row.agent);
    try {
      const arrival = await arrivalOf(agent.send(toReply(row, outbox, options.newId()), signal), {
        isSame: (request) => isRequestOf(row, request),
        hasMoved: async () => signal.aborted || (await stillWaits(row)) === false,
        pause: (attempt) => pause(attempt, signal, ARRIVAL_PAUSES_MS),
      });
      if (signal.aborted) return { kind: "left" };
      if (arrival.kind === "same") return await unmoved(row, sending);
      await book.advance(row.id, sending, { ...sending, state: "delivered" });
      setAway(row, false);
      return { kind: "events", events: arrival.events };
    } catch (err) {
      if (signal.aborted) return { kind: "left" };
      if (!(err instanceof BridgeError)) throw err;
      if (err.code === "internal") return await unsendable(row, sending, err);
      // It surely did not arrive: the agent is away.
      log.info({ err, ...pauseIds(row) }, "a decision could not be sent");
      await book.advance(row.id, sending, outbox);
      setAway(row, true);
      await pause(attempts + 2, signal);
      return undefined;
    }
  }

  /** A reply that would not say what was decided never leaves. */
  async function unsendable(row: ApprovalRow, sending: OutboxRow, error: BridgeError): Promise<Delivery> {
    log.error({ err: error, ...pauseIds(row) }, "a decision cannot be sent as it is");
    await book.advance(row.id, sending, { ...sending, state: "dropped" });
    return { kind: "events", events: single({ kind: "over", outcome: "failed", error }) };
  }

  /** The task still waits although the decision may have arrived. */
  async function unmoved(row: ApprovalRow, sending: OutboxRow): Promise<Delivery | undefined> {
    const again = row.request.refusesDoubles && sending.attempts < MOST_ATTEMPTS;
    const state = again ? "decided" : "doubtful";
    if (await book.advance(row.id, sending, { ...sending, state })) await keeper.refresh(row.id);
    return undefined;
  }

  /** The process that sent it is gone: only the task can tell whether it arrived. */
  async function resolveDoubt(
    row: ApprovalRow,
    sending: OutboxRow,
    signal: AbortSignal,
  ): Promise<Delivery | undefined> {
    const until = clock.now() + DOUBT_MS;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const waits = await stillWaits(row);
      setAway(row, waits === undefined);
      if (waits === false) {
        await book.advance(row.id, sending, { ...sending, state: "delivered" });
        return follow(row, signal);
      }
      if (waits && clock.now() >= until) return unmoved(row, sending);
      await pause(attempt, signal);
    }
    return { kind: "left" };
  }

  async function decided(
    row: ApprovalRow,
    outbox: OutboxRow,
    signal: AbortSignal,
  ): Promise<Delivery | undefined> {
    if (await late(row, outbox)) return undefined;
    const ended = await canceled(row, outbox);
    if (ended) return ended;
    const waits = await waitsOnceStored(row, (attempt) => pause(attempt, signal), signal);
    // What has not left surely did not arrive: the next start need not doubt it.
    if (signal.aborted) return { kind: "left" };
    if (waits) return send(row, outbox, signal);
    setAway(row, waits === undefined);
    if (waits === undefined) {
      await pause(Math.min(outbox.attempts + 3, PAUSES_MS.length), signal);
      return undefined;
    }
    // Sent before, its end was not seen: it is this decision that moved the task.
    const state = outbox.attempts > 0 ? "delivered" : "dropped";
    return (await book.advance(row.id, outbox, { ...outbox, state })) ? follow(row, signal) : undefined;
  }

  return {
    stillWaits,
    async confirm(row, doubtful) {
      await book.advance(row.id, doubtful, { ...doubtful, state: "delivered", owner });
    },
    async deliver(row, fresh, signal) {
      while (!signal.aborted) {
        const outbox = await book.decision(row.id);
        if (!outbox || outbox.state === "doubtful") return { kind: "doubtful" };
        const { state } = outbox;
        const foreign = outbox.owner !== undefined && outbox.owner !== owner;
        if (fresh && foreign && state !== "decided") return { kind: "left" };
        if (!outbox.recorded) {
          await records.record(row, outbox, fresh, signal);
          continue;
        }
        const delivery =
          state === "decided"
            ? await decided(row, outbox, signal)
            : state === "sending"
              ? await resolveDoubt(row, outbox, signal)
              : follow(row, signal);
        if (delivery) return delivery;
      }
      return { kind: "left" };
    },
  };
}

function toReply(row: ApprovalRow, { decision }: OutboxRow, id: string) {
  const { request, task } = row;
  return {
    messageId: `d-${id}`,
    contextId: request.contextId === "" ? task.contextId : request.contextId,
    userId: task.userId,
    traceparent: task.traceparent,
    taskId: request.taskId,
    text: "",
    files: [],
    metadata: {},
    reply: { request, decision },
  };
}

async function* single(event: AgentEvent): AsyncIterable<AgentEvent> {
  yield event;
}
