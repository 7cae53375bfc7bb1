import { type Operation, operationHash, operationsOf, type Verdict } from "./approval.ts";
import type { ApprovalRow, DecidedBy, OutboxRow } from "./approval-row.ts";
import type { AuditEvent, AuditItem, AuditRecord } from "./audit.ts";
import type { Actor } from "./place.ts";
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
    readonly actor?: Actor;
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

/** The operations of a pause with what was decided about each. */
export function decidedItems(row: ApprovalRow, verdicts: readonly Verdict[]): readonly AuditItem[] {
  return row.request.items.map((item) => {
    const verdict = verdicts.find((one) => one.itemId === item.id);
    const operation = item.kind === "operation" ? item : questionsAsOperation(item.id, item.callId);
    return itemOf(operation, verdict);
  });
}

/** What made a decision, where no person did. */
export function decidedBy(by: DecidedBy): Pick<AuditRecord, "by"> {
  return by === "people" ? {} : { by };
}

/** The record that a decision leaves for the agent. */
export function sentRecord(row: ApprovalRow, outbox: OutboxRow, at: number): AuditRecord {
  const items = decidedItems(row, outbox.decision.verdicts);
  return pauseRecord("sent", row, at, { ...decidedBy(outbox.by), items });
}

function itemOf(operation: Operation, verdict?: Verdict): AuditItem {
  return {
    tool: operation.tool,
    argsHash: operationHash(operation),
    args: operation.args,
    ...(verdict ? { approved: verdict.approved } : {}),
    ...(verdict?.reason === undefined ? {} : { reason: verdict.reason }),
  };
}

function questionsAsOperation(id: string, callId: string): Operation {
  return { kind: "operation", id, callId, tool: "ask_user", args: "{}" };
}
