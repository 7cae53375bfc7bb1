/** An answer without what is chance or volume: ids, times, usage, deltas, and the texts of the model. */
interface Outline {
  readonly outline: readonly unknown[];
  /** What the outline was made of, with ids, deltas left out: two answers with one outline have ids at the same places. */
  readonly raw: string;
}

const extension = "https://kagent.dev/extensions/hitl/v1";

/** Reads a stream, or a plain answer. */
export function outlineOf(text: string): Outline {
  const events = [...text.matchAll(/^data: (.*?)\r?$/gm)].map((match) => match[1] ?? "");
  const bodies = (events.length > 0 ? events : [text])
    .filter((body) => body !== "")
    .map((body) => read(body))
    .filter((body) => !isDelta(at(body, "result")));
  const outline = bodies.filter((body, index) => !isEchoBeforeFailure(body, bodies[index + 1])).map(one);
  return { outline, raw: JSON.stringify(bodies.map((body) => ids(body))) };
}

function read(text: string): unknown {
  return JSON.parse(text);
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => Object(inner)[key], value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isDelta(result: unknown): boolean {
  const metadata = at(result, "status", "message", "metadata");
  const update = at(result, "artifactUpdate");
  if (at(result, "kind") === "task") return false;
  if (update !== undefined) return at(update, "lastChunk") !== true;
  return at(metadata, "adk_partial") === true || at(metadata, "kagent_adk_partial") === true;
}

/** Go's 1.0 line sometimes tells a reply before the failure that it causes, and sometimes does not. */
function isEchoBeforeFailure(body: unknown, next: unknown): boolean {
  const fails = at(next, "result", "task", "status", "state") === "TASK_STATE_FAILED";
  return fails && at(body, "result", "statusUpdate", "status", "message", "role") === "ROLE_USER";
}

function one(body: unknown): unknown {
  const error = at(body, "error");
  if (error !== undefined) {
    // For a moment after the end the words are others.
    const message = String(at(error, "message")).replace("already completed.", "in terminal state: 3");
    return scrub({ code: at(error, "code"), message, why: at(error, "data", "error") });
  }
  const result = at(body, "result");
  const status = at(result, "statusUpdate", "status") ?? at(result, "status");
  const artifact = at(result, "artifactUpdate", "artifact") ?? at(result, "artifact");
  const task = at(result, "task") ?? (at(result, "id") === undefined ? undefined : result);
  if (task !== undefined) return { task: about(at(task, "status")) };
  if (artifact !== undefined) return { artifact: parts(at(artifact, "parts"), false) };
  return { ...about(status), final: at(result, "final") };
}

function about(status: unknown): object {
  const message = at(status, "message");
  const state = String(at(status, "state"));
  const exact = /failed|input.required/i.test(state);
  return {
    state,
    role: at(message, "role"),
    parts: parts(at(message, "parts"), exact),
    extensions: at(message, "extensions"),
    asks: scrub(at(message, "metadata", extension)),
  };
}

/** In no order: the runtimes have none. */
function parts(given: unknown, exact: boolean): unknown {
  const outlines = list(given).map((part) => {
    const text = at(part, "text");
    if (typeof text === "string") return exact ? scrub(text) : "text";
    const metadata = Object.entries(Object(at(part, "metadata"))).map(([key, value]) => [
      key.replace(/^(kagent|adk)_/, ""),
      value,
    ]);
    return scrub({ data: at(part, "data"), metadata: Object.fromEntries(metadata) });
  });
  return outlines.map((part) => JSON.stringify(part)).sort();
}

/** Ids are `<id>`, keys are in order, texts that a model made of results are one word. */
function scrub(value: unknown): unknown {
  if (typeof value === "string") {
    if (value.includes("The tool answered")) return value.replace(/The tool answered.*/s, "<answer>");
    if (/^(deleted|scaled) /.test(value)) return "<output>";
    return value.replace(id, "<id>");
  }
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "kagent_usage_metadata");
  if (entries.some(([key]) => key.search(id) >= 0)) return entries.map(([, inner]) => scrub(inner)).sort();
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, scrub(inner)]));
}

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|call_[0-9a-f]{12}/g;

/** What carries the ids that a reply names, in one order for everybody. */
function ids(body: unknown): unknown {
  const result = at(body, "result");
  const holder = at(result, "statusUpdate") ?? at(result, "task") ?? result;
  const message = at(holder, "status", "message");
  const data = list(at(message, "parts")).map((part) => sorted(at(part, "data")));
  const request = sorted(at(message, "metadata", extension));
  return [at(holder, "taskId") ?? at(holder, "id"), data, request];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
