import { expect, test } from "vitest";
import type { AgentEvent, Outgoing } from "../../src/conversation/agent.ts";
import type { InputRequest } from "../../src/conversation/approval.ts";
import { agentRef, collect, directoryFor, outgoing, patient } from "./support/asking.ts";
import { operation, requestOf } from "./support/requests.ts";
import { errorFrame, frame, type Handler, json, result, rpcError, serve, stream } from "./support/server.ts";
import { answerText, turnOf } from "./support/transcript.ts";

const URI = "https://kagent.dev/extensions/hitl/v1";
const MINUTE = 60_000;

const request = requestOf("decision", operation("call_1"));
const decision = { verdicts: [{ itemId: "call_1", approved: true }] };

function replying(changes: Partial<Outgoing> = {}): Outgoing {
  return outgoing({ messageId: "d-1", taskId: "t-1", text: "", reply: { request, decision }, ...changes });
}

function pause(callId: string) {
  const call = { id: callId, name: "scale_thing", args: {} };
  const data = {
    id: `adk-${callId}`,
    name: "adk_request_confirmation",
    args: { originalFunctionCall: call },
  };
  return {
    kind: "message",
    role: "agent",
    parts: [{ kind: "data", data, metadata: { kagent_type: "function_call" } }],
  };
}

function task(state: string, changes: object = {}) {
  return { kind: "task", id: "t-1", contextId: "ctx-1", status: { state, ...changes } };
}

const paused = task("input-required", { message: pause("call_1") });
const completed = {
  ...task("completed"),
  artifacts: [{ artifactId: "a", parts: [{ kind: "text", text: "Scaled." }] }],
};

function status(state: string, message?: object) {
  return frame({
    kind: "status-update",
    taskId: "t-1",
    contextId: "ctx-1",
    final: state !== "working",
    status: { state, ...(message ? { message } : {}) },
  });
}

function text(words: string) {
  return { kind: "message", messageId: words, role: "agent", parts: [{ kind: "text", text: words }] };
}

/** Answers a decision with `send`, reads of the task with each of `tasks` in order, and has no stream to resume. */
function agentWith(send: Handler, ...tasks: readonly object[]): Handler {
  let reads = 0;
  return (seen, response) => {
    if (seen.method === "") return json(response, "no such page", 404);
    if (/stream|SendStreaming/.test(seen.method)) return send(seen, response);
    if (!/get/i.test(seen.method)) return rpcError(response, -32001, "Task not found");
    const now = tasks[Math.min(reads, tasks.length - 1)];
    reads += 1;
    return now ? result(response, now) : rpcError(response, -32603, "EOF");
  };
}

async function reply(handler: Handler, message = replying(), protocol: "0.3" | "1.0" = "0.3") {
  const { url, calls } = await serve(handler);
  const directory = directoryFor(url, { endpoint: { protocol }, limits: { silenceMs: MINUTE } });
  const events: AgentEvent[] = [];
  const run = directory.agent(agentRef).send(message, patient());
  const error = await collect(run)
    .then((all) => void events.push(...all))
    .catch((thrown: unknown) => thrown);
  return { events, error, calls, sent: calls.filter(({ method }) => /stream|SendStreaming/.test(method)) };
}

const cut: Handler = (_, response) => void stream(response).write(": ping\n\n", () => response.destroy());

