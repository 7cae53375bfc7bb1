import { randomUUID } from "node:crypto";
import { placeholderOf } from "./confirmation.ts";
import { confirmationData } from "./confirmation-v0-3.ts";
import { isPython } from "./dialect.ts";
import { appName, type Encoder, type EncoderSetting, openTurn, pythonName, toolResponse } from "./encoder.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ToolCall } from "./tool-call.ts";

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
  const message = (parts: readonly JsonObject[], metadata?: JsonObject): JsonObject => ({
    kind: "message",
    messageId: randomUUID(),
    role: "agent",
    taskId,
    contextId,
    parts: [...parts],
    ...(metadata ? { metadata } : {}),
  });
  const working = (parts: readonly JsonObject[], flag: JsonObject, extra: JsonObject = {}) => {
    const metadata = { ...flag, ...running, ...extra };
    return status("working", message(parts, metadata), metadata);
  };
  const dataPart = (kind: string, data: JsonObject, extra: JsonObject = {}): JsonObject => ({
    kind: "data",
    data,
    metadata: { [`${prefix}type`]: kind, ...extra },
  });
  const longRunning = (long: boolean): JsonObject => ({ [`${prefix}is_long_running`]: long });

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
  // Older Go versions tell the context of a sub-agent with the call, newer ones with its results.
  const tellsSession = setting.release?.startsWith("0.9") === true;
  const functionCall = ({ id, name, args }: ToolCall, session?: string) => {
    const known =
      session !== undefined && (python || tellsSession) ? { [`${prefix}subagent_session_id`]: session } : {};
    return dataPart("function_call", { id, name, args }, { ...(python ? {} : longRunning(false)), ...known });
  };
  const endMetadata = (): JsonObject => ({
    ...base,
    [`${prefix}invocation_id`]: turn.invocation,
    ...(python && lastUsage ? { kagent_usage_metadata: lastUsage } : {}),
  });

  return {
    begin: (prompt) => [
      status("submitted", { ...prompt, ...(python ? { taskId } : {}), contextId }),
      status("working", undefined, base),
    ],
    resume: (reply, echoed) => [
      ...(echoed && !python ? [status("working", { ...reply, contextId })] : []),
      status("working", undefined, base),
    ],
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
    calls: (calls, session) => flush(calls.map((call) => functionCall(call, session))),
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
    pause(text, confirmations) {
      const parts = confirmations.map((one) =>
        dataPart("function_call", confirmationData(one, python), longRunning(true)),
      );
      const words = text === "" ? [] : [textPart(text)];
      const said = message([...words, ...parts], python ? { ...resultFlag, ...running } : undefined);
      const placeholders = confirmations.map((one) =>
        dataPart("function_response", {
          id: one.call.id,
          name: one.call.name,
          response: placeholderOf(one, true, !tellsSession),
        }),
      );
      const announced = python
        ? [status("working", said, { ...resultFlag, ...running })]
        : placeholders.length > 0
          ? [working(placeholders, {})]
          : [];
      return [...flush(), ...announced, status("input-required", said, endMetadata())];
    },
    fail(text, code) {
      const metadata = { ...running, [`${prefix}error_code`]: code };
      const said = message([textPart(text)], metadata);
      const first = python ? [status("working", said, { ...resultFlag, ...metadata })] : [];
      return [...first, status("failed", said, python ? endMetadata() : metadata)];
    },
    reject: (text) => [status("failed", message([textPart(text)]))],
    askAgain: () => [],
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
