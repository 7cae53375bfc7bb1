import {
  type Decision,
  type InputRequest,
  operationsOf,
  type QuestionSet,
  questionSetsOf,
  type RequestItem,
  type Verdict,
} from "../../../conversation/approval.ts";
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../../wire/json.ts";
import type { Message, Part } from "../../wire/model.ts";
import { metadataValue } from "../metadata.ts";
import { callAt, distinct, keyOf, readSubagent, toItem } from "./items.ts";

// kagent's released wire (A2A 0.3): one data part per confirmation in, one `decision_type` data part out.

/** What the reading of a wire finds in a message. */
export type PauseItems = Pick<InputRequest, "items" | "refusesDoubles" | "asksAgain">;

/** What the confirmations of a paused task's message ask; undefined when it holds none. */
export function readConfirmations(message: Message): PauseItems | undefined {
  const parts = message.parts.filter(isConfirmation);
  const ids = parts.map(repeatKey);
  const confirmations = parts.filter((_, index) => ids.indexOf(ids[index] ?? "") === index);
  if (confirmations.length === 0) return undefined;
  return {
    items: distinct(confirmations.flatMap(itemsOf)),
    // The Go runtime, which refuses a second decision, writes another prefix than Python, which runs tools twice.
    refusesDoubles: confirmations.every(({ metadata }) => metadata?.adk_type !== undefined),
    asksAgain: false,
  };
}

function isConfirmation(part: Part): boolean {
  if (part.kind !== "data" || !isObject(part.data)) return false;
  if (stringAt(part.data, "name") !== "adk_request_confirmation") return false;
  return metadataValue(part.metadata, "type") !== "function_response";
}

function dataOf(part: Part): JsonObject {
  return part.kind === "data" && isObject(part.data) ? part.data : {};
}

// One id for two calls is no repeat: both would be decided by it.
function repeatKey(part: Part, index: number): string {
  const id = confirmationId(part);
  const call = callAt(objectAt(dataOf(part), "args") ?? {});
  return id === undefined ? String(index) : JSON.stringify([id, call.id]);
}

function confirmationId(part: Part): string | undefined {
  return stringAt(dataOf(part), "id");
}

function itemsOf(part: Part): readonly RequestItem[] {
  const args = objectAt(dataOf(part), "args") ?? {};
  const payload = objectAt(objectAt(args, "toolConfirmation") ?? {}, "payload") ?? {};
  const via = readSubagent(payload);
  const outer = itemOf(args, confirmationId(part) ?? "", via);
  const inner = arrayAt(payload, "hitl_parts").filter(isObject);
  if (inner.length === 0) return [outer];
  return inner.map((holder) => itemOf(holder, stringAt(holder, "id") ?? outer.id, via));
}

function itemOf(holder: JsonObject, fallbackId: string, via: RequestItem["via"]): RequestItem {
  const call = callAt(holder);
  const callId = stringAt(call, "id") ?? "";
  return toItem({ id: callId || fallbackId, callId, name: stringAt(call, "name"), args: call.args }, via);
}

/**
 * The data part that carries a decision with a verdict for every item.
 *
 * An id that a batch leaves out counts as approved, and so does everything beside answers; so every id is named, and
 * answers only travel when all is approved. A call without an id of its own cannot be named: then only one word for
 * all is understood, which is a rejection as soon as one is.
 */
export function encodeDecision(request: InputRequest, { verdicts }: Decision): JsonObject {
  const of = (item: RequestItem) => verdicts.find(({ itemId }) => itemId === item.id);
  const refused = request.items.flatMap((item) => {
    const verdict = of(item);
    return verdict?.approved === true ? [] : [{ key: keyOf(item), reason: verdict?.reason }];
  });
  const answers = refused.length === 0 ? answersOf(request, of) : undefined;
  if (answers) return { decision_type: "approve", ask_user_answers: answers };
  if (request.items.some(({ callId }) => callId === "")) return uniform(refused);
  const rejected = new Set(refused.map(({ key }) => key));
  const decisions = request.items.map((item) => {
    const key = keyOf(item);
    return [key, rejected.has(key) ? "reject" : "approve"] as const;
  });
  const reasons = refused.flatMap(({ key, reason }) => (reason ? [[key, reason] as const] : []));
  return {
    decision_type: "batch",
    decisions: Object.fromEntries(decisions),
    ...(reasons.length === 0 ? {} : { rejection_reasons: Object.fromEntries(reasons) }),
  };
}

