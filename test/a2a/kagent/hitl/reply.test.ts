import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf } from "../../../../src/a2a/kagent/hitl/items.ts";
import { check, replyOf, toReply } from "../../../../src/a2a/kagent/hitl/reply.ts";
import { arrayAt, isObject, type JsonObject, objectAt } from "../../../../src/a2a/wire/json.ts";
import type { PauseReply } from "../../../../src/a2a/wire/model.ts";
import type { Decision, InputRequest, RequestItem, Verdict } from "../../../../src/conversation/approval.ts";
import { outgoing } from "../../support/asking.ts";
import { operation, questions, requestOf } from "../../support/requests.ts";

const ids = fc.uniqueArray(fc.constantFrom("call_1", "call_2", "adk-3", "__proto__", "toString", "é 5"), {
  minLength: 1,
  maxLength: 5,
});

const items = ids.chain((chosen) =>
  fc.tuple(
    ...chosen.map((id) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant<RequestItem>(operation(id)) },
        { weight: 1, arbitrary: fc.constant<RequestItem>(operation(id, { callId: "" })) },
        {
          weight: 2,
          arbitrary: fc
            .array(fc.string(), { minLength: 1, maxLength: 3 })
            .map((texts): RequestItem => questions(id, ...texts)),
        },
      ),
    ),
  ),
);

const anyRequest = fc.oneof(
  items.map((all) => requestOf("decision", ...all)),
  // One pause of the extension is one set of questions, or tools of which some may be questions.
  items.map((all) => {
    const [first, ...others] = all;
    const lone = others.length === 0 && first?.kind === "questions";
    const asksAgain = !lone && all.some(({ kind }) => kind === "questions");
    return { ...requestOf("hitl-v1", ...all), asksAgain };
  }),
);

function verdictFor(item: RequestItem): fc.Arbitrary<Verdict> {
  const reason = fc.option(fc.string(), { nil: undefined });
  const answers =
    item.kind === "questions"
      ? fc.option(fc.array(fc.array(fc.string(), { maxLength: 2 }), exactly(item.questions.length)))
      : fc.constant(null);
  return fc.tuple(fc.boolean(), reason, answers).map(([approved, why, given]) => ({
    itemId: item.id,
    approved,
    ...(why === undefined ? {} : { reason: why }),
    ...(approved && given !== null ? { answers: given } : {}),
  }));
}

function exactly(length: number) {
  return { minLength: length, maxLength: length };
}

const decided = anyRequest.chain((request) =>
  fc
    .tuple(...request.items.map(verdictFor))
    .chain((verdicts) => fc.shuffledSubarray([...verdicts], exactly(verdicts.length)))
    .map((verdicts): readonly [InputRequest, Decision] => [request, { verdicts }]),
);

function payloadOf({ data, extension }: PauseReply): JsonObject {
  return data ?? extension?.value ?? {};
}

const isApproved = ({ verdicts }: Decision, item: RequestItem) =>
  verdicts.some(({ itemId, approved }) => itemId === item.id && approved);

/**
 * What a runtime does with a reply, as recorded: on 0.3 everything that is not rejected by its own id runs, and
 * answers let everything run; the extension fails the task unless each id is there once.
 */
function runs(request: InputRequest, payload: JsonObject, item: RequestItem): boolean {
  if (request.wire === "hitl-v1") {
    const approvals = arrayAt(payload, "approvals").filter(isObject);
    return approvals.some(({ id, approved }) => id === keyOf(item) && approved === true);
  }
  if (payload.ask_user_answers !== undefined) return true;
  if (payload.decision_type !== "batch") return payload.decision_type === "approve";
  if (item.callId === "") return true;
  return new Map(Object.entries(objectAt(payload, "decisions") ?? {})).get(item.callId) !== "reject";
}

/** The ids that a reply decides by name. */
function named({ wire }: InputRequest, payload: JsonObject): readonly unknown[] {
  if (wire === "hitl-v1") {
    if (payload.type === "ask_user_response") return [payload.id];
    return arrayAt(payload, "approvals").map((one) => isObject(one) && one.id);
  }
  return Object.keys(objectAt(payload, "decisions") ?? {});
}

/** One word for everything: with answers, or where a call has no id that could be named. */
function isUniform({ wire, items: all }: InputRequest, payload: JsonObject): boolean {
  if (wire === "hitl-v1" || payload.decision_type === "batch") return false;
  return payload.ask_user_answers !== undefined || all.some(({ callId }) => callId === "");
}

test("every complete decision can be sent, and runs nothing that was not approved", () => {
  fc.assert(
    fc.property(decided, ([request, decision]) => {
      const payload = payloadOf(toReply(request, decision));
      const operations = request.items.filter(({ kind }) => kind === "operation");
      const ran = operations.filter((item) => runs(request, payload, item));
      for (const item of ran) expect(isApproved(decision, item)).toBe(true);
      const nameable = request.wire === "hitl-v1" || request.items.every(({ callId }) => callId !== "");
      if (nameable) expect(ran).toEqual(operations.filter((item) => isApproved(decision, item)));
    }),
    { numRuns: 2000 },
  );
});

