import { type Operation, operationHash, operationsOf, type RequestItem, type Verdict } from "./approval.ts";
import type { ApprovalRow, DecidedBy, OutboxRow } from "./approval-row.ts";
import type { AuditEvent, AuditItem, AuditRecord } from "./audit.ts";
import type { Actor } from "./place.ts";
import type { Vote } from "./standing.ts";
import type { Turn } from "./turn.ts";

/** The record that a turn began or ended. */
export function turnRecord(event: "asked" | "outcome", turn: Turn, at: number): AuditRecord {
  const { id, name } = turn.prompt.actor;
  return {
    event,
    at,
    turnId: turn.id,
    actor: { id, name },
    place: turn.place,
    agent: turn.agent,
    ...(turn.taskId === undefined ? {} : { taskId: turn.taskId }),
    ...(event === "outcome" ? { detail: turn.problem?.code ?? turn.state } : {}),
  };
}

/** A record about a pause; `actor` where a person did it. */
export function pauseRecord(
  event: AuditEvent,
  row: ApprovalRow,
  at: number,
  more: Pick<AuditRecord, "by" | "detail"> & {
    readonly actor?: Pick<Actor, "id" | "name">;
    readonly items?: readonly AuditItem[];
  } = {},
): AuditRecord {
  const { actor, items, ...rest } = more;
  return {
    event,
    at,
    turnId: row.turnId,
    requestId: row.id,
    place: row.place,
    agent: row.agent,
    taskId: row.task.taskId,
    ...rest,
    ...(actor ? { actor: { id: actor.id, name: actor.name } } : {}),
    items: items ?? operationsOf(row.request).map((one) => itemOf(one)),
  };
}

/** The record that people voted, whether or not it counts. */
export function votesRecord(
  row: ApprovalRow,
  votes: readonly Pick<Vote, "itemId" | "approved" | "reason">[],
  actor: Actor,
  at: number,
): AuditRecord {
  const items = votes.flatMap((vote) => {
    const item = row.request.items.find((one) => one.id === vote.itemId);
    return item ? [itemOf(item, vote)] : [];
  });
  return pauseRecord("voted", row, at, { actor, items });
}

/** The record of what was decided, by whom; or that the task does not wait for it any more. */
export function decidedRecord(row: ApprovalRow, outbox: OutboxRow, at: number): AuditRecord {
  const { by, actor, state } = outbox;
  // Nothing was decided here where a task moved on by itself.
  if (state === "dropped") return pauseRecord("decided", row, at, { by: "elsewhere" });
  const items = row.request.items.map((item) => {
    const verdict = outbox.decision.verdicts.find((one) => one.itemId === item.id);
    const deciders = by === "people" && verdict ? decidersOf(row, outbox, verdict) : [];
    return { ...itemOf(item, verdict), ...(deciders.length > 0 ? { deciders } : {}) };
  });
  const event = by === "expiry" ? "expired" : "decided";
  return pauseRecord(event, row, at, { ...decidedBy(by), ...(actor ? { actor } : {}), items });
}

/** The record that a decision leaves for the agent. */
export function sentRecord(row: ApprovalRow, outbox: OutboxRow, at: number): AuditRecord {
  const items = row.request.items.map((item) =>
    itemOf(
      item,
      outbox.decision.verdicts.find((one) => one.itemId === item.id),
    ),
  );
  return pauseRecord("sent", row, at, { ...decidedBy(outbox.by), items });
}

function decidedBy(by: DecidedBy): Pick<AuditRecord, "by"> {
  return by === "people" ? {} : { by };
}

function decidersOf(row: ApprovalRow, outbox: OutboxRow, { itemId, approved, answers }: Verdict) {
  const votes = (outbox.votes ?? row.votes).filter(
    (vote) => vote.itemId === itemId && vote.approved === approved,
  );
  const given = answers ? row.answers.filter((answer) => answer.itemId === itemId) : [];
  const all = [...votes, ...given].map(({ actorId, actorName }) => ({ id: actorId, name: actorName }));
  return all.filter((one, index) => all.findIndex(({ id }) => id === one.id) === index);
}

function itemOf(item: RequestItem, verdict?: Pick<Verdict, "approved" | "reason">): AuditItem {
  const operation = item.kind === "operation" ? item : questionsAsOperation(item);
  return {
    tool: operation.tool,
    argsHash: operationHash(operation),
    args: operation.args,
    ...(verdict ? { approved: verdict.approved } : {}),
    ...(verdict?.reason === undefined ? {} : { reason: verdict.reason }),
  };
}

/** The texts of questions and answers are in no record. */
function questionsAsOperation({ id, callId }: RequestItem): Operation {
  return { kind: "operation", id, callId, tool: "ask_user", args: "{}" };
}
