import { createServer } from "node:net";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { BridgeError } from "../../src/conversation/errors.ts";
import { describeError } from "../../src/telemetry/error.ts";
import { PROXY_PASSWORD, startProxy } from "../network/local-proxy.ts";
import {
  agentRef,
  collect,
  type DirectorySettings,
  directoryFor,
  outgoing,
  patient,
} from "./support/asking.ts";
import { errorFrame, frame, json, rpcError, serve, stream } from "./support/server.ts";

async function refusal(
  url: string,
  settings: DirectorySettings = {},
  name = "k8s-agent",
): Promise<BridgeError> {
  const events = directoryFor(url, settings)
    .agent({ ...agentRef, name })
    .send(outgoing(), patient());
  const error = await collect(events).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BridgeError) return error;
  throw new Error("the message was taken");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

test("nobody listens: kagent is not reachable", async () => {
  const error = await refusal(`http://127.0.0.1:${await freePort()}`);
  expect(error.code).toBe("kagent-unreachable");
  expect(error.message).not.toContain("127.0.0.1");
});

test("where no TLS is spoken, or a proxy opens no tunnel, nothing was asked", async () => {
  const { url, calls } = await serve((_seen, response) => void response.end());
  const secure = url.replace("http:", "https:");
  expect((await refusal(secure)).code).toBe("kagent-unreachable");
  const proxy = await startProxy();
  proxy.answer(403);
  const refused = await refusal("https://kagent.example", { proxy: { https: proxy.url } });
  expect(refused.code).toBe("kagent-unreachable");
  expect(inspect(refused, { depth: 9 })).not.toContain(PROXY_PASSWORD);
  expect(calls).toEqual([]);
});

test.each([
  ["a status", 400],
  ["an RPC error", 200],
])(
  "%s that repeats the request keeps its words and its credentials out of the log",
  async (_what, status) => {
    const text = "MARKER why is checkout failing with connection refused: dial tcp?";
    const key = "MARKER-key-of-the-cluster";
    // The place where a log cuts long texts is in the middle of the key.
    const echo = `${"-".repeat(175)}${key} and ${JSON.stringify(text)}`;
    const { url } = await serve((_seen, response) => {
      if (status === 200) rpcError(response, -32602, echo);
      else json(response, { detail: echo }, status);
    });
    const events = directoryFor(url, { endpoint: { headers: { "x-key": key } } })
      .agent(agentRef)
      .send(outgoing({ text }), patient());
    const error = await collect(events).catch((reason: unknown) => reason);
    // What people said must not pass for what happened to the connection.
    expect(error).toMatchObject({ code: "agent-refused", cause: { name: "CallError" } });
    expect(JSON.stringify(describeError(error))).not.toContain("MARKER");
  },
);

test("a failed run that repeats the request keeps its words out of what is told", async () => {
  const text = "MARKER why is checkout failing?";
  const message = {
    role: "agent",
    messageId: "a",
    parts: [{ kind: "text", text: `content filter refused “${text}” for Bearer MARKER-token-of-ours` }],
  };
  const update = { kind: "status-update", taskId: "t-1", contextId: "ctx-1", final: true };
  const { url } = await serve((_seen, response) => {
    stream(response).end(frame({ ...update, status: { state: "failed", message } }));
  });
  const headers = { authorization: "Bearer MARKER-token-of-ours" };
  const events = directoryFor(url, { endpoint: { headers } })
    .agent(agentRef)
    .send(outgoing({ text }), patient());
  const over = (await collect(events)).at(-1);
  expect(over).toMatchObject({ kind: "over", text: "content filter refused “…” for …" });
  expect(JSON.stringify(describeError(over?.kind === "over" && over.error))).not.toContain("MARKER");
});

test("an unknown agent is named with the nearest that exist", async () => {
  const { url } = await serve((seen, response) => {
    const names = ["istio-agent", "k8s-agent", "k8s-agent-prod"];
    const data = names.map((name) => ({ agent: { metadata: { namespace: "kagent", name } } }));
    if (seen.path === "/api/agents") json(response, { error: false, data });
    else response.writeHead(404, { "content-type": "text/plain" }).end("Agent kagent/k8s-agnt not found\n");
  });
  const error = await refusal(url, {}, "k8s-agnt");
  expect(error.code).toBe("agent-unknown");
  expect(error.message).toContain("Did you mean `k8s-agent`");
});

