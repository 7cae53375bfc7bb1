import { expect, test } from "vitest";
import { createRecordings, type Exchange, type Recording } from "../../emulator/agent/recordings.ts";
import { RunReader } from "../../src/a2a/kagent/run-reader.ts";
import { readEnvelope, readResult, readTaskResult } from "../../src/a2a/wire/codec.ts";
import { isObject, type JsonObject, parseJson, stringAt } from "../../src/a2a/wire/json.ts";
import { isPaused, isTerminal, type Task } from "../../src/a2a/wire/model.ts";
import type { Turn } from "../../src/conversation/turn.ts";
import { payloads, readAll, turnOf, wireEvents } from "./support/transcript.ts";

const recordings = createRecordings();

function bodyOf(exchange: Exchange): string {
  return (exchange.response?.chunks ?? []).map(({ text }) => text).join("");
}

function methodOf(exchange: Exchange): string {
  return isObject(exchange.request.body) ? (stringAt(exchange.request.body, "method") ?? "") : "";
}

function isStream(exchange: Exchange): boolean {
  return /message\/stream|SendStreamingMessage|resubscribe|SubscribeToTask/.test(methodOf(exchange));
}

/** Every object inside a JSON value. */
function* objectsIn(value: unknown): Generator<JsonObject> {
  if (isObject(value)) yield value;
  for (const inner of isObject(value) ? Object.values(value) : Array.isArray(value) ? value : [])
    yield* objectsIn(inner);
}

/** Tool names as a search through the raw JSON finds them, without knowing where parts are. */
function rawCalls(body: string): Set<string> {
  const found = payloads(body).flatMap((text) => [...objectsIn(parseJson(text))]);
  const calls = found.filter(({ metadata }) => {
    return isObject(metadata) && [metadata.adk_type, metadata.kagent_type].includes("function_call");
  });
  const names = calls.flatMap(({ data }) => (isObject(data) ? [`${data.id} ${data.name}`] : []));
  return new Set(names.filter((name) => !/adk_request_/.test(name)));
}

function shown(turn: Turn): readonly string[] {
  return turn.output.flatMap((item) => {
    if (item.kind === "tool") return [`${item.call.id} ${item.call.args} ${item.ok}`];
    return item.text === "" ? [] : [item.text];
  });
}

/** Whether a call brought a prompt for a new task. */
function startsTask(exchange: Exchange): boolean {
  const params = isObject(exchange.request.body) ? exchange.request.body.params : undefined;
  const message = isObject(params) ? params.message : undefined;
  return isObject(message) && message.taskId === undefined;
}

function storedTask(exchange: Exchange): Task | undefined {
  const envelope = /tasks\/get|GetTask/.test(methodOf(exchange)) ? readEnvelope(bodyOf(exchange)) : undefined;
  return envelope?.kind === "result" ? readTaskResult(envelope.value) : undefined;
}

/** Calls `check` for every case of a folder. */
function each(folder: string, check: (recording: Recording, name: string) => void): void {
  for (const name of recordings.names(folder)) check(recordings.read(folder, name), `${folder}/${name}`);
}

test.each(recordings.folders())(
  "every event of %s can be read, and every tool call is reported once",
  (folder) => {
    each(folder, (recording, name) => {
      for (const exchange of recording.exchanges.filter(isStream)) {
        const body = bodyOf(exchange);
        const unread = payloads(body).filter((text) => {
          const envelope = readEnvelope(text);
          return !envelope || (envelope.kind === "result" && !readResult(envelope.value));
        });
        expect(unread, name).toEqual([]);
        const { turn } = readAll(wireEvents(body));
        const calls = turn.output.flatMap((item) =>
          item.kind === "tool" ? [`${item.call.id} ${item.call.name}`] : [],
        );
        expect(calls.toSorted(), name).toEqual([...rawCalls(body)].toSorted());
      }
    });
  },
);

test.each(recordings.folders())("the end of every stream of %s is the state that it names last", (folder) => {
  each(folder, (recording, name) => {
    for (const exchange of recording.exchanges.filter(isStream)) {
      const events = wireEvents(bodyOf(exchange));
      const { reader } = readAll(events);
      const states = events.flatMap((event) =>
        event.kind === "status" ? [event.update.state] : event.kind === "task" ? [event.task.state] : [],
      );
      const last = states.find((state) => isTerminal(state) || isPaused(state));
      const end = reader.end?.kind === "waiting" ? "input-required" : reader.end?.outcome;
      const emptyRun =
        last === undefined && events.some((event) => event.kind === "status" && event.update.final);
      expect(end, name).toBe(emptyRun ? "completed" : last);
    }
  });
});

test.each(recordings.folders())(
  "the text of every stream of %s ends with its last artifact, once",
  (folder) => {
    each(folder, (recording, name) => {
      for (const exchange of recording.exchanges.filter(isStream)) {
        // Two runs in one stream, as after two simultaneous decisions, are mixed beyond telling.
        if (/race/.test(name)) continue;
        const events = wireEvents(bodyOf(exchange));
        const { reader, turn } = readAll(events);
        if (reader.end?.kind !== "over" || reader.end.outcome !== "completed") continue;
        const artifact = events
          .flatMap((event) =>
            event.kind === "artifact" && event.update.lastChunk ? [event.update.artifact] : [],
          )
          .at(-1);
        const expected =
          artifact?.parts.map((part) => (part.kind === "text" ? part.text : "")).join("") ?? "";
        const texts = turn.output.flatMap((item) => (item.kind === "text" ? [item.text] : []));
        if (expected !== "") expect(texts.at(-1), name).toBe(expected);
        expect(texts.filter((text) => text === expected).length, name).toBeLessThanOrEqual(1);
      }
    });
  },
);

test.each(recordings.folders())("a stored task of %s tells what its stream told", (folder) => {
  each(folder, (recording, name) => {
    const streamed = new Map<string, { readonly reader: RunReader; readonly turn: Turn }>();
    for (const exchange of recording.exchanges) {
      if (isStream(exchange)) {
        const read = readAll(wireEvents(bodyOf(exchange)));
        // Later streams of a task, after a decision or a cut, hold only the rest.
        if (startsTask(exchange)) streamed.set(read.reader.taskId ?? "", read);
        else streamed.delete(read.reader.taskId ?? "");
      }
      const task = storedTask(exchange);
      const before = task && streamed.get(task.taskId);
      const whole = !/historyLength/.test(JSON.stringify(exchange.request.body));
      if (!task || !before?.reader.end || !whole || !isSame(before.reader, task)) continue;
      const reader = new RunReader(1e7);
      reader.task(task);
      const turn = turnOf(reader.take());
      // What was written of a broken turn is nowhere but in the stream.
      if (task.state !== "canceled") expect(shown(turn), name).toEqual(shown(before.turn));
      if (task.state !== "canceled") expect(turn.usage, name).toEqual(before.turn.usage);
    }
  });
});

function isSame(reader: RunReader, task: Task): boolean {
  if (reader.end?.kind === "waiting") return isPaused(task.state);
  return reader.end?.outcome === task.state;
}
