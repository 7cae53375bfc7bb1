import { expect, test } from "vitest";
import { toReply } from "../../../../src/a2a/kagent/hitl/reply.ts";
import { readRequest } from "../../../../src/a2a/kagent/hitl/request.ts";
import { readMessage } from "../../../../src/a2a/wire/shapes.ts";
import type { InputRequest, Verdict } from "../../../../src/conversation/approval.ts";
import { operation, questions, requestOf } from "../../support/requests.ts";

interface Confirmation {
  readonly id?: string;
  readonly call?: unknown;
  readonly payload?: unknown;
}

function part({ id, call, payload }: Confirmation, prefix = "kagent") {
  return {
    kind: "data",
    data: {
      ...(id === undefined ? {} : { id }),
      name: "adk_request_confirmation",
      args: { originalFunctionCall: call, toolConfirmation: { hint: "…", confirmed: false, payload } },
    },
    metadata: { [`${prefix}_type`]: "function_call", [`${prefix}_is_long_running`]: true },
  };
}

function read(...parts: readonly unknown[]): InputRequest | undefined {
  return readRequest(readMessage({ role: "agent", parts }), { taskId: "t-1", contextId: "ctx-1" });
}

function dataFor(request: InputRequest, verdicts: readonly Verdict[]) {
  return toReply(request, { verdicts });
}

const yes = (itemId: string): Verdict => ({ itemId, approved: true });
const no = (itemId: string, reason?: string): Verdict => ({
  itemId,
  approved: false,
  ...(reason === undefined ? {} : { reason }),
});

test("several nested confirmations beside a tool are items of their own, each with its sub-agent", () => {
  const inner = (id: string, name: string) => ({
    name: "adk_request_confirmation",
    id: `adk-${id}`,
    originalFunctionCall: { id, name, args: null },
  });
  const nested = (name: string, ...hitl_parts: readonly unknown[]) => ({
    task_id: `task-${name}`,
    context_id: `ctx-${name}`,
    subagent_name: `shop__NS__${name}_agent`,
    hitl_parts,
  });
  const request = read(
    part({
      id: "adk-1",
      call: { id: "p1", name: "shop__NS__k8s_agent" },
      payload: nested("k8s", inner("c1", "scale"), inner("c2", "ask_user")),
    }),
    part({
      id: "adk-2",
      call: { id: "p2", name: "shop__NS__helm_agent" },
      payload: nested("helm", inner("c3", "rollback")),
    }),
    part({ id: "adk-3", call: { id: "d1", name: "delete", args: { name: "x" } } }),
  );
  const k8s = { name: "shop/k8s-agent", taskId: "task-k8s", contextId: "ctx-k8s" };
  const helm = { name: "shop/helm-agent", taskId: "task-helm", contextId: "ctx-helm" };
  expect(request?.items).toEqual([
    { kind: "operation", id: "c1", callId: "c1", tool: "scale", args: "{}", via: k8s },
    { kind: "questions", id: "c2", callId: "c2", questions: [], via: k8s },
    { kind: "operation", id: "c3", callId: "c3", tool: "rollback", args: "{}", via: helm },
    { kind: "operation", id: "d1", callId: "d1", tool: "delete", args: '{"name":"x"}' },
  ]);
});

test.each([[null], [undefined], [[]]])(
  "without its parts (%s) a sub-agent's call is decided itself",
  (hitl_parts) => {
    const payload = { task_id: "t-2", context_id: "c-2", subagent_name: "a__NS__b", hitl_parts };
    const call = { id: "p1", name: "a__NS__b", args: { request: "go" } };
    expect(read(part({ id: "adk-1", call, payload }))?.items).toEqual([
      {
        kind: "operation",
        id: "p1",
        callId: "p1",
        tool: "a__NS__b",
        args: '{"request":"go"}',
        via: { name: "a/b", taskId: "t-2", contextId: "c-2" },
      },
    ]);
  },
);

test("a confirmation that is in a message twice is one item", () => {
  const call = { id: "c1", name: "scale" };
  expect(read(part({ id: "adk-1", call }), part({ id: "adk-1", call }))?.items).toHaveLength(1);
});

test("no call is hidden by another that has its id", () => {
  const items = read(
    part({ id: "adk-1", call: { id: "c1", name: "scale" } }),
    part({ id: "adk-1", call: { id: "c2", name: "delete" } }),
    part({ id: "adk-3", call: { id: "c1", name: "drop" } }),
  )?.items;
  expect(items?.map((item) => item.kind === "operation" && item.tool)).toEqual(["scale", "delete", "drop"]);
  expect(new Set(items?.map(({ id }) => id)).size).toBe(3);
});

