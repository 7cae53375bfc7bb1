import { leavesOf, questionsOf } from "./confirmation.ts";
import { hitlExtension, questionIn } from "./confirmation-v1-0.ts";
import { isPython } from "./dialect.ts";
import { isObject, type JsonObject, objectAt, objectsAt, textAt } from "./json.ts";
import { readAnswer } from "./judge-v0-3.ts";
import { type Judgement, type PausedTask, type Reply, wordsOf } from "./judgement.ts";
import { uniform, type Verdict } from "./verdict.ts";

/** The release of Go's main line that keeps tasks of other users out of sight. */
const guardedRelease = "head";

/** What a 1.0 runtime makes of a reply to a paused task: whatever is not exactly right ends the task. */
export function judgeV10(task: PausedTask, reply: Reply): Judgement {
  const python = isPython(task.dialect);
  const { message } = reply;
  const contextId = textAt(message, "contextId");
  const away = contextId !== undefined && contextId !== task.contextId;
  if (away && !python) return { is: "refused", refusal: { is: "wrong-context" } };
  const stranger = reply.userId !== task.userId;
  if (stranger && !python && task.release === guardedRelease) return hidden(message);
  const payload = payloadOf(reply);
  const plain = { is: "words", words: wordsOf(message, python), echoed: false } as const;
  if (!payload) return plain;
  if (!python && isEmptyApproval(payload) && !questionIn(task.pending.confirmations)) return plain;
  if (!task.pending.readable) return wrong(python, "Stored input-required task has no HITL request");
  if (python && (stranger || contextId !== task.contextId)) return unknownCalls(payload);
  if (stranger) return { is: "words", words: "", echoed: true };
  return judgePayload(task, payload, python);
}

function hidden(message: JsonObject): Judgement {
  const taskId = textAt(message, "taskId") ?? "";
  return { is: "refused", refusal: { is: "unknown-task", on: "message", taskId } };
}

/** The payload counts only with the header and the extension named in the message. */
function payloadOf({ message, hitl }: Reply): JsonObject | undefined {
  const named = Array.isArray(message.extensions) && message.extensions.includes(hitlExtension);
  const payload = objectAt(message, "metadata")[hitlExtension];
  return hitl && named && isObject(payload) ? payload : undefined;
}

function isEmptyApproval(payload: JsonObject): boolean {
  return payload.type === "tool_approval_response" && objectsAt(payload, "approvals").length === 0;
}

function wrong(python: boolean, text: string): Judgement {
  return { is: "failed", text: python ? text : undefined, started: false };
}

/** Another user or another context has another session, in which nothing of this kind was called. */
function unknownCalls(payload: JsonObject): Judgement {
  const ids = [payload, ...objectsAt(payload, "approvals")].flatMap((holder) => textAt(holder, "id") ?? []);
  const list = ids.map((id) => `'${id}'`).join(", ");
  const text = `Function call not found for function response ids: {${list}}. Ensure each function response ID matches an existing function call in the session history.`;
  return { is: "failed", text, started: true };
}

function judgePayload({ pending }: PausedTask, payload: JsonObject, python: boolean): Judgement {
  const asked = questionIn(pending.confirmations);
  if (asked) return judgeAnswers(asked.id, questionsOf(asked.call).length, payload, python);
  const leaves = leavesOf(pending.confirmations);
  if (payload.type !== "tool_approval_response") {
    return wrong(python, "Tool approval request requires a tool approval response");
  }
  const approvals = objectsAt(payload, "approvals");
  const fields = ["id", "approved", "rejection_reason"];
  if (python && approvals.some((entry) => !hasOnly(entry, fields))) {
    return wrong(python, "Extra inputs are not permitted");
  }
  const ids = approvals.map((entry) => textAt(entry, "id") ?? "");
  const missing = leaves.filter(({ id }) => !ids.includes(id));
  if (missing.length > 0) {
    const list = missing.map(({ id }) => id).join(", ");
    return wrong(python, `Tool approval response is missing ids: ${list}`);
  }
  const odd = approvals.some((entry) => typeof entry.approved !== "boolean");
  if (odd || ids.length !== leaves.length) return wrong(python, "Tool approval response has unknown ids");
  return {
    is: "decided",
    verdicts: new Map(approvals.map((entry) => [textAt(entry, "id") ?? "", verdictOf(entry)])),
  };
}

function verdictOf(entry: JsonObject): Verdict {
  const reason = textAt(entry, "rejection_reason");
  const approved = entry.approved === true;
  return { approved, ...(reason !== undefined && !approved ? { reason } : {}) };
}

/** A question must be answered, not approved or declined; Go fills up what is missing after the first answer. */
function judgeAnswers(id: string, count: number, payload: JsonObject, python: boolean): Judgement {
  if (payload.type !== "ask_user_response" || payload.id !== id) {
    return wrong(python, "ask_user response has invalid correlation");
  }
  const answers = objectsAt(payload, "answers").map(readAnswer);
  const enough = python ? answers.length === count : answers.length > 0 && answers.length <= count;
  if (!enough) return wrong(python, "ask_user response must answer every question");
  const extra = [payload, ...objectsAt(payload, "answers")].some((entry) => !hasOnly(entry, answerFields));
  if (python && extra) return wrong(python, "Extra inputs are not permitted");
  return {
    is: "decided",
    verdicts: uniform([{ id, call: { id, name: "ask_user", args: {} } }], { approved: true, answers }),
  };
}

const answerFields = ["type", "id", "answers", "answer"];

function hasOnly(entry: JsonObject, fields: readonly string[]): boolean {
  return Object.keys(entry).every((key) => fields.includes(key));
}
