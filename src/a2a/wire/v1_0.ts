import type { AgentFile, Outgoing } from "../../conversation/agent.ts";
import { isObject, type JsonObject, objectAt } from "./json.ts";
import type { PauseReply, WireEvent } from "./model.ts";
import {
  contextOf,
  extended,
  readArtifactUpdate,
  readMessage,
  readStatusUpdate,
  readTask,
} from "./shapes.ts";

/** JSON-RPC method names of A2A 1.0. */
export const methods = {
  stream: "SendStreamingMessage",
  get: "GetTask",
  cancel: "CancelTask",
  subscribe: "SubscribeToTask",
} as const;

/** `params` of `SendStreamingMessage`. */
export function sendParams(message: Outgoing, reply?: PauseReply): JsonObject {
  return {
    message: {
      messageId: message.messageId,
      role: "ROLE_USER",
      contextId: message.contextId,
      ...(message.taskId === undefined ? {} : { taskId: message.taskId }),
      parts: reply ? replyParts(reply) : promptParts(message),
      ...extended(message, reply),
    },
  };
}

function promptParts(message: Outgoing): readonly JsonObject[] {
  const isText = message.text !== "" || message.files.length === 0;
  return [...(isText ? [{ text: message.text }] : []), ...message.files.map(filePart)];
}

function replyParts({ data, text }: PauseReply): readonly JsonObject[] {
  return [...(data ? [{ data }] : []), { text }];
}

function filePart(file: AgentFile): JsonObject {
  const raw = Buffer.from(file.bytes).toString("base64");
  return { raw, mediaType: file.mediaType, filename: file.name };
}

/** A result in its wrapper (`task`, `message`, `statusUpdate`, `artifactUpdate`); undefined when it has none. */
export function readResult(value: JsonObject): WireEvent | undefined {
  const artifact = objectAt(value, "artifactUpdate");
  if (artifact) return { kind: "artifact", update: readArtifactUpdate(artifact) };
  const status = objectAt(value, "statusUpdate");
  if (status) return { kind: "status", update: readStatusUpdate(status) };
  const task = isObject(value.task) ? readTask(value.task) : undefined;
  if (task) return { kind: "task", task };
  const wrapped = value.parts === undefined ? objectAt(value, "message") : undefined;
  const message = readMessage(wrapped);
  return wrapped && message ? { kind: "message", message, contextId: contextOf(wrapped) } : undefined;
}