test("of two calls with one id both run, or none", () => {
  const request = read(
    part({ id: "adk-1", call: { id: "c1", name: "scale" } }),
    part({ id: "adk-2", call: { id: "c1", name: "drop" } }),
  );
  const [one, other] = request?.items.map(({ id }) => id) ?? [];
  if (!request || one === undefined || other === undefined) throw new Error("two items expected");
  expect(dataFor(request, [yes(one), no(other, "no")]).data).toEqual({
    decision_type: "batch",
    decisions: { c1: "reject" },
    rejection_reasons: { c1: "no" },
  });
  expect(dataFor(request, [yes(one), yes(other)]).data).toEqual({
    decision_type: "batch",
    decisions: { c1: "approve" },
  });
});

test("questions keep their places whatever they look like", () => {
  const questions = [{ question: "Which?", choices: ["a", 2], multiple: true }, { choices: null }, "odd"];
  const items = read(part({ id: "adk-1", call: { id: "q", name: "ask_user", args: { questions } } }))?.items;
  expect(items).toMatchObject([
    {
      questions: [
        { text: "Which?", choices: ["a", "2"], multiple: true },
        { text: "", choices: [], multiple: false },
        { text: "odd", choices: [], multiple: false },
      ],
    },
  ]);
});

test("only a runtime that writes Go's prefix refuses a second decision", () => {
  const call = { id: "c1", name: "scale" };
  expect(read(part({ id: "1", call }, "adk"))?.refusesDoubles).toBe(true);
  expect(read(part({ id: "1", call }, "kagent"))?.refusesDoubles).toBe(false);
});

test("other long-running calls and the old interrupt of LangGraph are no requests", () => {
  const credential = { kind: "data", data: { id: "1", name: "adk_request_credential", args: {} } };
  const interrupt = {
    kind: "data",
    data: { interrupt_type: "tool_approval", action_requests: [{ name: "scale", args: {}, id: "1" }] },
    metadata: { kagent_type: "interrupt_data" },
  };
  expect(read(credential, interrupt, { kind: "text", text: "May I?" })).toBeUndefined();
});

test("every id is named, and reasons go to the rejected ones", () => {
  const request = requestOf("decision", operation("a"), operation("b"), operation("c"));
  expect(dataFor(request, [yes("a"), no("b", "too risky"), no("c")])).toEqual({
    text: "Decided",
    data: {
      decision_type: "batch",
      decisions: { a: "approve", b: "reject", c: "reject" },
      rejection_reasons: { b: "too risky" },
    },
  });
});

test("a call without an id of its own takes one word for everything, and one no is a no to all", () => {
  const request = read(
    part({ id: "adk-1", call: { name: "scale" } }),
    part({ id: "adk-2", call: { id: "c2", name: "drop" } }),
  );
  if (!request) throw new Error("a request expected");
  expect(request.items[0]).toMatchObject({ id: "adk-1", callId: "" });
  expect(dataFor(request, [yes("adk-1"), yes("c2")]).data).toEqual({ decision_type: "approve" });
  expect(dataFor(request, [yes("adk-1"), no("c2", "no")]).data).toEqual({
    decision_type: "reject",
    rejection_reason: "no",
  });
});

test("answers are sent in the places of their questions", () => {
  const request = requestOf("decision", questions("q", "Which?", "What else?"));
  const answers = [["a", "b"], []];
  expect(dataFor(request, [{ itemId: "q", approved: true, answers }])).toEqual({
    text: "Answered",
    data: { decision_type: "approve", ask_user_answers: [{ answer: ["a", "b"] }, { answer: [] }] },
  });
});

test("a declined question is a rejection", () => {
  const request = requestOf("decision", questions("q", "Which?"));
  expect(dataFor(request, [no("q", "No decision within 30 minutes.")])).toEqual({
    text: "Rejected",
    data: {
      decision_type: "batch",
      decisions: { q: "reject" },
      rejection_reasons: { q: "No decision within 30 minutes." },
    },
  });
});

test("answers beside operations are sent only when all of those are approved", () => {
  const request = requestOf("decision", operation("a"), questions("q", "Which?"));
  const answered: Verdict = { itemId: "q", approved: true, answers: [["x"]] };
  expect(dataFor(request, [yes("a"), answered]).data).toEqual({
    decision_type: "approve",
    ask_user_answers: [{ answer: ["x"] }],
  });
  expect(dataFor(request, [no("a", "no"), answered]).data).toEqual({
    decision_type: "batch",
    decisions: { a: "reject", q: "approve" },
    rejection_reasons: { a: "no" },
  });
});

test("with several sets of questions each answer says what it answers, since all sets get the same list", () => {
  const request = requestOf("decision", questions("q1", "Which?", "Why?"), questions("q2", "Where?"));
  const verdicts = [
    { itemId: "q1", approved: true, answers: [["a"], ["b"]] },
    { itemId: "q2", approved: true, answers: [["c"]] },
  ];
  expect(dataFor(request, verdicts).data).toEqual({
    decision_type: "approve",
    ask_user_answers: [{ answer: ["Which?: a", "Where?: c"] }, { answer: ["Why?: b"] }],
  });
});
