import { expect, test } from "vitest";
import { agentRef, collect, directoryFor, outgoing, patient, taskRef } from "./support/asking.ts";
import { errorFrame, frame, result, rpcError, serve, stream } from "./support/server.ts";
import { answerText, turnOf } from "./support/transcript.ts";

const ids = { taskId: "t-1", contextId: "ctx-1" };

function status(state: string, text?: string, partial?: boolean) {
  const metadata = partial === undefined ? {} : { metadata: { adk_partial: partial } };
  const parts = [{ kind: "text", text }];
  const message =
    text === undefined ? {} : { message: { kind: "message", role: "agent", messageId: `a-${text}`, parts } };
  return {
    kind: "status-update",
    ...ids,
    ...metadata,
    final: state !== "working",
    status: { state, ...message },
  };
}

const task = (state: string, text = "Hello world") => ({
  kind: "task",
  id: "t-1",
  contextId: "ctx-1",
  status: { state },
  ...(state === "working" ? {} : { artifacts: [{ artifactId: "a", parts: [{ kind: "text", text }] }] }),
  history: [{ kind: "message", role: "user", messageId: "m-1", parts: [{ kind: "text", text: "why?" }] }],
});

test("a message is sent with its ids, identity, trace and extra headers, and without a version on 0.3", async () => {
  const { url, calls } = await serve((_seen, response) => {
    stream(response).end(frame(status("completed")));
  });
  const directory = directoryFor(url, { endpoint: { headers: { Authorization: "Bearer secret" } } });
  await collect(directory.agent(agentRef).send(outgoing({ userId: "discord-ä" }), patient()));
  const [call] = calls;
  expect(call).toMatchObject({
    path: "/api/a2a/kagent/k8s-agent/",
    method: "message/stream",
    headers: {
      authorization: "Bearer secret",
      "x-user-id": "discord-%C3%A4",
      traceparent: outgoing().traceparent,
    },
    params: {
      message: {
        messageId: "m-1",
        contextId: "ctx-1",
        role: "user",
        parts: [{ kind: "text", text: "why?" }],
      },
    },
  });
  expect(call?.headers["a2a-version"]).toBeUndefined();
  expect(call?.headers["accept-encoding"]).toBe("identity");
});

