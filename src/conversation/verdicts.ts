import type { Decision, Operation, QuestionSet, RequestItem, Verdict } from "./approval.ts";
import { operationsOf, questionSetsOf } from "./approval.ts";
import {
  type ApprovalRow,
  answersCount,
  answersOf,
  type OutboxRow,
  operationStanding,
} from "./approval-row.ts";
import type { Guard } from "./policy.ts";

/** The guard that the present configuration gives an item. */
export type GuardNow = (item: RequestItem) => Guard;

/**
 * The decision that votes and answers add up to; undefined while something is open. Answers are only needed, and only
 * sent, when every operation is approved: kagent takes answers for an approval of everything beside them.
 */
function decisionOf(row: ApprovalRow, guardNow: GuardNow): Decision | undefined {
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

/** A decision as it is claimed, `at` milliseconds since the epoch. `actor`: who completed it, or stopped the run. */
export function claimOf(
  { actor, ...made }: Pick<OutboxRow, "by" | "decision" | "actor" | "votes">,
  at: number,
): OutboxRow {
  const who = actor && { actor: { id: actor.id, name: actor.name } };
  return { state: "decided", ...made, ...who, decidedAt: at, attempts: 0 };
}

/** The claim of what votes and answers, or rules alone, add up to; undefined while something is open. */
export function completedClaim(row: ApprovalRow, guardNow: GuardNow, at: number): OutboxRow | undefined {
  const decision = decisionOf(row, guardNow);
  if (!decision) return undefined;
  const votes = operationsOf(row.request).flatMap((one) => operationStanding(row, one, guardNow(one)).votes);
  const isAnswered = decision.verdicts.some(({ answers }) => answers !== undefined);
  const last = (isAnswered ? row.answers : votes.toSorted((one, other) => one.at - other.at)).at(-1);
  if (!last) return claimOf({ by: "rule", decision }, at);
  return claimOf({ by: "people", decision, votes, actor: { id: last.actorId, name: last.actorName } }, at);
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
