import { randomUUID } from "node:crypto";
import { isPython } from "./dialect.ts";
import {
  appName,
  approvalHint,
  type Encoder,
  type EncoderSetting,
  openTurn,
  pythonName,
  toolResponse,
} from "./encoder.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ToolCall } from "./script.ts";

/**
 * Released runtimes: text comes as deltas in status updates, then as a whole message together with the calls of that
 * model turn, and the last one again as the artifact. Python and Go differ in the prefix of the metadata keys, in the
 * partial flag of whole messages (false or null; absent) and in how they report failures.
 */
export function createV03Encoder(setting: EncoderSetting): Encoder {
  const { dialect, taskId, contextId, userId } = setting;
  const python = isPython(dialect);
  const prefix = python ? "kagent_" : "adk_";
  const turn = openTurn();
  let lastParts: readonly JsonObject[] = [];
  let lastUsage: JsonObject | undefined;

  const base: JsonObject = {
    [`${prefix}app_name`]: appName(setting.namespace, setting.agent),
    [`${prefix}user_id`]: userId,
    [`${prefix}session_id`]: contextId,
  };
  const running: JsonObject = {
    ...base,
    [`${prefix}invocation_id`]: turn.invocation,
    [`${prefix}author`]: pythonName(setting.agent),
  };
  const wholeFlag: JsonObject = python ? { kagent_adk_partial: setting.stream ? false : null } : {};
  const deltaMetadata: JsonObject = { [`${prefix}${python ? "adk_" : ""}partial`]: true, ...running };
  const resultFlag: JsonObject = python ? { kagent_adk_partial: null } : {};

  const status = (state: string, message?: JsonObject, metadata?: JsonObject): JsonObject => ({
    kind: "status-update",
    taskId,
    contextId,
    // Controllers compute the flag again from the state; an empty Python run calls itself final at the agent only.
    final: state === "input-required" || ["completed", "failed", "canceled"].includes(state),
    status: { state, timestamp: new Date().toISOString(), ...(message ? { message } : {}) },
    ...(metadata ? { metadata } : {}),
  });
  const message = (parts: readonly JsonObject[], metadata: JsonObject, messageId: string = randomUUID()) => ({
    kind: "message",
    messageId,
    role: "agent",
    taskId,
    contextId,
    parts: [...parts],
    metadata,
  });
  const working = (parts: readonly JsonObject[], flag: JsonObject, extra: JsonObject = {}) => {
    const metadata = { ...flag, ...running, ...extra };
    return status("working", message(parts, metadata), metadata);
  };
  const dataPart = (kind: string, data: JsonObject, long?: boolean): JsonObject => ({
    kind: "data",
    data,
    metadata: {
      [`${prefix}type`]: kind,
      ...(long === undefined ? {} : { [`${prefix}is_long_running`]: long }),
    },
  });

  /** Closes the open model turn: its whole text, its files and `calls` in one message. */
  const flush = (calls: readonly JsonObject[] = []): JsonObject[] => {
    const parts: JsonObject[] = [
      ...(turn.text === "" ? [] : [textPart(turn.text)]),
      ...turn.files.map(({ name, mimeType, bytes }) => ({ kind: "file", file: { name, mimeType, bytes } })),
      ...calls,
    ];
    const used = turn.usage;
    turn.text = "";
    turn.files = [];
    turn.usage = undefined;
    if (parts.length === 0) return [];
    lastParts = parts;
    lastUsage = used ?? lastUsage;
    return [working(parts, wholeFlag, used ? { [`${prefix}usage_metadata`]: used } : {})];
  };
  const functionCall = ({ id, name, args }: ToolCall) => dataPart("function_call", { id, name, args });
  const endMetadata = (): JsonObject => ({
    ...base,
    [`${prefix}invocation_id`]: turn.invocation,
    ...(python && lastUsage ? { kagent_usage_metadata: lastUsage } : {}),
  });

  return {
    begin: (prompt, resumed) => {
      const echo = python ? { ...prompt, taskId, contextId } : { ...prompt, contextId };
      if (!resumed) return [status("submitted", echo), status("working", undefined, base)];
      return python
        ? [status("working", undefined, base)]
        : [status("working", echo), status("working", undefined, base)];
    },
    delta(text) {
      turn.text += text;
      if (!setting.stream) return [];
      return [status("working", message([textPart(text)], deltaMetadata), deltaMetadata)];
    },
    thought: (text) => [
      working([{ ...textPart(text), metadata: { [`${prefix}thought`]: true } }], python ? resultFlag : {}),
    ],
    file: (file) => {
      turn.files.push(file);
    },
    usage(prompt, candidates) {
      const tokens = { promptTokenCount: prompt, candidatesTokenCount: candidates };
      turn.usage = python ? { ...tokens, totalTokenCount: prompt + candidates } : tokens;
    },
    calls: (calls) => flush(calls.map(functionCall)),
    results(results) {
      const parts = results.map((result) =>
        dataPart("function_response", {
          id: result.id,
          name: result.name,
          response: toolResponse(python, result),
        }),
      );
      lastParts = parts;
      return [...flush(), working(parts, resultFlag)];
    },
    pause(text, call) {
      const before = flush(call ? [functionCall(call)] : []);
      const confirmation = call ? [dataPart("function_call", confirmationOf(call, python), true)] : [];
      const said = message(
        [...(text === "" ? [] : [textPart(text)]), ...confirmation],
        python ? running : {},
      );
      const placeholder = call
        ? dataPart("function_response", {
            id: call.id,
            name: call.name,
            response: { status: "confirmation_requested", tool: call.name },
          })
        : undefined;
      const announced = python
        ? [status("working", said, { ...resultFlag, ...running })]
        : placeholder
          ? [working([placeholder], {})]
          : [];
      return [...before, ...announced, status("input-required", said, endMetadata())];
    },
    fail(text, code) {
      const metadata = { ...running, [`${prefix}error_code`]: code };
      const said = message([textPart(text)], metadata);
      const first = python ? [status("working", said, { ...resultFlag, ...metadata })] : [];
      return [...first, status("failed", said, python ? endMetadata() : metadata)];
    },
    canceled: () => [status("canceled")],
    end() {
      const whole = flush();
      if (lastParts.length === 0 && python) {
        const ended = status("working", undefined, endMetadata());
        return [{ ...ended, final: dialect.through === "process" }];
      }
      const artifact: Json = { artifactId: randomUUID(), parts: [...lastParts] };
      const repeated = { kind: "artifact-update", taskId, contextId, lastChunk: true, artifact };
      return [
        ...whole,
        ...(lastParts.length > 0 ? [repeated] : []),
        status("completed", undefined, endMetadata()),
      ];
    },
  };
}

function textPart(text: string): JsonObject {
  return { kind: "text", text };
}

function confirmationOf(call: ToolCall, python: boolean): JsonObject {
  const { id, name, args } = call;
  const toolConfirmation = {
    hint: approvalHint(call),
    confirmed: false,
    ...(python ? {} : { payload: null }),
  };
  return {
    id: `adk-${randomUUID()}`,
    name: "adk_request_confirmation",
    args: { originalFunctionCall: { id, name, args }, toolConfirmation },
  };
}
