import type { AgentFile, Outgoing } from "../../conversation/agent.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { PauseReply, WireEvent } from "./model.ts";
import {
  contextOf,
  extended,
  readArtifactUpdate,
  readMessage,
  readStatusUpdate,
  readTask,
} from "./shapes.ts";

/** JSON-RPC method names of A2A 0.3. */
export const methods = {
  stream: "message/stream",
  get: "tasks/get",
  cancel: "tasks/cancel",
  subscribe: "tasks/resubscribe",
} as const;

/** `params` of `message/stream`. Both ids go along when a paused task is continued: one alone loses the pause. */
export function sendParams(message: Outgoing, reply?: PauseReply): JsonObject {
  return {
    message: {
      kind: "message",
      messageId: message.messageId,
      role: "user",
      contextId: message.contextId,
      ...(message.taskId === undefined ? {} : { taskId: message.taskId }),
      parts: reply ? replyParts(reply) : promptParts(message),
      ...extended(message, reply),
    },
    metadata: {},
  };
}

function promptParts(message: Outgoing): readonly JsonObject[] {
  const isText = message.text !== "" || message.files.length === 0;
  return [...(isText ? [{ kind: "text", text: message.text }] : []), ...message.files.map(filePart)];
}

function replyParts({ data, text }: PauseReply): readonly JsonObject[] {
  return [...(data ? [{ kind: "data", data, metadata: {} }] : []), { kind: "text", text }];
}

function filePart(file: AgentFile): JsonObject {
  const bytes = Buffer.from(file.bytes).toString("base64");
  return { kind: "file", file: { name: file.name, mimeType: file.mediaType, bytes } };
}

/** A result told apart by `kind`, or by its members where a server leaves that out. */
export function readResult(value: unknown): WireEvent | undefined {
  if (!isObject(value)) return undefined;
  switch (value.kind) {
    case "status-update":
      return { kind: "status", update: readStatusUpdate(value) };
    case "artifact-update":
      return { kind: "artifact", update: readArtifactUpdate(value) };
    default:
      return inferred(value);
  }
}

function inferred(value: JsonObject): WireEvent | undefined {
  if (isObject(value.artifact)) return { kind: "artifact", update: readArtifactUpdate(value) };
  if (isObject(value.status) && value.taskId !== undefined && value.kind !== "task") {
    return { kind: "status", update: readStatusUpdate(value) };
  }
  const task = readTask(value);
  if (task) return { kind: "task", task };
  const message = Array.isArray(value.parts) ? readMessage(value) : undefined;
  return message ? { kind: "message", message, contextId: contextOf(value) } : undefined;
}