/** A payload after one change of the kinds that have burnt pauses. */
function spoiled(payload: JsonObject): fc.Arbitrary<JsonObject> {
  const decisions = objectAt(payload, "decisions") ?? {};
  const approvals = arrayAt(payload, "approvals");
  const answers = arrayAt(payload, "answers");
  const key = fc.constantFrom(...Object.keys(decisions), "call_1", "adk-77", "__proto__");
  const index = fc.nat(Math.max(0, approvals.length - 1));
  const word = fc.constantFrom("approve", "reject", "batch", "deny", "yes", "", null, true);
  const withDecision = (name: string, value: unknown) => ({
    ...payload,
    decisions: Object.fromEntries([
      ...Object.entries(decisions).filter(([id]) => id !== name),
      [name, value],
    ]),
  });
  const without = (name: string) => ({
    ...payload,
    decisions: Object.fromEntries(Object.entries(decisions).filter(([id]) => id !== name)),
  });
  const changed = (at: number, change: JsonObject) => ({
    ...payload,
    approvals: approvals.map((one, position) =>
      position === at && isObject(one) ? { ...one, ...change } : one,
    ),
  });
  return fc.oneof(
    fc.constant(payload),
    word.map((decision_type) => ({ ...payload, decision_type })),
    key.map(without),
    fc.tuple(key, word).map(([name, value]) => withDecision(name, value)),
    fc.nat(4).map((count) => ({ ...payload, ask_user_answers: Array(count).fill({ answer: ["x"] }) })),
    fc.constant({ ...payload, approvals: approvals.slice(1) }),
    fc.constant({ ...payload, approvals: [...approvals, ...approvals.slice(0, 1)] }),
    fc.tuple(index, fc.constantFrom("call_1", "adk-77", "", 7)).map(([at, id]) => changed(at, { id })),
    fc
      .tuple(index, fc.constantFrom(true, false, "yes", null))
      .map(([at, approved]) => changed(at, { approved })),
    fc.constant({ ...payload, answers: answers.slice(1) }),
    fc.constantFrom("q", "", undefined).map((id) => ({ ...payload, id })),
    fc
      .constantFrom("tool_approval_response", "ask_user_response", "odd")
      .map((type) => ({ ...payload, type })),
    fc.constant({}),
  );
}

function passes(request: InputRequest, decision: Decision, payload: JsonObject): boolean {
  try {
    check(request, decision, payload);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: "BridgeError", code: "internal" });
    return false;
  }
}

test("no reply that passes the check leaves an id out, names another, or runs what was not approved", () => {
  let [passed, refused] = [0, 0];
  const spoiling = decided.chain(([request, decision]) =>
    spoiled(payloadOf(toReply(request, decision)))
      .chain(spoiled)
      .map((payload) => ({ request, decision, payload })),
  );
  fc.assert(
    fc.property(spoiling, ({ request, decision, payload }) => {
      const isSent = passes(request, decision, payload);
      passed += isSent ? 1 : 0;
      refused += isSent ? 0 : 1;
      if (!isSent) return;
      for (const item of request.items) {
        if (item.kind === "operation" && runs(request, payload, item))
          expect(isApproved(decision, item)).toBe(true);
      }
      if (isUniform(request, payload)) return;
      expect([...named(request, payload)].sort()).toEqual(request.items.map(keyOf).sort());
    }),
    { numRuns: 5000 },
  );
  expect(passed).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
});

test("a decision that leaves an item out, decides one twice or decides another is not sent", () => {
  const request = requestOf("decision", operation("a"), operation("b"));
  const verdict = (itemId: string) => ({ itemId, approved: true });
  for (const chosen of [["a"], ["a", "a"], ["a", "b", "c"], ["a", "c"], []]) {
    expect(() => toReply(request, { verdicts: chosen.map(verdict) })).toThrow(
      expect.objectContaining({ code: "internal" }),
    );
  }
  expect(() => toReply(requestOf("decision"), { verdicts: [] })).toThrow(/not sent/);
});

test("answers that do not fit their questions are not sent", () => {
  const request = requestOf("hitl-v1", questions("q", "Which?", "Why?"));
  const answered = (answers: readonly (readonly string[])[]) => ({
    verdicts: [{ itemId: "q", approved: true, answers }],
  });
  expect(() => toReply(request, answered([["a"]]))).toThrow(/not sent/);
  expect(() => toReply(request, answered([["a"], ["b"], ["c"]]))).toThrow(/not sent/);
  expect(toReply(request, answered([["a"], []])).text).toBe("Answered");
  const tool = requestOf("decision", operation("a"));
  expect(() => toReply(tool, { verdicts: [{ itemId: "a", approved: true, answers: [["x"]] }] })).toThrow(
    /not sent/,
  );
});

test("a reply leaves only with the task and the context of its pause", () => {
  const reply = {
    request: requestOf("decision", operation("a")),
    decision: { verdicts: [{ itemId: "a", approved: true }] },
  };
  expect(replyOf(outgoing({ taskId: "t-1", reply }))).toMatchObject({ text: "Approved" });
  expect(() => replyOf(outgoing({ reply }))).toThrow(/not sent/);
  expect(() => replyOf(outgoing({ taskId: "t-2", reply }))).toThrow(/not sent/);
  expect(() => replyOf(outgoing({ taskId: "t-1", contextId: "ctx-2", reply }))).toThrow(/not sent/);
  expect(() => replyOf(outgoing({ taskId: "t-1", contextId: "", reply }))).toThrow(/not sent/);
});
