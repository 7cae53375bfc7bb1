import type { Question, RequestItem, Subagent } from "../../../conversation/approval.ts";
import { argsText } from "../../wire/exact-args.ts";
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../../wire/json.ts";
import { subagentOf } from "../tool-calls.ts";

/** A gated call as either wire describes it. */
export interface GatedCall {
  /** What its decision is keyed by. */
  readonly id: string;
  /** Empty where the wire left the call's own id out. */
  readonly callId: string;
  readonly name: string | undefined;
  readonly args: unknown;
}

/** What people are asked about a call: its questions for `ask_user`, else whether it may run. */
export function toItem({ id, callId, name, args }: GatedCall, via: Subagent | undefined): RequestItem {
  const whose = via ? { via } : {};
  if (name === "ask_user") {
    const questions = readQuestions(isObject(args) ? args : {});
    return { kind: "questions", id, callId, questions, ...whose };
  }
  return { kind: "operation", id, callId, tool: name ?? "(unnamed tool)", args: argsText(args), ...whose };
}

/** The `questions` of an object, in their order; each keeps its place, because answers are matched by position. */
function readQuestions(holder: JsonObject): readonly Question[] {
  return arrayAt(holder, "questions").map((entry) => {
    if (!isObject(entry)) return { text: String(entry), choices: [], multiple: false };
    return {
      text: stringAt(entry, "question") ?? "",
      choices: arrayAt(entry, "choices").map((choice) => {
        return typeof choice === "string" ? choice : JSON.stringify(choice);
      }),
      multiple: entry.multiple === true,
    };
  });
}

/** The paused sub-agent that `subagent_name`, `task_id` and `context_id` tell of. */
export function readSubagent(holder: JsonObject): Subagent | undefined {
  const [name, taskId] = [stringAt(holder, "subagent_name"), stringAt(holder, "task_id")];
  if (name === undefined || taskId === undefined) return undefined;
  return { name: subagentOf(name) ?? name, taskId, contextId: stringAt(holder, "context_id") ?? "" };
}

// Two sub-agents may use one id for calls of their own; no id of the wire holds a line break.
const MARK = "\n";

/** The items with ids that differ: of two with one key the second gets a mark that `keyOf` takes off again. */
export function distinct(items: readonly RequestItem[]): readonly RequestItem[] {
  const seen = new Set<string>();
  return items.map((item) => {
    let id = item.id;
    for (let copy = 2; seen.has(id); copy += 1) id = `${item.id}${MARK}${copy}`;
    seen.add(id);
    return id === item.id ? item : { ...item, id };
  });
}

/** What an item's decision is keyed by on the wire. */
export function keyOf(item: RequestItem): string {
  const end = item.id.indexOf(MARK);
  return end < 0 ? item.id : item.id.slice(0, end);
}

/** The call inside an object, or an empty one. */
export function callAt(holder: JsonObject): JsonObject {
  return objectAt(holder, "originalFunctionCall") ?? {};
}
