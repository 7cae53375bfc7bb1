import { type Confirmation, questionsOf } from "./confirmation.ts";
import { type Dialect, isPython } from "./dialect.ts";
import { type Json, type JsonObject, textAt, writeJson } from "./json.ts";
import { type Decided, type GatedOutcome, isQuestion, type ToolResult } from "./tool-call.ts";
import type { Verdict } from "./verdict.ts";

/** What becomes of a call that was decided about: its result on the wire, and the same for the script. */
export interface Settled {
  readonly result: ToolResult;
  readonly decided: Decided;
}

/** A call of this agent; `outcome` is what the tool gives back when it runs. */
export function settleCall(
  { call }: Confirmation,
  verdict: Verdict,
  dialect: Dialect,
  outcome: GatedOutcome = {},
): Settled {
  if (!verdict.approved && isQuestion(call)) return settled(call, verdict, declined(dialect));
  if (!verdict.approved) return settled(call, verdict, { result: rejectionText(verdict.reason) });
  if (isQuestion(call)) {
    const answers = questionsOf(call).map((_, index) => verdict.answers?.[index] ?? []);
    const full = { ...verdict, answers };
    return settled(call, full, { result: answersText(questionsOf(call), answers, isPython(dialect)) });
  }
  const { output = "done", error } = outcome;
  const text = error ?? (typeof output === "string" ? output : writeJson(output));
  const result = { id: call.id, name: call.name, ...(error === undefined ? { output } : { error }) };
  return { result, decided: { call, approved: true, result: text } };
}

/** A call whose result is written by the runtime itself. */
export function settled(call: Confirmation["call"], verdict: Verdict, response: JsonObject): Settled {
  const result = textAt(response, "result") ?? textAt(response, "error") ?? writeJson(response);
  return {
    result: { id: call.id, name: call.name, response },
    decided: { call, ...verdict, result },
  };
}

function rejectionText(reason: string | undefined): string {
  const said = reason === undefined ? "" : ` Reason: ${reason}`;
  return `Tool call was rejected by user.${said}`;
}

/** A question that is rejected loses the reason. */
function declined(dialect: Dialect): JsonObject {
  return isPython(dialect)
    ? { result: '{"status": "cancelled"}' }
    : { error: 'error tool "ask_user" call is rejected' };
}

/** Python writes spaces into JSON, Go sorts the keys. */
function answersText(
  questions: readonly JsonObject[],
  answers: readonly (readonly string[])[],
  python: boolean,
): string {
  const texts = questions.map((question) => textAt(question, "question") ?? "");
  if (!python) {
    return writeJson(texts.map((question, index) => ({ answer: answers[index] ?? [], question })));
  }
  const list = (items: readonly string[]) => `[${items.join(", ")}]`;
  const quote = (value: Json) => JSON.stringify(value);
  return list(
    texts.map(
      (question, index) =>
        `{"question": ${quote(question)}, "answer": ${list((answers[index] ?? []).map(quote))}}`,
    ),
  );
}