function uniform(refused: readonly { readonly reason: string | undefined }[]): JsonObject {
  if (refused.length === 0) return { decision_type: "approve" };
  const reason = refused.map((one) => one.reason).find((text) => text);
  return { decision_type: "reject", ...(reason ? { rejection_reason: reason } : {}) };
}

/**
 * The answers by position; undefined where a set has none. Every set of questions in a pause is given the same list, so
 * that with several of them each answer says which question it belongs to.
 */
function answersOf(
  request: InputRequest,
  of: (item: RequestItem) => Verdict | undefined,
): readonly JsonObject[] | undefined {
  const sets = questionSetsOf(request);
  if (sets.length === 0 || sets.some((set) => of(set)?.answers === undefined)) return undefined;
  const length = Math.max(...sets.map((set) => set.questions.length));
  return Array.from({ length }, (_, index) => ({
    answer: sets.flatMap((set) => labelled(set, index, of(set)?.answers?.[index] ?? [], sets.length > 1)),
  }));
}

function labelled(
  set: QuestionSet,
  index: number,
  values: readonly string[],
  several: boolean,
): readonly string[] {
  const question = set.questions[index];
  return several && question ? values.map((value) => `${question.text}: ${value}`) : values;
}

/** How the runtime takes an item in a data part of ours; undefined: not named, which it would take for approved. */
function effectOn(item: RequestItem, data: JsonObject): "approve" | "reject" | undefined {
  if (Array.isArray(data.ask_user_answers)) return "approve";
  const value =
    data.decision_type === "batch"
      ? Object.entries(objectAt(data, "decisions") ?? {}).find(([key]) => key === keyOf(item))?.[1]
      : data.decision_type;
  return value === "approve" || value === "reject" ? value : undefined;
}

/** What is wrong with a data part as the answer to a request; undefined: nothing. */
export function faultInDecision(
  request: InputRequest,
  { verdicts }: Decision,
  data: JsonObject,
): string | undefined {
  const keys = new Set(request.items.map(keyOf));
  const named = Object.entries(objectAt(data, "decisions") ?? {});
  if (data.decision_type === "batch" && named.length !== keys.size) return "a batch must name every id";
  const stray = named.find(([key, value]) => !keys.has(key) || (value !== "approve" && value !== "reject"));
  if (stray) return "a batch holds a strange id or value";
  const nameable = request.items.every(({ callId }) => callId !== "");
  if (!nameable && data.decision_type === "batch") return "an item cannot be named";
  if (nameable && data.decision_type !== "batch" && data.ask_user_answers === undefined)
    return "every id must be named";
  const unnamed = request.items.find((item) => effectOn(item, data) === undefined);
  if (unnamed) return "an item is not decided";
  const approved = (item: RequestItem) => verdicts.some((one) => one.itemId === item.id && one.approved);
  const ran = operationsOf(request).find((item) => effectOn(item, data) === "approve" && !approved(item));
  if (ran) return "an operation would run that was not approved";
  if (data.ask_user_answers === undefined) return undefined;
  const most = Math.max(0, ...questionSetsOf(request).map((set) => set.questions.length));
  const given = arrayAt(data, "ask_user_answers").length;
  if (questionSetsOf(request).length === 0 || given !== most) return "answers do not fit the questions";
  return request.items.every(approved) ? undefined : "answers would approve what was rejected";
}
