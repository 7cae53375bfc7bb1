import { isObject, type JsonObject, objectAt, objectsAt, textAt } from "./json.ts";

/**
 * A result of a 0.3 agent as the controller hands it to a client that asked for 1.0: the same sequence of events, other
 * words (recorded in the `v1` folders). Keys that would be false or empty are left out.
 */
export function toV10(result: JsonObject): JsonObject {
  if (result.kind === "status-update") return { statusUpdate: toStatusUpdate(result) };
  if (result.kind === "artifact-update") return { artifactUpdate: toArtifactUpdate(result) };
  if (result.kind === "message") return { message: toMessage(result) };
  return { task: toTask(result) };
}

/** A bare 0.3 task in 1.0 words. */
export function toTask(task: JsonObject): JsonObject {
  const { kind: _, ...rest } = task;
  return compact({
    ...rest,
    status: toStatus(objectAt(task, "status")),
    history: objectsAt(task, "history").map(toMessage),
    artifacts: objectsAt(task, "artifacts").map(toArtifact),
  });
}

function toStatusUpdate(update: JsonObject): JsonObject {
  const { kind: _, final: __, ...rest } = update;
  return compact({ ...rest, status: toStatus(objectAt(update, "status")) });
}

function toArtifactUpdate(update: JsonObject): JsonObject {
  const { kind: _, ...rest } = update;
  return compact({ ...rest, artifact: toArtifact(objectAt(update, "artifact")) });
}

function toStatus(status: JsonObject): JsonObject {
  const state = `TASK_STATE_${(textAt(status, "state") ?? "unspecified").replaceAll("-", "_").toUpperCase()}`;
  return compact({
    ...status,
    state,
    message: isObject(status.message) ? toMessage(status.message) : undefined,
  });
}

function toMessage(message: JsonObject): JsonObject {
  const { kind: _, ...rest } = message;
  const role = message.role === "user" ? "ROLE_USER" : "ROLE_AGENT";
  return compact({ ...rest, role, parts: objectsAt(message, "parts").map(toPart) });
}

function toArtifact(artifact: JsonObject): JsonObject {
  return compact({ ...artifact, parts: objectsAt(artifact, "parts").map(toPart) });
}

function toPart(part: JsonObject): JsonObject {
  const { kind, file, ...rest } = part;
  if (kind !== "file" || !isObject(file)) return rest;
  return compact({ ...rest, raw: file.bytes, url: file.uri, mediaType: file.mimeType, filename: file.name });
}

function compact(value: JsonObject): JsonObject {
  const full = Object.entries(value).filter(
    ([, entry]) => entry !== undefined && entry !== false && !(Array.isArray(entry) && entry.length === 0),
  );
  return Object.fromEntries(full);
}