test("a decision leaves with task, context and user, and its continuation is read", async () => {
  const { events, sent } = await reply((_, response) => {
    // Go repeats our own message first.
    const echo = { ...text("Approved"), role: "user" };
    stream(response).end(status("working", echo) + status("working", text("Scaled.")) + status("completed"));
  });
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers).toMatchObject({ "x-user-id": "discord-1" });
  expect(sent[0]?.params).toEqual({
    message: {
      kind: "message",
      messageId: "d-1",
      role: "user",
      taskId: "t-1",
      contextId: "ctx-1",
      parts: [
        {
          kind: "data",
          data: { decision_type: "batch", decisions: { call_1: "approve" } },
          metadata: {},
        },
        { kind: "text", text: "Approved" },
      ],
      metadata: {},
    },
    metadata: {},
  });
  expect(answerText(turnOf(events))).toBe("Scaled.");
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test("on hitl/v1 a decision is metadata of the extension, with its address and the opt-in", async () => {
  const v1: InputRequest = requestOf("hitl-v1", operation("adk-1", { callId: "call_1" }));
  const approved = { verdicts: [{ itemId: "adk-1", approved: true }] };
  const message = replying({ reply: { request: v1, decision: approved } });
  const done = {
    statusUpdate: { taskId: "t-1", contextId: "ctx-1", status: { state: "TASK_STATE_COMPLETED" } },
  };
  const { sent } = await reply((_, response) => void stream(response).end(frame(done)), message, "1.0");
  expect(sent[0]?.headers).toMatchObject({ "a2a-version": "1.0", "a2a-extensions": URI });
  expect(sent[0]?.params).toEqual({
    message: {
      messageId: "d-1",
      role: "ROLE_USER",
      taskId: "t-1",
      contextId: "ctx-1",
      parts: [{ text: "Approved" }],
      extensions: [URI],
      metadata: { [URI]: { type: "tool_approval_response", approvals: [{ id: "adk-1", approved: true }] } },
    },
  });
});

test("a decision that does not fit its pause never leaves", async () => {
  const verdicts = [{ itemId: "another", approved: true }];
  const { error, calls } = await reply(cut, replying({ reply: { request, decision: { verdicts } } }));
  expect(error).toMatchObject({ name: "BridgeError", code: "internal" });
  expect(calls).toEqual([]);
});

test("a decision whose answer is lost is read from the task as soon as it moves, and sent once", async () => {
  const { events, sent } = await reply(agentWith(cut, paused, paused, completed));
  expect(sent).toHaveLength(1);
  expect(answerText(turnOf(events))).toBe("Scaled.");
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test("a task that goes on showing the same pause ends with that pause, and nothing is sent again", async () => {
  const { events, sent, calls } = await reply(agentWith(cut, paused));
  expect(sent).toHaveLength(1);
  const seen = { ...request, items: [{ ...operation("call_1") }] };
  expect(events.at(-1)).toMatchObject({ kind: "waiting", request: seen });
  expect(events.filter(({ kind }) => kind === "waiting" || kind === "over")).toHaveLength(1);
  // A paused task has no stream to resume; one of the runtimes would keep such a call open for ever.
  expect(calls.some(({ method }) => /subscribe/i.test(method))).toBe(false);
});

test("a task that is working again after a lost answer is followed to its end", async () => {
  const { events } = await reply(agentWith(cut, paused, task("working"), completed));
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test("another pause after a lost answer is a new one", async () => {
  const next = task("input-required", { message: pause("call_2") });
  const { events } = await reply(agentWith(cut, paused, next));
  const last = events.at(-1);
  expect(last?.kind === "waiting" && last.request?.items).toMatchObject([{ id: "call_2" }]);
});

test.each([
  [-32603, "task execution is already in progress"],
  [-32603, "failed to parse SSE data: json: cannot unmarshal object into Go struct field Error.error.data"],
  [-32602, "Task t-1 is in terminal state: completed"],
  [-32001, "Task t-1 was specified but does not exist"],
])("after the error %i “%s” the task tells what became of the decision", async (code, message) => {
  const refuse: Handler = (_, response) => void stream(response).end(errorFrame(code, message));
  const { events, sent } = await reply(agentWith(refuse, completed));
  expect(sent).toHaveLength(1);
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test.each([
  'failed to send HTTP request: Post "http://a.b:8080": dial tcp 10.0.0.1:8080: connect: connection refused',
  "dial tcp: lookup a.b: no such host",
])("an agent that nobody could connect to has surely not got the decision: %s", async (message) => {
  const away: Handler = (_, response) => void stream(response).end(errorFrame(-32603, message));
  const { error, sent } = await reply(agentWith(away, paused));
  expect(error).toMatchObject({ name: "BridgeError", code: "agent-not-ready" });
  expect(sent).toHaveLength(1);
});

test("a refused HTTP request is surely no decision, a broken one may be", async () => {
  const refused = await reply(agentWith((_, response) => json(response, "Unauthorized", 401), paused));
  expect(refused.error).toMatchObject({ code: "kagent-unauthorized" });
  const broken = await reply(agentWith((_, response) => json(response, "bad gateway", 502), paused));
  expect(broken.error).toBeUndefined();
  expect(broken.events.at(-1)).toMatchObject({ kind: "waiting", request: { taskId: "t-1" } });
});

test("the old pause in the stream of the decision is no news", async () => {
  const { events } = await reply((_, response) => {
    const again = status("input-required", pause("call_1"));
    stream(response).end(again + status("working", text("Scaled.")) + status("completed"));
  });
  expect(answerText(turnOf(events))).toBe("Scaled.");
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test("an agent that stays away leaves the decision in doubt, and its task alone", async () => {
  const { events, calls } = await reply(agentWith(cut));
  expect(events.at(-1)).toMatchObject({ kind: "waiting", request: { items: [{ id: "call_1" }] } });
  expect(calls.some(({ method }) => /cancel/i.test(method))).toBe(false);
});
