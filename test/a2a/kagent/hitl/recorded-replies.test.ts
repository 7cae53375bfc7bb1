import { expect, test } from "vitest";
import { createRecordings } from "../../../../emulator/agent/recordings.ts";
import { keyOf } from "../../../../src/a2a/kagent/hitl/items.ts";
import { replyOf } from "../../../../src/a2a/kagent/hitl/reply.ts";
import { isSamePause } from "../../../../src/a2a/kagent/hitl/request.ts";
import { RunReader } from "../../../../src/a2a/kagent/run-reader.ts";
import { codecFor } from "../../../../src/a2a/wire/codec.ts";
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../../../../src/a2a/wire/json.ts";
import type { Decision, InputRequest, RequestItem, Verdict } from "../../../../src/conversation/approval.ts";
import { outgoing } from "../../support/asking.ts";
import { type RecordedReply, repliesOf } from "../../support/pauses.ts";
import { bodyOf } from "../../support/replay.ts";
import { wireEvents } from "../../support/transcript.ts";

const recordings = createRecordings();
const URI = "https://kagent.dev/extensions/hitl/v1";

// What the recorded client did wrong on purpose; the runtime's answer to it is not what people decided.
const WRONG_CASES: ReadonlySet<string> = new Set([
  "ask_user_short",
  "batch_missing_id",
  "batch_wrong_key",
  "deny_decision_type",
  "free_text_while_paused",
  "mixed_both",
  "other_user_approve",
  "send_finished_task",
  "v1_ask_decline",
  "v1_ask_empty_answers",
  "v1_call_id",
  "v1_empty_approvals",
  "v1_free_text_with_extension",
  "v1_no_extension",
  "v1_old_decision",
  "v1_reply_without_header",
  "v1_unknown_id",
  "wrong_context",
  "wrong_decision_type",
]);
// Questions that cannot be let pass on hitl/v1, and a mixed pause that takes no answers there.
const WRONG_ON_V1: ReadonlySet<string> = new Set([
  "ask_user_plain_approve",
  "ask_user_reject",
  "mixed_answers",
]);

const replies = recordings.folders().flatMap((folder) =>
  recordings.names(folder).flatMap((name) => {
    const recording = recordings.read(folder, name);
    return repliesOf(recording).map((reply) => ({ ...reply, folder, name, recording }));
  }),
);

const right = replies.flatMap((reply) => {
  const { request } = reply.pause;
  if (!request || WRONG_CASES.has(reply.name)) return [];
  return request.wire === "hitl-v1" && WRONG_ON_V1.has(reply.name) ? [] : [{ ...reply, request }];
});

function dataOf(message: JsonObject): JsonObject {
  const part = arrayAt(message, "parts").find((one) => isObject(one) && one.data !== undefined);
  return (isObject(part) && objectAt(part, "data")) || {};
}

function responseOf(message: JsonObject): JsonObject {
  return objectAt(objectAt(message, "metadata") ?? {}, URI) ?? {};
}

function textsAt(holder: JsonObject, key: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(holder, key) ?? {});
  return Object.fromEntries(entries.map(([id, value]) => [id, String(value)]));
}

/** What the recorded client's person decided. */
function decided(request: InputRequest, message: JsonObject): Decision {
  const verdicts = request.items.map((item) =>
    request.wire === "decision" ? onDecision(item, dataOf(message)) : onExtension(item, responseOf(message)),
  );
  return { verdicts };
}

function onDecision(item: RequestItem, data: JsonObject): Verdict {
  const key = keyOf(item);
  const value = data.decision_type === "batch" ? textsAt(data, "decisions")[key] : data.decision_type;
  const reason = stringAt(data, "rejection_reason") ?? textsAt(data, "rejection_reasons")[key];
  return verdict(item, value === "approve", reason, arrayAt(data, "ask_user_answers"));
}

function onExtension(item: RequestItem, response: JsonObject): Verdict {
  const approvals = arrayAt(response, "approvals").filter(isObject);
  const approval = approvals.find(({ id }) => id === keyOf(item));
  const approved = response.type === "ask_user_response" || approval?.approved === true;
  return verdict(
    item,
    approved,
    approval && stringAt(approval, "rejection_reason"),
    arrayAt(response, "answers"),
  );
}