test.each([
  [401, "Unauthorized", "kagent-unauthorized"],
  [403, "Forbidden", "kagent-unauthorized"],
  [413, "Request Entity Too Large", "agent-refused"],
  [429, "slow down", "agent-unreachable"],
  [302, "", "kagent-unreachable"],
  [400, "bad", "agent-refused"],
])("HTTP %i %s is %s, and nothing is asked again", async (status, body, code) => {
  const { url, calls } = await serve((_seen, response) => {
    response.writeHead(status, { location: "http://127.0.0.1:1/" }).end(body);
  });
  const error = await refusal(url);
  expect(error.code).toBe(code);
  expect(calls).toHaveLength(1);
});

test("an agent that nothing answers for is not ready", async () => {
  const message =
    'failed to send HTTP request: Post "http://down.kagent:8080": dial tcp 127.0.0.16:8080: connect: connection refused';
  const { url } = await serve((_seen, response) => {
    stream(response).end(errorFrame(-32603, message));
  });
  const error = await refusal(url, {}, "down-agent");
  expect(error.code).toBe("agent-not-ready");
  expect(error.message).toContain("`down-agent`");
  expect(error.message).not.toContain("8080");
});

test("an error of the agent hop ends the turn with a sentence, not with its code", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.method === "") response.writeHead(404).end();
    else stream(response).end(errorFrame(-32603, "failed to parse SSE data: json: cannot unmarshal object"));
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "failed", error: { code: "agent-refused" } });
});

test("a gateway error may have come after the message, so the run counts as lost", async () => {
  const { url, calls } = await serve((_seen, response) => {
    response.writeHead(504).end("gateway timeout");
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(events.at(-1)).toMatchObject({
    kind: "over",
    outcome: "lost",
    error: { code: "kagent-unreachable" },
  });
  expect(calls.filter(({ method }) => method === "message/stream")).toHaveLength(1);
});

test("the model's error is told once, without addresses, and not as text", async () => {
  const reason =
    'LLM error: STREAM_ERROR POST "http://10.0.0.1:9000/v1/chat": 429 Too Many Requests {"message":"Rate limit"}';
  const message = {
    role: "agent",
    messageId: "a",
    parts: [{ kind: "text", text: reason }],
    metadata: { adk_error_code: "E" },
  };
  const update = { kind: "status-update", taskId: "t-1", contextId: "ctx-1" };
  const { url } = await serve((_seen, response) => {
    stream(response).write(frame({ ...update, final: false, status: { state: "working", message } }));
    response.end(frame({ ...update, final: true, status: { state: "failed", message } }));
  });
  const events = await collect(directoryFor(url).agent(agentRef).send(outgoing(), patient()));
  expect(events.map(({ kind }) => kind)).toEqual(["task", "over"]);
  const over = events.at(-1);
  expect(over).toMatchObject({ outcome: "failed", error: { code: "agent-failed" } });
  expect(over?.kind === "over" && over.text).toContain("(address)");
  expect(over?.kind === "over" && over.error?.message).toContain("rate limit");
});

test("an event above the limit ends the turn", async () => {
  const { url } = await serve((_seen, response) => {
    stream(response).end(`data: ${"x".repeat(5000)}\n\n`);
  });
  const events = await collect(
    directoryFor(url, { limits: { maxEventBytes: 1000 } })
      .agent(agentRef)
      .send(outgoing(), patient()),
  );
  expect(events.at(-1)).toMatchObject({
    kind: "over",
    outcome: "failed",
    error: { code: "answer-too-large" },
  });
});

test("an answer to a plain call above the limit is not read to its end", async () => {
  const { url } = await serve((_seen, response) => {
    response.end(JSON.stringify({ data: "x".repeat(5000) }));
  });
  const error = await directoryFor(url, { limits: { maxBodyBytes: 1000 } })
    .list("default")
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "answer-too-large" });
});

test("bad parameters are a refusal", async () => {
  const { url } = await serve((_seen, response) => rpcError(response, -32602, "Invalid parameters"));
  expect((await refusal(url)).code).toBe("agent-refused");
});

test("an unknown cluster is named with those that exist", () => {
  const directory = directoryFor("http://127.0.0.1:1");
  expect(() => directory.agent({ ...agentRef, cluster: "prod" })).toThrow("I know `default`");
});
