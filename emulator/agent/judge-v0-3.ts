import { type Confirmation, leavesOf } from "./confirmation.ts";
import { isPython } from "./dialect.ts";
import { isObject, type Json, type JsonObject, objectAt, objectsAt, textAt } from "./json.ts";
import { type Judgement, type PausedTask, type Reply, wordsOf } from "./judgement.ts";
import { uniform, type Verdict, type Verdicts } from "./verdict.ts";

/** The one release whose Python runtime carries out no decision at all. */
const brokenRelease = "0.10.0";

/** What a released runtime makes of a reply to a paused task. */
export function judgeV03(task: PausedTask, { message, userId }: Reply): Judgement {
  const python = isPython(task.dialect);
  const contextId = textAt(message, "contextId");
  if (contextId !== undefined && contextId !== task.contextId) {
    return { is: "refused", refusal: { is: "wrong-context" } };
  }
  const decision = decisionOf(message);
  const stranger = userId !== task.userId || (python && contextId === undefined);
  if (!decision) return { is: "words", words: wordsOf(message, python), echoed: false };
  if (stranger) return { is: "words", words: python ? wordsOf(message, true) : "", echoed: !python };
  const [first] = task.pending.confirmations;
  if (python && task.release === brokenRelease) {
    const text = `Tool '${first?.call.name ?? ""}' does not require confirmation.`;
    return { is: "failed", text, started: true };
  }
  return { is: "decided", verdicts: verdictsOf(leavesOf(task.pending.confirmations), decision) };
}

/** Whether a message is a decision in the old form. */
export function isDecision(message: JsonObject): boolean {
  return decisionOf(message) !== undefined;
}

function decisionOf(message: JsonObject): JsonObject | undefined {
  return objectsAt(message, "parts")
    .map((part) => objectAt(part, "data"))
    .find(({ decision_type: type }) => type === "approve" || type === "reject" || type === "batch");
}

/** Answers win over everything; in a batch whatever is not rejected by its own key is approved. */
function verdictsOf(leaves: readonly Confirmation[], decision: JsonObject): Verdicts {
  const given = decision.ask_user_answers;
  if (Array.isArray(given)) return uniform(leaves, { approved: true, answers: given.map(readAnswer) });
  if (decision.decision_type === "approve") return uniform(leaves, { approved: true });
  if (decision.decision_type === "reject") return uniform(leaves, rejection(decision.rejection_reason));
  const [decisions, reasons] = [objectAt(decision, "decisions"), objectAt(decision, "rejection_reasons")];
  return new Map(
    leaves.map(({ id, call }) => [
      id,
      decisions[call.id] === "reject" ? rejection(reasons[call.id]) : { approved: true },
    ]),
  );
}

function rejection(reason: Json | undefined): Verdict {
  return { approved: false, ...(typeof reason === "string" && reason !== "" ? { reason } : {}) };
}

/** The texts of one answer. */
export function readAnswer(entry: Json): string[] {
  const answer = isObject(entry) ? entry.answer : undefined;
  return Array.isArray(answer) ? answer.filter((text) => typeof text === "string") : [];
}
