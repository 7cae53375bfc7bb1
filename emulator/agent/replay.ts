import { type Dialect, type Operation, operationOf, type Runtime, type Wire } from "./dialect.ts";
import { isObject, type JsonObject, objectAt, parseJson, textAt } from "./json.ts";
import type { Chunk, Exchange, Recording } from "./recordings.ts";
import type { Run } from "./run.ts";
import { createSleeper } from "./sleeper.ts";
import { type Ids, recordedBody, recordedTaskId } from "./substitution.ts";
import { readState } from "./task.ts";

/** A conversation that follows a recording: which of its exchanges were used, and whose ids stand for the recorded ones. */
export interface Replay {
  readonly recording: Recording;
  readonly dialect: Dialect;
  /** The wire form in which the recorded client asked. */
  readonly wire: Wire;
  readonly ids: Ids;
  readonly used: Set<Exchange>;
}

export function startReplay(recording: Recording): Replay {
  return {
    recording,
    dialect: dialectOf(recording),
    wire: recording.protocol,
    ids: new Map(),
    used: new Set(),
  };
}

/** How the recorded agent spoke. A controller asked for 1.0 translates for an agent that speaks 0.3. */
function dialectOf(recording: Recording): Dialect {
  const controller = recording.exchanges[0]?.request.path.startsWith("/api/") === true;
  return {
    runtime: readRuntime(recording.runtime),
    speaks: controller ? "0.3" : recording.protocol,
    through: controller ? "controller" : "process",
  };
}

function readRuntime(runtime: string): Runtime {
  if (runtime === "go" || runtime === "python-langgraph") return runtime;
  return "python";
}

/** The operation of a recorded exchange. */
function operation(exchange: Exchange): Operation | undefined {
  return operationOf(textAt(recordedBody(exchange), "method") ?? "");
}

/** The next prompt of the recording that starts a task. */
export function nextPrompt(replay: Replay): Exchange | undefined {
  return replay.recording.exchanges.find((exchange) => !replay.used.has(exchange) && isPrompt(exchange));
}

function isPrompt(exchange: Exchange): boolean {
  const asked = operation(exchange);
  if (asked !== "stream" && asked !== "send") return false;
  const message = objectAt(objectAt(recordedBody(exchange), "params"), "message");
  return textAt(message, "messageId") !== undefined && textAt(message, "taskId") === undefined;
}

/** Recorded calls about this task that were not used yet. */
export function laterCalls(replay: Replay, taskId: string, asked: readonly Operation[]): Exchange[] {
  return replay.recording.exchanges.filter((exchange) => {
    const op = operation(exchange);
    if (replay.used.has(exchange) || op === undefined || !asked.includes(op) || isPrompt(exchange))
      return false;
    const recorded = recordedTaskId(exchange);
    return recorded !== undefined && replay.ids.get(recorded) === taskId;
  });
}

/** The JSON-RPC result of a plain JSON answer. */
export function resultOf(chunks: readonly Chunk[]): JsonObject | undefined {
  const body = parseJson(chunks.map((chunk) => chunk.text).join(""));
  return isObject(body) && isObject(body.result) ? body.result : undefined;
}

/** The state of the task in a plain answer to `get` or `cancel`. */
export function recordedState(exchange: Exchange): string | undefined {
  const result = resultOf(exchange.response?.chunks ?? []);
  return result && isObject(result.status) ? readState(result.status) : undefined;
}

/** Time in the recording after which the stream is what it is because somebody cancelled, in ms of the case. */
export function cancelledAt(replay: Replay, taskId: string): number {
  const cancel = laterCalls(replay, taskId, ["cancel"]).find((exchange) => {
    const state = recordedState(exchange);
    return state === "canceled" || state === "failed";
  });
  return cancel?.startedMs ?? Number.POSITIVE_INFINITY;
}

/** Reads whole events out of pieces of a stream. */
function createEventReader(): (text: string) => JsonObject[] {
  let rest = "";
  return (text) => {
    const frames = (rest + text).split(/\r?\n\r?\n/);
    rest = frames.pop() ?? "";
    return frames.flatMap((frame) => {
      const data = /^data: ?(.*)$/m.exec(frame)?.[1];
      const event = data === undefined ? undefined : parseJson(data);
      return isObject(event) && isObject(event.result) ? [event.result] : [];
    });
  };
}

/** Where a replayed stream goes, besides the task. */
export interface Sink {
  write(text: string): void;
  end(how: "end" | "cut"): void;
}

export interface Playback {
  readonly speed: number;
  /** Chunks later than this, in ms of the case, wait for `released`: a cancel brought them about. */
  readonly gateMs: number;
  readonly released: Promise<void>;
  /** Whether the events are news to the task, or a second copy for one more subscriber. */
  readonly publishes: boolean;
}

/** Plays a recorded stream: the bytes to the one who asked, the events to the task and to whoever else listens. */
export async function playStream(
  exchange: Exchange,
  chunks: readonly Chunk[],
  run: Run,
  sink: Sink,
  { speed, gateMs, released, publishes }: Playback,
): Promise<void> {
  const sleeper = createSleeper();
  if (publishes) run.onStop(() => sleeper.stop());
  if (publishes) run.begin();
  const read = createEventReader();
  const started = performance.now();
  const until = async (ms: number) => {
    const early = speed === 0 ? 0 : started + ms / speed - performance.now();
    if (early > 0) await sleeper.sleep(early);
  };
  for (const chunk of chunks) {
    if (exchange.startedMs + chunk.ms > gateMs) await released;
    else await until(chunk.ms);
    if (sleeper.stopped) return;
    sink.write(chunk.text);
    if (publishes) for (const event of read(chunk.text)) run.publish(event);
  }
  const cut = exchange.droppedByClientMs !== undefined || exchange.transportError !== undefined;
  await until(exchange.droppedByClientMs ?? exchange.response?.endMs ?? 0);
  if (sleeper.stopped) return;
  sink.end(cut ? "cut" : "end");
  if (publishes) run.settle("settled");
}
