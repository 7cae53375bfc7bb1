import type {
  InputRequest,
  Operation,
  QuestionSet,
  RequestItem,
} from "../../../src/conversation/approval.ts";

/** A tool call that waits for approval. */
export function operation(id: string, changes: Partial<Operation> = {}): Operation {
  return { kind: "operation", id, callId: id, tool: "scale_thing", args: "{}", ...changes };
}

/** A call of `ask_user` with questions in free text. */
export function questions(id: string, ...texts: readonly string[]): QuestionSet {
  const asked = texts.map((text) => ({ text, choices: [], multiple: false }));
  return { kind: "questions", id, callId: id, questions: asked };
}

/** A pause of the task `t-1` with these items. */
export function requestOf(wire: InputRequest["wire"], ...items: readonly RequestItem[]): InputRequest {
  const mixed = new Set(items.map(({ kind }) => kind)).size > 1;
  return {
    wire,
    taskId: "t-1",
    contextId: "ctx-1",
    items,
    refusesDoubles: wire === "hitl-v1",
    asksAgain: wire === "hitl-v1" && mixed,
  };
}
