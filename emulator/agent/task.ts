import type { Wire } from "./dialect.ts";
import { isObject, type Json, type JsonObject, objectAt, objectsAt, textAt } from "./json.ts";

/**
 * A stored task, in the wire form of its runtime. It grows as the runtimes' own stores do: a message stays in `status`
 * until the next status pushes it into `history`, metadata of all events is laid over each other.
 */
export interface Task {
  /** In small letters with dashes, e.g. `working`, `input-required`. */
  state(): string;
  apply(event: JsonObject): void;
  /** The task object. `withPartials` shows token deltas in the history, as only Go's answer to a cancel does. */
  toJson(options?: { readonly historyLength?: number; readonly withPartials?: boolean }): JsonObject;
  /** The text of the last message or artifact that was not a delta. */
  answer(): string;
}

export function isOver(state: string): boolean {
  return state === "completed" || state === "failed" || state === "canceled" || state === "rejected";
}

/** `TASK_STATE_INPUT_REQUIRED` and `input-required` are both `input-required`. */
export function readState(status: JsonObject): string {
  const state = textAt(status, "state") ?? "submitted";
  return state.replace("TASK_STATE_", "").replaceAll("_", "-").toLowerCase();
}

/** Whether this event of a stream is the last one: over or waiting, or the odd `working` that calls itself final. */
export function isLast(event: JsonObject): boolean {
  if (event.kind === "task" || isObject(event.task))
    return isOver(readState(objectAt(bareTask(event), "status")));
  const update = event.kind === "status-update" ? event : objectAt(event, "statusUpdate");
  const state = readState(objectAt(update, "status"));
  return update.final === true || isOver(state) || state === "input-required";
}

function bareTask(event: JsonObject): JsonObject {
  return isObject(event.task) ? event.task : event;
}

/** `form` is the wire form of the events that will be applied. */
export function createTask(form: Wire, taskId: string, contextId: string): Task {
  let status: JsonObject = form === "0.3" ? { state: "submitted" } : { state: "TASK_STATE_SUBMITTED" };
  let history: JsonObject[] = [];
  let artifacts: JsonObject[] = [];
  let metadata: JsonObject = {};
  // Deltas of the open model turn; the last ones are enough for the one answer that shows them.
  let partials: JsonObject[] = [];

  const keep = (message: JsonObject) => {
    if (isPartial(message)) {
      partials = [...partials.slice(-63), message];
      return;
    }
    partials = [];
    history.push(message);
  };

  const applyStatus = (update: JsonObject) => {
    if (isObject(status.message)) keep(status.message);
    const next = objectAt(update, "status");
    // Released runtimes store the first message of a task when they make it, and again with the first status.
    if (form === "0.3" && history.length === 0 && isObject(next.message)) history.push(next.message);
    status = next;
    metadata = { ...metadata, ...objectAt(update, "metadata") };
  };

  const applyArtifact = (update: JsonObject) => {
    const artifact = objectAt(update, "artifact");
    const at = artifacts.findIndex((known) => known.artifactId === artifact.artifactId);
    const known = artifacts[at];
    if (!known) artifacts.push(artifact);
    else artifacts[at] = update.append === true ? { ...known, parts: joined(known, artifact) } : artifact;
  };

  const applyTask = (task: JsonObject) => {
    status = objectAt(task, "status");
    history = [...objectsAt(task, "history")];
    artifacts = [...objectsAt(task, "artifacts")];
    metadata = objectAt(task, "metadata");
  };

  return {
    state: () => readState(status),
    apply(event) {
      if (event.kind === "status-update") applyStatus(event);
      else if (event.kind === "artifact-update") applyArtifact(event);
      else if (isObject(event.statusUpdate)) applyStatus(event.statusUpdate);
      else if (isObject(event.artifactUpdate)) applyArtifact(event.artifactUpdate);
      else if (isObject(event.task)) applyTask(event.task);
      else if (isObject(event.status)) applyTask(event);
    },
    toJson: ({ historyLength, withPartials = false } = {}) => {
      const kept = withPartials ? [...history, ...partials] : history;
      const shown = historyLength === undefined ? kept : kept.slice(-historyLength || kept.length);
      return {
        ...(form === "0.3" ? { kind: "task" } : {}),
        id: taskId,
        contextId,
        status,
        ...(shown.length > 0 ? { history: shown } : {}),
        ...(artifacts.length > 0 ? { artifacts } : {}),
        ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
      };
    },
    answer: () => textOf(artifacts.at(-1)) || textOf(history.at(-1)),
  };
}

function joined(known: JsonObject, more: JsonObject): Json[] {
  return [...objectsAt(known, "parts"), ...objectsAt(more, "parts")];
}

function isPartial(message: JsonObject): boolean {
  const metadata = objectAt(message, "metadata");
  return metadata.adk_partial === true || metadata.kagent_adk_partial === true;
}

function textOf(holder: JsonObject | undefined): string {
  return objectsAt(holder, "parts")
    .map((part) => textAt(part, "text") ?? "")
    .join("");
}