test("a stream that breaks is subscribed again and settled by the stored task", async () => {
  const { url, calls } = await serve((seen, response) => {
    if (seen.method === "message/stream") {
      stream(response).write(frame(status("working", "Hel", true)));
      setTimeout(() => response.destroy(), 20);
    }
    if (seen.method === "tasks/resubscribe") {
      // Deltas after the gap are missing pieces; only the full message is whole.
      stream(response).end(
        frame(status("working", "rld", true)) + frame(status("working", "Hello world", false)),
      );
    }
    if (seen.method === "tasks/get") result(response, task("completed"));
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(calls.map(({ method }) => method)).toEqual(["message/stream", "tasks/resubscribe", "tasks/get"]);
  expect(events.filter(({ kind }) => kind === "connection")).toEqual([
    { kind: "connection", connected: false },
    { kind: "connection", connected: true },
    { kind: "connection", connected: false },
  ]);
  expect(answerText(turnOf(events))).toBe("Hello world");
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test("the three-minute cut is an error event after which the run goes on", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.method === "message/stream") {
      stream(response).end(
        frame(status("working", "Hel", true)) +
          errorFrame(-32603, "SSE stream error: context deadline exceeded"),
      );
    }
    if (seen.method === "tasks/resubscribe") {
      stream(response).end(frame(status("working", "Hello world", false)) + frame(status("completed")));
    }
    if (seen.method === "tasks/get") result(response, task("completed"));
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(answerText(turnOf(events))).toBe("Hello world");
  expect(turnOf(events).state).toBe("completed");
});

test("a stored task that still works is asked again until it is over", async () => {
  const states = ["working", "working", "completed"];
  const { url } = await serve((seen, response) => {
    if (seen.method === "message/stream") stream(response).end(frame(status("working", "Hel", true)));
    if (seen.method === "tasks/resubscribe") rpcError(response, -32001, "Task not found");
    if (seen.method === "tasks/get") result(response, task(states.shift() ?? "completed"));
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(answerText(turnOf(events))).toBe("Hello world");
  expect(states).toEqual([]);
});

test("a message whose answer never began is found by its id and not sent again", async () => {
  const { url, calls } = await serve((seen, response) => {
    if (seen.method === "message/stream") response.destroy();
    if (seen.path === "/api/sessions/ctx-1/tasks") {
      response.end(
        JSON.stringify({
          error: false,
          data: [{ ...task("completed", "old"), id: "t-0", history: [] }, task("working")],
        }),
      );
    }
    if (seen.method === "tasks/resubscribe") rpcError(response, -32603, "failed to parse SSE data");
    if (seen.method === "tasks/get") result(response, task("completed"));
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(calls.filter(({ method }) => method === "message/stream")).toHaveLength(1);
  expect(turnOf(events)).toMatchObject({ taskId: "t-1", state: "completed" });
  expect(answerText(turnOf(events))).toBe("Hello world");
});

test("a message that nobody can find again ends as lost, without being sent again", async () => {
  const { url, calls } = await serve((seen, response) => {
    if (seen.method === "message/stream") response.destroy();
    else response.writeHead(404).end('{"error":"Session not found"}');
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(calls.filter(({ method }) => method === "message/stream")).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({
    kind: "over",
    outcome: "lost",
    error: { code: "agent-unreachable" },
  });
});

test("a stream of zero bytes is a refusal", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.method === "message/stream") stream(response).end();
    else response.writeHead(404).end();
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "failed", error: { code: "agent-refused" } });
});

test("an empty run of Python behind a controller ends at once", async () => {
  const mark = { ...status("working"), final: false, metadata: { kagent_invocation_id: "e-1" } };
  const { url } = await serve((seen, response) => {
    if (seen.method === "message/stream") stream(response).end(frame(mark));
    if (seen.method === "tasks/get") result(response, task("working"));
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test("a task that nothing moves is given up after the silence, canceled where that works", async () => {
  const { url, calls } = await serve((seen, response) => {
    if (seen.method === "message/stream") stream(response).end(frame(status("working", "Hel", true)));
    if (seen.method === "tasks/resubscribe") rpcError(response, -32603, "failed to parse SSE data");
    if (seen.method === "tasks/get") result(response, task("working"));
    if (seen.method === "tasks/cancel") result(response, task("canceled"));
  });
  const directory = directoryFor(url, { limits: { silenceMs: 20_000 } });
  const events = await collect(directory.agent(agentRef).send(outgoing(), patient()));
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "lost", error: { code: "agent-lost" } });
  expect(calls.at(-1)?.method).toBe("tasks/cancel");
  expect(answerText(turnOf(events))).toBe("Hel");
});

test("an agent that was away and came back has lost its run", async () => {
  const answers = ["dial tcp 10.0.0.1:8080: connect: connection refused"];
  const { url } = await serve((seen, response) => {
    if (seen.method === "message/stream") {
      stream(response).end(
        frame(status("working", "Hel", true)) + errorFrame(-32603, "SSE stream error: unexpected EOF"),
      );
    }
    if (seen.path.startsWith("/api/sessions")) response.writeHead(404).end();
    if (seen.method === "tasks/resubscribe") rpcError(response, -32603, "failed to parse SSE data");
    if (seen.method === "tasks/cancel") rpcError(response, -32603, "Cancellation is not supported");
    if (seen.method !== "tasks/get") return;
    const away = answers.shift();
    if (away) rpcError(response, -32603, away);
    else result(response, task("working"));
  });
  const directory = directoryFor(url, { limits: { restartSilenceMs: 2_000 } });
  const events = await collect(directory.agent(agentRef).send(outgoing(), patient()));
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "lost" });
});

test("a silent stream is left when the stored task is over", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.method === "message/stream") stream(response).write(frame(status("working", "Hel", true)));
    if (seen.method === "tasks/get") result(response, task("completed"));
    if (seen.method === "tasks/resubscribe") rpcError(response, -32001, "Task not found");
  });
  const directory = directoryFor(url, { limits: { idleMs: 5_000 } });
  const events = await collect(directory.agent(agentRef).send(outgoing(), patient()));
  expect(answerText(turnOf(events))).toBe("Hello world");
});

test("a silent stream is kept while the task works", async () => {
  const { url, calls } = await serve((seen, response) => {
    if (seen.method === "message/stream") {
      stream(response).write(frame(status("working", "Hel", true)));
      setTimeout(
        () => response.end(frame(status("working", "Hello", false)) + frame(status("completed"))),
        300,
      );
    }
    if (seen.method === "tasks/get") result(response, task("working"));
  });
  const directory = directoryFor(url, { limits: { idleMs: 5_000 } });
  const events = await collect(directory.agent(agentRef).send(outgoing(), patient()));
  expect(answerText(turnOf(events))).toBe("Hello");
  expect(calls.filter(({ method }) => method === "tasks/get").length).toBeGreaterThan(1);
  expect(events.some(({ kind }) => kind === "connection")).toBe(false);
});

test("aborting ends reading without an event", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.method === "message/stream") stream(response).write(frame(status("working", "Hel", true)));
  });
  const abort = new AbortController();
  const kinds: string[] = [];
  for await (const event of directoryFor(url).agent(agentRef).send(outgoing(), abort.signal)) {
    kinds.push(event.kind);
    if (event.kind === "text") abort.abort();
  }
  expect(kinds).toEqual(["task", "text"]);
});

test("a run is followed from its stored task after a restart", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.method === "tasks/get") result(response, task("completed"));
  });
  const events = await collect(directoryFor(url).agent(agentRef).follow(taskRef("t-1"), patient()));
  expect(answerText(turnOf(events))).toBe("Hello world");
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
});

test("a task that neither its agent nor the store knows any more is lost", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.method === "") response.writeHead(404).end();
    else rpcError(response, -32001, "Task not found");
  });
  const events = await collect(directoryFor(url).agent(agentRef).follow(taskRef("t-1"), patient()));
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "lost" });
});
