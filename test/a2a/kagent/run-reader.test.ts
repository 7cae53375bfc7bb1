import { expect, test } from "vitest";
import { readResult } from "../../../src/a2a/wire/codec.ts";
import type { WireEvent } from "../../../src/a2a/wire/model.ts";
import { readAll } from "../support/transcript.ts";

const ids = { taskId: "t", contextId: "c" };

function events(...results: readonly unknown[]): readonly WireEvent[] {
  return results.flatMap((result) => readResult(result) ?? []);
}

function said(parts: readonly unknown[], metadata: unknown = {}, state = "working") {
  const message = { role: "agent", messageId: `m-${JSON.stringify(parts)}`, parts };
  return { kind: "status-update", ...ids, final: false, metadata, status: { state, message } };
}

const call = (name: string, id: string, args: unknown) => ({
  kind: "data",
  data: { id, name, args },
  metadata: { adk_type: "function_call" },
});
const response = (name: string, id: string, value: unknown) => ({
  kind: "data",
  data: { id, name, response: value },
  metadata: { kagent_type: "function_response" },
});

test("tool calls are reported once, with their arguments, sub-agent and result", () => {
  const { turn } = readAll(
    events(
      said([call("kagent__NS__promql_agent", "c1", { request: "rate?" }), call("read", "c2", undefined)]),
      said([call("read", "c2", {}), response("read", "c2", { isError: true })]),
      said([
        response("kagent__NS__promql_agent", "c1", { status: "pending", waiting_for: "subagent_approval" }),
      ]),
      said([response("kagent__NS__promql_agent", "c1", { result: "5" })]),
      said([call("adk_request_confirmation", "adk-1", {}), response("other", "c3", { error: "no" })]),
    ),
  );
  expect(turn.output).toMatchObject([
    { call: { id: "c1", args: '{"request":"rate?"}', subagent: "kagent/promql-agent" }, ok: true },
    { call: { id: "c2", name: "read", args: "{}" }, ok: false },
  ]);
});

test("reasoning is never text", () => {
  const thought = { kind: "text", text: "hmm", metadata: { adk_thought: true } };
  const { turn } = readAll(
    events(
      said([thought], { adk_partial: true }),
      said([thought, { kind: "text", text: "Yes" }], { adk_partial: false }),
    ),
  );
  expect(turn.output).toMatchObject([{ kind: "text", text: "Yes" }]);
});

test("files of both shapes are handed on once; linked ones are a line of text", () => {
  const bytes = Buffer.from("png").toString("base64");
  const image = { kind: "file", file: { name: "a.png", mimeType: "image/png", bytes } };
  const { turn } = readAll(
    events(
      said([image]),
      { kind: "artifact-update", ...ids, lastChunk: true, artifact: { artifactId: "x", parts: [image] } },
      {
        artifactUpdate: {
          ...ids,
          artifact: { artifactId: "y", parts: [{ raw: "AA__", mediaType: "image/gif" }] },
        },
      },
      said([{ url: "https://example.com/b.pdf", filename: "b.pdf" }]),
    ),
  );
  expect(turn.files.map(({ name, mediaType }) => [name, mediaType])).toEqual([
    ["a.png", "image/png"],
    ["file.gif", "image/gif"],
  ]);
  expect(Buffer.from(turn.files[0]?.bytes ?? []).toString()).toBe("png");
  expect(turn.output).toMatchObject([
    { kind: "text", text: expect.stringContaining("b.pdf: https://example.com/b.pdf") },
  ]);
});

test("tokens of all model calls are added up, totals made where they are missing", () => {
  const text = (value: string) => [{ kind: "text", text: value }];
  const { turn } = readAll(
    events(
      said(text("a"), { adk_usage_metadata: { promptTokenCount: 10, candidatesTokenCount: 2 } }),
      said(text("b"), {
        kagent_usage_metadata: { promptTokenCount: 20.0, candidatesTokenCount: 3, totalTokenCount: 25 },
      }),
      said(text("b"), { kagent_usage_metadata: { promptTokenCount: 20 } }),
    ),
  );
  expect(turn.usage).toEqual({ inputTokens: 30, outputTokens: 5, totalTokens: 37 });
});

test("states, roles and shapes are read in every spelling", () => {
  const loose = events(
    {
      id: "t",
      contextId: "c",
      status: { state: "TASK_STATE_WORKING" },
      history: [{ role: "ROLE_USER", parts: [{ text: "why?" }] }],
    },
    {
      taskId: "t",
      status: {
        state: "working",
        message: { role: "assistant", parts: [{ type: "text", text: "Hello" }, 7, { kind: "new" }] },
      },
    },
    {
      taskId: "t",
      status: { state: "input_required", message: { role: "model", parts: [{ text: "Which one?" }] } },
    },
  );
  const { reader, turn } = readAll(loose);
  expect(reader.end).toEqual({ kind: "waiting", text: "Which one?" });
  expect(turn.output).toMatchObject([{ text: "Hello" }]);
  expect(
    readAll(events({ statusUpdate: { ...ids, status: { state: "cancelled" } } })).reader.end,
  ).toMatchObject({ outcome: "canceled" });
});

test("an agent that answers with a message alone is complete", () => {
  const { reader, turn } = readAll(events({ message: { role: "ROLE_AGENT", parts: [{ text: "Hi" }] } }));
  expect(reader.end).toMatchObject({ outcome: "completed" });
  expect(turn.output).toMatchObject([{ text: "Hi" }]);
});

test("a broken run keeps the words that its stored task lost", () => {
  const failed = { kind: "task", id: "t", contextId: "c", status: { state: "failed" } };
  const stored = { role: "agent", messageId: "m1", parts: [{ kind: "text", text: "First." }] };
  const { turn } = readAll(
    events(
      said([{ kind: "text", text: "First." }], { adk_partial: false }),
      said([{ kind: "text", text: "Secon" }], { adk_partial: true }),
      { ...failed, history: [stored] },
    ),
  );
  expect(turn.output).toMatchObject([{ text: "First." }, { text: "Secon" }]);
});

test("data that is neither call nor result is shown as it is, an empty object is not", () => {
  const { turn } = readAll(
    events(
      said([
        { kind: "data", data: { answer: 42 } },
        { kind: "data", data: {} },
      ]),
    ),
  );
  expect(turn.output).toMatchObject([{ text: '\n```json\n{\n  "answer": 42\n}\n```\n' }]);
});

test("a warning that came as an error is shown when the run completes with nothing else", () => {
  const warning = {
    role: "agent",
    messageId: "w",
    parts: [{ text: "Too long." }],
    metadata: { kagent_error_code: "MAX_TOKENS" },
  };
  const update = { kind: "status-update", ...ids };
  const { turn } = readAll(
    events(
      { ...update, status: { state: "working", message: warning } },
      { ...update, status: { state: "completed" } },
    ),
  );
  expect(turn.output).toMatchObject([{ text: "Too long." }]);
});