function verdict(
  item: RequestItem,
  approved: boolean,
  reason: string | undefined,
  answers: readonly unknown[],
): Verdict {
  const given = item.kind === "questions" && answers.length > 0;
  const values = answers.map((one) => (isObject(one) ? arrayAt(one, "answer").map(String) : []));
  return {
    itemId: item.id,
    approved,
    ...(approved || reason === undefined ? {} : { reason }),
    ...(given ? { answers: values } : {}),
  };
}

/** Our reply to the same pause, as the message that leaves. */
function ours({ pause, recording, message }: RecordedReply & { recording: { protocol: "0.3" | "1.0" } }) {
  const { request, taskId, contextId } = pause;
  if (!request) throw new Error("no request");
  const reply = { request, decision: decided(request, message) };
  const sent = outgoing({ messageId: String(message.messageId), taskId, contextId, text: "", reply });
  const params = codecFor(recording.protocol).sendParams(sent, replyOf(sent));
  return objectAt(params, "message") ?? {};
}

/** One word for everything, spelled out for every id as our replies do it. */
function spelledOut({ items }: InputRequest, data: JsonObject): JsonObject {
  if (data.decision_type === "batch" || data.ask_user_answers !== undefined) return data;
  const keys = items.map(keyOf);
  const reason = stringAt(data, "rejection_reason");
  return {
    decision_type: "batch",
    decisions: Object.fromEntries(keys.map((key) => [key, data.decision_type])),
    ...(reason ? { rejection_reasons: Object.fromEntries(keys.map((key) => [key, reason])) } : {}),
  };
}

/**
 * The recorded message where it may differ from ours: one word for all instead of a batch that names every id, which
 * is safer and means the same; the text, which nobody reads as a decision; and members that are empty.
 */
function comparable(request: InputRequest, message: JsonObject): JsonObject {
  const parts = arrayAt(message, "parts").map((part) => {
    if (!isObject(part)) return part;
    const { metadata: _, ...rest } = part;
    if (typeof part.text === "string") return { ...rest, text: "…" };
    return { ...rest, data: spelledOut(request, objectAt(part, "data") ?? {}) };
  });
  const { metadata, ...rest } = message;
  const response = objectAt(objectAt(message, "metadata") ?? {}, URI);
  const extended = response ? { metadata: { [URI]: byId(response) } } : {};
  return { ...rest, parts, ...extended };
}

// Approvals are matched by id, whatever their order.
function byId(response: JsonObject): JsonObject {
  const approvals = arrayAt(response, "approvals").filter(isObject);
  const sorted = approvals.toSorted((one, other) => (String(one.id) < String(other.id) ? -1 : 1));
  return response.approvals === undefined ? response : { ...response, approvals: sorted };
}

test("there are hundreds of right replies of every kind to compare with", () => {
  expect({ all: replies.length, right: right.length }).toEqual({ all: 490, right: 373 });
  const kinds = new Set(right.map(({ name }) => name));
  for (const kind of [
    "approve",
    "reject",
    "reject_reason",
    "batch_mixed",
    "nested_batch",
    "nested_ask",
    "ask_user",
    "mixed_batch",
    "mixed_answers",
  ])
    expect(kinds).toContain(kind);
});

test.each(recordings.folders())("our replies to the pauses of %s are the recorded ones", (folder) => {
  for (const reply of right.filter((one) => one.folder === folder)) {
    const { request, message, name } = reply;
    expect(comparable(request, ours(reply)), name).toEqual(comparable(request, message));
  }
});

test.each(recordings.folders())(
  "what follows a right reply in %s is never taken for the same pause",
  (folder) => {
    for (const { request, exchange, name } of right.filter((one) => one.folder === folder)) {
      const events = wireEvents(bodyOf(exchange));
      const reader = new RunReader(1e7, request);
      for (const event of events) if (!reader.end) reader.read(event);
      // Blocking calls are no streams; of two runs in one stream one has no end; a second decision is refused.
      if (events.length === 0 || /race|double/.test(name)) continue;
      const { end } = reader;
      expect(end, `${folder}/${name}`).toBeDefined();
      if (end?.kind !== "waiting") continue;
      expect(name).toBe("twice");
      expect(end.request && isSamePause(end.request, request)).toBe(false);
    }
  },
);
