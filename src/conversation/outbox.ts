import type { ApprovalRow, OutboxRow } from "./approval-row.ts";
import { backOff } from "./back-off.ts";
import { createDecisionRecords } from "./decision-record.ts";
import {
  createDecisionSending,
  type DecisionSendingOptions,
  type Delivery,
  single,
} from "./decision-sending.ts";
import { createPausedTasks } from "./paused-task.ts";
import { expiryOf } from "./verdicts.ts";

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
export type OutboxOptions = Omit<DecisionSendingOptions, "tasks">;

/** How long a task is read after a decision that may have been lost (ms). */
const DOUBT_MS = 30_000;

/** An outbox: from claimed to delivered, at most once where the runtime runs a tool twice. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { book, keeper, directory, clock, owner } = options;
  const tasks = createPausedTasks(options);
  const records = createDecisionRecords(options);
  const sending = createDecisionSending({ ...options, tasks });

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
    const ended = outcome === "already-over" ? await tasks.look(row) : undefined;
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

  /** The process that sent it is gone: only the task can tell whether it arrived. */
  async function resolveDoubt(
    row: ApprovalRow,
    sent: OutboxRow,
    signal: AbortSignal,
  ): Promise<Delivery | undefined> {
    const until = clock.now() + DOUBT_MS;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const waits = await tasks.stillWaits(row);
      keeper.setAway(row.id, waits === undefined);
      if (waits === false) {
        await book.advance(row.id, sent, { ...sent, state: "delivered" });
        return follow(row, signal);
      }
      if (waits && clock.now() >= until) return sending.unmoved(row, sent);
      await backOff(clock, attempt, signal);
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
    const waits = await tasks.waitsOnceStored(row, signal);
    // What has not left surely did not arrive: the next start need not doubt it.
    if (signal.aborted) return { kind: "left" };
    if (waits) return sending.send(row, outbox, signal);
    keeper.setAway(row.id, waits === undefined);
    if (waits === undefined) {
      await backOff(clock, outbox.attempts + 3, signal);
      return undefined;
    }
    // Sent before, its end was not seen: it is this decision that moved the task.
    if (outbox.attempts === 0) return dropped(row, outbox);
    const isDone = await book.advance(row.id, outbox, { ...outbox, state: "delivered" });
    return isDone ? follow(row, signal) : undefined;
  }

  /** It did not arrive, and never will: the evidence, which has it as decided, tells that too. */
  async function dropped(row: ApprovalRow, outbox: OutboxRow): Promise<undefined> {
    const { recorded: _, ...rest } = outbox;
    await book.advance(row.id, outbox, { ...rest, state: "dropped", owner });
  }

  return {
    stillWaits: tasks.stillWaits,
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
