import { randomUUID } from "node:crypto";
import { placeholderOf } from "./confirmation.ts";
import { hitlExtension, oneHint, requestPayload } from "./confirmation-v1-0.ts";
import { isPython } from "./dialect.ts";
import { appName, type Encoder, type EncoderSetting, openTurn, pythonName, toolResponse } from "./encoder.ts";
import type { JsonObject } from "./json.ts";

/**
 * Runtimes that speak 1.0: one artifact a model turn and a tool event. Deltas append to it, the whole turn replaces it with
 * `lastChunk`, and nothing is repeated. Keys that would be false are absent.
 */
export function createV10Encoder(setting: EncoderSetting): Encoder {
  const { dialect, taskId, contextId, userId } = setting;
  const python = isPython(dialect);
  const turn = openTurn();
  let artifactId: string | undefined;

  const base: JsonObject = {
    adk_app_name: appName(setting.namespace, setting.agent),
    adk_session_id: contextId,
    adk_user_id: userId,
  };
  const running: JsonObject = {
    ...base,
    adk_author: pythonName(setting.agent),
    adk_invocation_id: turn.invocation,
  };
  const status = (state: string, message?: JsonObject, metadata: JsonObject = base): JsonObject => ({
    statusUpdate: {
      contextId,
      status: {
        state: `TASK_STATE_${state}`,
        timestamp: new Date().toISOString(),
        ...(message ? { message } : {}),
      },
      taskId,
      ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    },
  });
  const message = (parts: readonly JsonObject[], extra: JsonObject = {}): JsonObject => ({
    messageId: randomUUID(),
    contextId,
    taskId,
    role: "ROLE_AGENT",
    parts: [...parts],
    ...extra,
  });
  const artifact = (id: string, parts: readonly JsonObject[], flags: JsonObject, extra: JsonObject = {}) => ({
    artifactUpdate: {
      ...flags,
      artifact: { artifactId: id, metadata: { ...running, ...extra }, parts: [...parts] },
      contextId,
      taskId,
    },
  });
  const dataPart = (type: string, data: JsonObject): JsonObject => {
    const long = type === "function_call" && !python ? { adk_is_long_running: false } : {};
    return { data, metadata: { adk_type: type, ...long } };
  };

  const flush = (calls: readonly JsonObject[] = []): JsonObject[] => {
    const parts: JsonObject[] = [
      ...(turn.text === "" ? [] : [{ text: turn.text }]),
      ...turn.files.map(({ name, mimeType, bytes }) => ({ raw: bytes, mediaType: mimeType, filename: name })),
      ...calls,
    ];
    const id = artifactId ?? randomUUID();
    const used = turn.usage ? { adk_usage_metadata: turn.usage } : {};
    artifactId = undefined;
    turn.text = "";
    turn.files = [];
    turn.usage = undefined;
    return parts.length === 0 ? [] : [artifact(id, parts, { lastChunk: true }, used)];
  };
  /** Python says once more that it works, in a message without parts, before it pauses or ends. */
  const hollow = (): JsonObject[] =>
    python ? [status("WORKING", { messageId: randomUUID(), role: "ROLE_AGENT", metadata: running })] : [];

  return {
    begin(prompt) {
      const said = { ...prompt, contextId, role: "ROLE_USER" };
      const submitted = { id: taskId, contextId, history: [said], status: { state: "TASK_STATE_SUBMITTED" } };
      return [{ task: submitted }, status("WORKING")];
    },
    resume(reply, echoed) {
      const said = { ...reply, contextId, role: "ROLE_USER" };
      return [...(echoed && !python ? [status("WORKING", said, {})] : []), status("WORKING")];
    },
    delta(text) {
      turn.text += text;
      if (!setting.stream) return [];
      const first = artifactId === undefined;
      artifactId ??= randomUUID();
      return [artifact(artifactId, [{ text }], first ? {} : { append: true })];
    },
    thought: (text) => [
      artifact(randomUUID(), [{ text, metadata: { adk_thought: true } }], { lastChunk: true }),
    ],
    file: (file) => {
      turn.files.push(file);
    },
    usage(prompt, candidates) {
      turn.usage = {
        promptTokenCount: prompt,
        candidatesTokenCount: candidates,
        totalTokenCount: prompt + candidates,
      };
    },
    calls: (calls) => flush(calls.map(({ id, name, args }) => dataPart("function_call", { id, name, args }))),
    results(results) {
      const parts = results.map((result) =>
        dataPart("function_response", {
          id: result.id,
          name: result.name,
          response: toolResponse(python, result),
        }),
      );
      return [...flush(), artifact(randomUUID(), parts, { lastChunk: true })];
    },
    pause(text, confirmations, hitl) {
      const placeholders = confirmations.map((one) =>
        dataPart("function_response", {
          id: one.call.id,
          name: one.call.name,
          response: placeholderOf(one, !python, true),
        }),
      );
      const told = placeholders.length > 0 ? [artifact(randomUUID(), placeholders, { lastChunk: true })] : [];
      const hint = python && !hitl ? "Human input is required before the agent can continue." : undefined;
      const words = text === "" ? (hint ?? oneHint(confirmations, python)) : text;
      const request = () => ({
        extensions: [hitlExtension],
        metadata: { [hitlExtension]: requestPayload(confirmations, python) },
      });
      const said = message([{ text: words }], hitl && confirmations.length > 0 ? request() : {});
      return [...flush(), ...hollow(), ...told, status("INPUT_REQUIRED", said, python ? base : {})];
    },
    fail: (text, code) => {
      const part = python ? { text } : { text, metadata: { adk_is_error_message: true } };
      return [...hollow(), status("FAILED", message([part]), { ...base, adk_error_code: code })];
    },
    reject: (text) => [status("FAILED", message([{ text }]), {})],
    askAgain: () => [
      status(
        "INPUT_REQUIRED",
        message([{ text: "It was not provided a function response for the function call." }]),
      ),
    ],
    canceled: () => {
      const words = {
        messageId: randomUUID(),
        role: "ROLE_AGENT",
        parts: [{ text: "A2A request execution was cancelled." }],
      };
      const canceled = status("CANCELED", undefined, {});
      return python ? [canceled, status("FAILED", words, {})] : [canceled];
    },
    end: () => [...flush(), ...hollow(), status("COMPLETED")],
  };
}
