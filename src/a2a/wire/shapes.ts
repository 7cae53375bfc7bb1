import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "./json.ts";
import type {
  Artifact,
  ArtifactUpdate,
  Message,
  Part,
  PauseReply,
  StatusUpdate,
  Task,
  TaskState,
  WireFile,
} from "./model.ts";

// Both dialects and their misspellings are read by the same functions: servers mix them, and a part that cannot
// be read must not cost the rest of the stream.

/** A state in any spelling met in the wild: `TASK_STATE_INPUT_REQUIRED`, `input_required`, `cancelled`. */
function readState(value: unknown): TaskState {
  if (typeof value !== "string") return "unknown";
  return (
    STATES.get(value) ??
    STATES.get(
      value
        .toLowerCase()
        .replaceAll("_", "-")
        .replace(/^task-state-/, ""),
    ) ??
    "unknown"
  );
}

const STATES: ReadonlyMap<string, TaskState> = new Map([
  ["submitted", "submitted"],
  ["working", "working"],
  ["input-required", "input-required"],
  ["auth-required", "auth-required"],
  ["completed", "completed"],
  ["failed", "failed"],
  ["canceled", "canceled"],
  ["cancelled", "canceled"],
  ["rejected", "rejected"],
]);

/** A part of 0.1 to 1.0; undefined when it holds nothing that we know. */
function readPart(value: unknown): Part | undefined {
  if (!isObject(value)) return undefined;
  const metadata = objectAt(value, "metadata");
  const kept = metadata ? { metadata } : {};
  const { text, data } = value;
  if (typeof text === "string") return { kind: "text", text, ...kept };
  if (data !== undefined && data !== null) return { kind: "data", data, ...kept };
  const file = readFile(objectAt(value, "file") ?? value);
  return file ? { kind: "file", file, ...kept } : undefined;
}

function readFile(value: JsonObject): WireFile | undefined {
  const base64 = stringAt(value, "bytes", "raw", "fileWithBytes");
  const url = stringAt(value, "uri", "url", "fileWithUri");
  if (base64 === undefined && url === undefined) return undefined;
  const name = stringAt(value, "name", "filename");
  const mediaType = stringAt(value, "mimeType", "mediaType");
  return {
    ...(name === undefined ? {} : { name }),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(base64 === undefined ? {} : { base64 }),
    ...(url === undefined ? {} : { url }),
  };
}

function readParts(values: readonly unknown[]): readonly Part[] {
  const parts: Part[] = [];
  for (const value of values) {
    const part = readPart(value);
    if (part) parts.push(part);
  }
  return parts;
}

/** A message; undefined when the value is not an object. Every role that is not the user's is the agent's. */
export function readMessage(value: unknown): Message | undefined {
  if (!isObject(value)) return undefined;
  const role = value.role === "user" || value.role === "ROLE_USER" ? "user" : "agent";
  const messageId = stringAt(value, "messageId", "message_id");
  const metadata = objectAt(value, "metadata");
  const extensions = Array.isArray(value.extensions)
    ? value.extensions.filter((entry) => typeof entry === "string")
    : [];
  return {
    role,
    parts: readParts(arrayAt(value, "parts")),
    ...(messageId === undefined ? {} : { messageId }),
    ...(metadata ? { metadata } : {}),
    ...(extensions.length === 0 ? {} : { extensions }),
  };
}

/** An artifact, perhaps without parts. */
function readArtifact(value: JsonObject): Artifact {
  const artifactId = stringAt(value, "artifactId", "artifact_id");
  const metadata = objectAt(value, "metadata");
  return {
    parts: readParts(arrayAt(value, "parts")),
    ...(artifactId === undefined ? {} : { artifactId }),
    ...(metadata ? { metadata } : {}),
  };
}

/** A task object; undefined when it has neither id nor status. */
export function readTask(value: unknown): Task | undefined {
  if (!isObject(value)) return undefined;
  const status = objectAt(value, "status");
  const taskId = stringAt(value, "id", "taskId") ?? "";
  if (!status || taskId === "") return undefined;
  const metadata = objectAt(value, "metadata");
  const message = readMessage(status.message);
  const timestamp = stringAt(status, "timestamp");
  return {
    taskId,
    contextId: contextOf(value),
    state: readState(status.state),
    artifacts: arrayAt(value, "artifacts").filter(isObject).map(readArtifact),
    history: arrayAt(value, "history").flatMap((entry) => readMessage(entry) ?? []),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(message ? { message } : {}),
    ...(metadata ? { metadata } : {}),
  };
}

/** A status update of either dialect. */
export function readStatusUpdate(value: JsonObject): StatusUpdate {
  const status = objectAt(value, "status") ?? {};
  const message = readMessage(status.message);
  const metadata = objectAt(value, "metadata");
  return {
    taskId: taskOf(value),
    contextId: contextOf(value),
    state: readState(status.state),
    final: value.final === true,
    ...(message ? { message } : {}),
    ...(metadata ? { metadata } : {}),
  };
}

/** An artifact update of either dialect; false flags are often left out. */
export function readArtifactUpdate(value: JsonObject): ArtifactUpdate {
  const metadata = objectAt(value, "metadata");
  return {
    taskId: taskOf(value),
    contextId: contextOf(value),
    artifact: readArtifact(objectAt(value, "artifact") ?? {}),
    append: value.append === true,
    lastChunk: value.lastChunk === true || value.last_chunk === true,
    ...(metadata ? { metadata } : {}),
  };
}

/** The members of a message of ours that carry metadata, that of an extension with its address. */
export function extended({ metadata }: { readonly metadata: JsonObject }, reply?: PauseReply): JsonObject {
  if (!reply?.extension) return { metadata };
  const { uri, value } = reply.extension;
  return { extensions: [uri], metadata: { ...metadata, [uri]: value } };
}

/** The context id of an event, task or message; empty when left out. */
export function contextOf(value: JsonObject): string {
  return stringAt(value, "contextId", "context_id") ?? "";
}

function taskOf(value: JsonObject): string {
  return stringAt(value, "taskId", "task_id", "id") ?? "";
}
