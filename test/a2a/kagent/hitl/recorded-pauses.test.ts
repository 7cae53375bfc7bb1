import { expect, test } from "vitest";
import { createRecordings } from "../../../../emulator/agent/recordings.ts";
import { keyOf } from "../../../../src/a2a/kagent/hitl/items.ts";
import { isObject, type JsonObject, parseJson } from "../../../../src/a2a/wire/json.ts";
import { fingerprint, type InputRequest, requestId } from "../../../../src/conversation/approval.ts";
import { agentRef } from "../../support/asking.ts";
import { pausesOf, type RecordedPause } from "../../support/pauses.ts";

const recordings = createRecordings();
const URI = "https://kagent.dev/extensions/hitl/v1";

const all = recordings.folders().flatMap((folder) =>
  recordings.names(folder).flatMap((name) => {
    const recording = recordings.read(folder, name);
    return pausesOf(recording).map((pause) => ({ ...pause, folder, name, recording }));
  }),
);

/** Calls that people decide, found in a message without knowing how they are nested. */
function gatedCalls({ message }: RecordedPause): readonly string[] {
  const found = [...objectsIn(message?.parts), ...objectsIn(message?.metadata?.[URI])];
  const wrapped = found.flatMap(({ originalFunctionCall: call }) => (isObject(call) ? [call] : []));
  const calls = [...wrapped, ...found.filter((value) => value.call_id !== undefined)];
  // The call of a sub-agent only wraps what the sub-agent wants to run.
  const inner = calls.filter(({ name }) => !String(name).includes("__NS__"));
  return inner.map(({ name, args }) => `${name} ${JSON.stringify(args ?? {})}`).sort();
}

function* objectsIn(value: unknown): Generator<JsonObject> {
  if (isObject(value)) yield value;
  for (const inner of isObject(value) ? Object.values(value) : Array.isArray(value) ? value : [])
    yield* objectsIn(inner);
}

/** The same calls as the request has them. */
function requested({ items }: InputRequest): readonly string[] {
  const calls = items.map((item) => {
    if (item.kind === "operation") return `${item.tool} ${JSON.stringify(parseJson(item.args))}`;
    return `ask_user ${item.questions.length}`;
  });
  return calls.sort();
}

/** A request without what changes from run to run. */
function shapeOf({ items, ...request }: InputRequest): string {
  const neutral = items.map((item) => ({
    ...item,
    id: item.id.replace(/[0-9a-f-]{12,}/, "…"),
    callId: item.callId.replace(/[0-9a-f-]{12,}/, "…"),
    ...(item.via ? { via: { ...item.via, taskId: "…", contextId: "…" } } : {}),
  }));
  const sorted = neutral.map((item) => JSON.stringify(item)).sort();
  return [JSON.stringify({ ...request, taskId: "…", contextId: "…" }), ...sorted].join("\n  ");
}

test("the recordings hold hundreds of pauses, and all but those that are only text are read as data", () => {
  const textOnly = all.filter(({ request }) => !request);
  expect({ shown: all.length, textOnly: textOnly.length }).toEqual({ shown: 570, textOnly: 14 });
  // Without the opt-in to the extension, or after a reply that the agent could not read.
  const words =
    /requires approval before|Human input is required|It was not provided a function response for the function call/;
  for (const { message } of textOnly) {
    expect(message?.parts).toEqual([{ kind: "text", text: expect.stringMatching(words) }]);
  }
});

test.each(recordings.folders())("every gated call of %s is an item with its arguments", (folder) => {
  for (const pause of all.filter((one) => one.folder === folder)) {
    if (!pause.request) continue;
    const questions = (call: string) =>
      call.replace(/^ask_user (.*)$/s, (_, args) => `ask_user ${parseArgs(args).length}`);
    const raw = gatedCalls(pause).map(questions).sort();
    // An extension's question has no call of its own.
    const expected = raw.length > 0 ? raw : [`ask_user ${pause.request.items.length * 3}`];
    expect(requested(pause.request), `${pause.folder}/${pause.name}`).toEqual(expected);
  }
});

function parseArgs(text: string): readonly unknown[] {
  const args = parseJson(text);
  return isObject(args) && Array.isArray(args.questions) ? args.questions : [];
}

test("the models of all recorded pauses are these", async () => {
  const seen = new Map<string, string>();
  for (const { request, folder, name } of all) {
    if (request && !seen.has(shapeOf(request))) seen.set(shapeOf(request), `${folder}/${name}`);
  }
  const text = [...seen].map(([shape, where]) => `${where}\n  ${shape}\n`).join("\n");
  await expect(text).toMatchFileSnapshot("recorded-pauses.txt");
});

test("a pause is the same one in its stream, in its task and in kagent's REST interface", () => {
  const known = new Map<string, { readonly id: string; readonly print: string }>();
  let repeats = 0;
  for (const { request, folder, name, taskId } of all) {
    if (!request) continue;
    const keys = request.items.map(keyOf).sort().join(" ");
    const key = `${folder}/${name} ${taskId} ${keys}`;
    const now = { id: requestId(agentRef, request), print: fingerprint(agentRef, request) };
    if (known.has(key)) repeats += 1;
    expect(now, key).toEqual(known.get(key) ?? now);
    known.set(key, now);
  }
  expect(repeats).toBeGreaterThan(70);
  const ids = [...known.values()].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("only runtimes that refuse a second decision are said to", () => {
  for (const { request, recording } of all) {
    if (!request) continue;
    const refuses =
      recording.runtime === "go" || /go$/.test(recording.runtime) || recording.version === "1.0.0a1";
    expect(request.refusesDoubles, `${recording.runtime} ${recording.version}`).toBe(refuses);
  }
});
