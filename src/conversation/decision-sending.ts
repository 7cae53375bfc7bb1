import type { AgentEvent, Outgoing } from "./agent.ts";
import type { ApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, OutboxRow } from "./approval-row.ts";
import { type Arrival, arrivalOf } from "./arrival.ts";
import type { Audit } from "./audit.ts";
import { sentRecord } from "./audit-trail.ts";
import { backOff } from "./back-off.ts";
import type { CardKeeper } from "./card-keeper.ts";
import { BridgeError } from "./errors.ts";
import { isRequestOf, type PausedTasks } from "./paused-task.ts";
import type { Clock, Directory, Log } from "./ports.ts";
import { pauseIds } from "./turn-line.ts";

/**
 * How a decided pause goes on. `left`: another process delivers it, or this one is ending; `doubtful`: it may have arrived,
 * and only a person may send it again.
 */
export type Delivery =
  | { readonly kind: "events"; readonly events: AsyncIterable<AgentEvent> }
  | { readonly kind: "doubtful" | "left" };

/** Sends decisions once, as far as anybody can know. Both reject with `BridgeError` when the store fails. */
export interface DecisionSending {
  /** Undefined: the row says how it stands now. */
  send(row: ApprovalRow, outbox: OutboxRow, signal: AbortSignal): Promise<Delivery | undefined>;
  /** The task still waits although the decision may have arrived. */
  unmoved(row: ApprovalRow, sending: OutboxRow): Promise<undefined>;
}

/** What sending needs. */
export interface DecisionSendingOptions {
  readonly book: ApprovalBook;
  readonly keeper: CardKeeper;
  readonly tasks: PausedTasks;
  readonly directory: Directory;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  /** Names this process in the store. */
  readonly owner: string;
}

const MOST_ATTEMPTS = 5;
/** Before the audit log is tried again (ms). */
const RECORD_AGAIN_MS = 30_000;
/** While nothing telling follows a decision, the task is read this often (ms). */
const ARRIVAL_PAUSES_MS = [300, 1_000, 2_000, 3_000, 5_000];

/** Sending over the book, so that every other process knows of it before it happens. */
export function createDecisionSending(options: DecisionSendingOptions): DecisionSending {
  const { book, keeper, tasks, directory, audit, clock, log, owner } = options;

  /** Only after the claim on sending: another process on this store may have been first. */
  async function isRecorded(row: ApprovalRow, outbox: OutboxRow): Promise<boolean> {
    try {
      await audit.write(sentRecord(row, outbox, clock.now()));
      return true;
    } catch (err) {
      log.error({ err, ...pauseIds(row) }, "a decision waits: the audit log cannot be written");
      return false;
    }
  }

  function sendTo(row: ApprovalRow, outbox: OutboxRow, signal: AbortSignal): Promise<Arrival> {
    const events = directory.agent(row.agent).send(toReply(row, outbox, options.newId()), signal);
    return arrivalOf(events, {
      isSame: (request) => isRequestOf(row, request),
      hasMoved: async () => signal.aborted || (await tasks.stillWaits(row)) === false,
      pause: (attempt) => backOff(clock, attempt, signal, ARRIVAL_PAUSES_MS),
    });
  }

  async function arrived(
    row: ApprovalRow,
    sending: OutboxRow,
    arrival: Arrival & { readonly kind: "moved" },
  ): Promise<Delivery> {
    try {
      await book.advance(row.id, sending, { ...sending, state: "delivered" });
    } catch (err) {
      // It arrived, whatever the store knows: the task will tell.
      arrival.leave();
      throw err;
    }
    keeper.setAway(row.id, false);
    return { kind: "events", events: arrival.events };
  }

  async function notArrived(
    row: ApprovalRow,
    outbox: OutboxRow,
    sending: OutboxRow,
    err: unknown,
    signal: AbortSignal,
  ): Promise<Delivery | undefined> {
    if (!(err instanceof BridgeError)) throw err;
    if (err.code === "internal") return unsendable(row, sending, err);
    // It surely did not arrive: the agent is away.
    log.info({ err, ...pauseIds(row) }, "a decision could not be sent");
    await book.advance(row.id, sending, outbox);
    keeper.setAway(row.id, true);
    await backOff(clock, outbox.attempts + 2, signal);
    return undefined;
  }

  /** A reply that would not say what was decided never leaves. */
  async function unsendable(row: ApprovalRow, sending: OutboxRow, error: BridgeError): Promise<Delivery> {
    log.error({ err: error, ...pauseIds(row) }, "a decision cannot be sent as it is");
    await book.advance(row.id, sending, { ...sending, state: "dropped" });
    return { kind: "events", events: single({ kind: "over", outcome: "failed", error }) };
  }

  async function unmoved(row: ApprovalRow, sending: OutboxRow): Promise<undefined> {
    const again = row.request.refusesDoubles && sending.attempts < MOST_ATTEMPTS;
    const state = again ? "decided" : "doubtful";
    if (await book.advance(row.id, sending, { ...sending, state })) await keeper.refresh(row.id);
  }

  return {
    unmoved,
    async send(row, outbox, signal) {
      const attempts = outbox.attempts + 1;
      const sending = { ...outbox, state: "sending", owner, attempts, sentAt: clock.now() } as const;
      if (!(await book.advance(row.id, outbox, sending))) return undefined;
      if (!(await isRecorded(row, outbox))) {
        await book.advance(row.id, sending, outbox);
        return clock.sleep(RECORD_AGAIN_MS, signal).then(nothing, nothing);
      }
      const sent = await sendTo(row, outbox, signal).catch(
        (err: unknown) => ({ kind: "failed", err }) as const,
      );
      if (signal.aborted) return { kind: "left" };
      if (sent.kind === "failed") return notArrived(row, outbox, sending, sent.err, signal);
      return sent.kind === "same" ? unmoved(row, sending) : arrived(row, sending, sent);
    },
  };
}

/** The only event of a run that is over. */
export async function* single(event: AgentEvent): AsyncIterable<AgentEvent> {
  yield event;
}

function nothing(): undefined {}

function toReply(row: ApprovalRow, { decision }: OutboxRow, id: string): Outgoing {
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
