import { expect, test } from "vitest";
import { toReply } from "../../../../src/a2a/kagent/hitl/reply.ts";
import { readRequest } from "../../../../src/a2a/kagent/hitl/request.ts";
import { readMessage } from "../../../../src/a2a/wire/shapes.ts";
import { operation, questions, requestOf } from "../../support/requests.ts";

const URI = "https://kagent.dev/extensions/hitl/v1";

function read(request: unknown, extensions: readonly string[] = [URI]) {
  const message = { role: "ROLE_AGENT", parts: [{ text: "hint" }], metadata: { [URI]: request }, extensions };
  return readRequest(readMessage(message), { taskId: "t-1", contextId: "ctx-1" });
}

const tool = (id: string, name: string, args: unknown = null) => ({ id, call_id: `call-${id}`, name, args });

test("tools are decided by their opaque ids, and null arguments are none", () => {
  expect(read({ type: "tool_approval_request", tools: [tool("adk-1", "scale")] })).toEqual({
    wire: "hitl-v1",
    taskId: "t-1",
    contextId: "ctx-1",
    items: [{ kind: "operation", id: "adk-1", callId: "call-adk-1", tool: "scale", args: "{}" }],
    refusesDoubles: true,
    asksAgain: false,
  });
});

test("a request counts only with the extension's address beside it", () => {
  const request = { type: "tool_approval_request", tools: [tool("adk-1", "scale")] };
  expect(read(request, [])).toBeUndefined();
  expect(read("odd")).toBeUndefined();
  expect(read({ type: "tool_approval_request", tools: [] })).toBeUndefined();
});

test("what a sub-agent wants to run is decided instead of its call", () => {
  const nested = {
    subagent_name: "a__NS__b",
    task_id: "t-2",
    context_id: "c-2",
    tools: [tool("adk-9", "drop")],
  };
  const items = read({ type: "tool_approval_request", tools: [tool("adk-1", "a__NS__b")], nested })?.items;
  const via = { name: "a/b", taskId: "t-2", contextId: "c-2" };
  expect(items).toMatchObject([{ id: "adk-9", tool: "drop", via }]);
});

test("a sub-agent's question is answered under the sub-agent's id, without one under the request's", () => {
  const asked = [{ question: "Delete it?", choices: ["yes", "no"], multiple: false }];
  const nested = (tools: readonly unknown[]) => ({
    subagent_name: "a__NS__b",
    task_id: "t-2",
    context_id: "c-2",
    tools,
  });
  const request = { type: "ask_user_request", id: "adk-1", questions: asked };
  const id = (tools: readonly unknown[]) => read({ ...request, nested: nested(tools) })?.items[0]?.id;
  expect(id([tool("adk-8", "drop"), tool("adk-9", "ask_user")])).toBe("adk-9");
  expect(id([tool("adk-8", "other")])).toBe("adk-8");
  expect(id([])).toBe("adk-1");
  expect(read(request)?.items).toMatchObject([{ id: "adk-1", questions: [{ text: "Delete it?" }] }]);
});

test("a question among tools can only be let pass, and the agent asks it again", () => {
  const tools = [tool("adk-1", "scale"), tool("adk-2", "ask_user", { questions: [{ question: "Which?" }] })];
  const request = read({ type: "tool_approval_request", tools });
  if (!request) throw new Error("a request expected");
  expect(request.asksAgain).toBe(true);
  const verdicts = [
    { itemId: "adk-1", approved: false, reason: "no" },
    { itemId: "adk-2", approved: false, reason: "expired" },
  ];
  expect(toReply(request, { verdicts }).extension?.value).toEqual({
    type: "tool_approval_response",
    approvals: [
      { id: "adk-1", approved: false, rejection_reason: "no" },
      { id: "adk-2", approved: true },
    ],
  });
});

test("approvals carry every id once, and reasons only where something is rejected", () => {
  const request = requestOf("hitl-v1", operation("a"), operation("b"));
  const verdicts = [
    { itemId: "b", approved: false, reason: "Too risky" },
    { itemId: "a", approved: true, reason: "fine" },
  ];
  expect(toReply(request, { verdicts })).toEqual({
    text: "Decided",
    extension: {
      uri: URI,
      value: {
        type: "tool_approval_response",
        approvals: [
          { id: "a", approved: true },
          { id: "b", approved: false, rejection_reason: "Too risky" },
        ],
      },
    },
  });
});

test("a question that is not answered is answered with the reason", () => {
  const request = requestOf("hitl-v1", questions("q", "Which?", "Why?"));
  const reply = toReply(request, { verdicts: [{ itemId: "q", approved: false, reason: "expired" }] });
  expect(reply.extension?.value).toEqual({
    type: "ask_user_response",
    id: "q",
    answers: [{ answer: ["(no answer: expired)"] }, { answer: ["(no answer: expired)"] }],
  });
});
