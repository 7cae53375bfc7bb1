import type { Decision, Operation, QuestionSet, RequestItem, Verdict } from "./approval.ts";
import { operationsOf, questionSetsOf } from "./approval.ts";
import {
  type ApprovalRow,
  answersCount,
  answersOf,
  type DecidedBy,
  type OutboxRow,
  operationStanding,
} from "./approval-row.ts";
import type { Actor } from "./place.ts";
import type { Guard } from "./policy.ts";

/** The guard that the present configuration gives an item. */
export type GuardNow = (item: RequestItem) => Guard;

/**
 * The decision that votes and answers add up to; undefined while something is open. Answers are only needed, and only
 * sent, when every operation is approved: kagent takes answers for an approval of everything beside them.
 */
export function decisionOf(row: ApprovalRow, guardNow: GuardNow): Decision | undefined {
  const { request } = row;
  const operations = operationsOf(request).map((one) => verdictOf(row, one, guardNow(one)));
  if (operations.some((verdict) => verdict === undefined)) return undefined;
  const decided = operations.flatMap((verdict) => verdict ?? []);
  const answering = decided.every((verdict) => verdict.approved) && answersCount(request);
  const answered = questionSetsOf(request).map((set) =>
    answering ? answeredSet(row, set) : { itemId: set.id, approved: true },
  );
  if (answered.some((verdict) => verdict === undefined)) return undefined;
  return { verdicts: [...decided, ...answered.flatMap((verdict) => verdict ?? [])] };
}

/** A decision as it is claimed; `at` is milliseconds since the epoch, `actor` who stopped the run. */
export function claimOf(
  row: ApprovalRow,
  by: DecidedBy,
  decision: Decision,
  at: number,
  actor?: Pick<Actor, "id" | "name">,
): OutboxRow {
  const person = by === "people" ? completedBy(row) : actor;
  return {
    state: "decided",
    decision,
    by,
    ...(person ? { actor: { id: person.id, name: person.name } } : {}),
    ...(by === "people" ? { votes: row.votes } : {}),
    decidedAt: at,
    attempts: 0,
  };
}

/** Whose vote or answer was the last one. */
function completedBy({ votes, answers }: ApprovalRow): Pick<Actor, "id" | "name"> | undefined {
  const last = answers.at(-1) ?? votes.at(-1);
  return last && { id: last.actorId, name: last.actorName };
}

/** A rejection of everything, with one reason. */
export function rejectionOf(row: Pick<ApprovalRow, "request">, reason: string): Decision {
  return { verdicts: row.request.items.map((item) => ({ itemId: item.id, approved: false, reason })) };
}

/** A rejection because time is up. On hitl/v1 a question cannot be declined: its reason becomes its answer. */
export function expiryOf(row: Pick<ApprovalRow, "request">, reason: string): Decision {
  const { wire, items } = row.request;
  const reasonFor = ({ kind }: RequestItem) =>
    wire === "hitl-v1" && kind === "questions" ? "expired" : reason;
  return { verdicts: items.map((item) => ({ itemId: item.id, approved: false, reason: reasonFor(item) })) };
}

/** Whether the questions of a pause can be answered now: operations beside them come first. */
export function questionsAreOpen(row: ApprovalRow, guardNow: GuardNow): boolean {
  if (!answersCount(row.request) || questionSetsOf(row.request).length === 0) return false;
  return operationsOf(row.request).every((one) => verdictOf(row, one, guardNow(one))?.approved === true);
}

function verdictOf(row: ApprovalRow, operation: Operation, now: Guard): Verdict | undefined {
  const standing = operationStanding(row, operation, now);
  if (standing.state === "open") return undefined;
  if (standing.state === "approved") return { itemId: operation.id, approved: true };
  const { reason } = standing;
  return { itemId: operation.id, approved: false, ...(reason === undefined ? {} : { reason }) };
}

function answeredSet(row: ApprovalRow, set: QuestionSet): Verdict | undefined {
  const answers = answersOf(row, set);
  if (answers.some((answer) => answer === undefined)) return undefined;
  return { itemId: set.id, approved: true, answers: answers.map((answer) => answer?.values ?? []) };
}
