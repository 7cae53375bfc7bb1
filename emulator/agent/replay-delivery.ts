import { randomUUID } from "node:crypto";
import type { Agent, Entry } from "./agent.ts";
import { beginStream, type Call, isStreamed, respondTask, writeEvent } from "./call.ts";
import type { JsonObject } from "./json.ts";
import { objectAt, textAt } from "./json.ts";
import type { Chunk, Exchange, RecordedResponse, Recording } from "./recordings.ts";
import {
  cancelledAt,
  nextPrompt,
  playStream,
  type Replay,
  resultOf,
  type Sink,
  startReplay,
} from "./replay.ts";
import { answerAtRest, streamRun } from "./script-delivery.ts";
import { adoptIds, recordedBody, recordedTaskId, standIn, substitute, textsOf } from "./substitution.ts";

/**
 * The exchange that answers a new prompt: the next one where this context already follows the same recording, else the
 * first. Undefined when the recorded client spoke 1.0 and this one speaks 0.3.
 */
export function nextReplay(
  agent: Agent,
  recording: Recording,
  call: Call,
  message: JsonObject,
  contextId: string,
):
  | {
      readonly replay: Replay;
      readonly exchange: Exchange;
      readonly ids: { taskId: string; contextId: string };
    }
  | undefined {
  const known = agent.replays.get(contextId);
  const goesOn = known?.recording === recording && nextPrompt(known) !== undefined;
  const replay = goesOn ? known : startReplay(recording);
  const exchange = nextPrompt(replay);
  if (!exchange) throw new Error(`recording ${recording.case} has no prompt`);
  if (replay.wire === "1.0" && call.wire === "0.3") return undefined;
  agent.replays.set(contextId, replay);
  adoptIds(replay.ids, exchange, { ...message, contextId }, call.userId);
  const recordedTask = recordedTaskId(exchange);
  const taskId = recordedTask === undefined ? randomUUID() : standIn(replay.ids, recordedTask);
  return { replay, exchange, ids: { taskId, contextId: contextOf(replay, exchange) ?? contextId } };
}

/** Where the recorded client named no context, the agent invented one. */
function contextOf(replay: Replay, exchange: Exchange): string | undefined {
  const asked = objectAt(objectAt(recordedBody(exchange), "params"), "message");
  if (textAt(asked, "contextId") !== undefined) return undefined;
  const text = exchange.response?.chunks.map((chunk) => chunk.text).join("") ?? "";
  const invented = /"contextId":\s?"([^"]+)"/.exec(text)?.[1];
  return invented === undefined ? undefined : standIn(replay.ids, invented);
}

/** Answers a call with a recorded exchange: byte for byte but for the ids where the client asks as the recorded one did. */
export function deliverReplay(
  agent: Agent,
  call: Call,
  entry: Entry,
  exchange: Exchange,
  message?: JsonObject,
) {
  const { run, replay } = entry;
  const { response } = exchange;
  if (!replay) return;
  replay.used.add(exchange);
  if (message) adoptIds(replay.ids, exchange, message, call.userId);
  if (!response) return call.outlet.destroy();
  const said = message ?? objectAt(call.params, "message");
  const stand = { rpcId: call.id, agent: agent.definition.name, texts: textsOf(said) };
  const chunks = substitute(exchange, replay.recording, replay.ids, stand);
  const sameWire = replay.wire === call.wire;
  if (!isEventStream(response)) return void deliverPlain(agent, call, entry, exchange, chunks, sameWire);
  const publishes = call.operation !== "subscribe" || !run.live();
  const raw = sameWire && isStreamed(call);
  const sink = raw ? rawSink(call, response) : silentSink;
  if (!raw && isStreamed(call)) streamRun(call, run);
  else if (!raw) answerAtRest(call, run);
  const gateMs = cancelledAt(replay, run.taskId);
  void playStream(exchange, chunks, run, sink, {
    speed: agent.speed,
    gateMs,
    released: entry.released,
    publishes,
  });
}

const silentSink: Sink = { write: () => {}, end: () => {} };

function rawSink({ outlet }: Call, response: RecordedResponse): Sink {
  outlet.begin(response.status, ownHeaders(response));
  return {
    write: (text) => outlet.write(text),
    end: (how) => (how === "end" ? outlet.end() : outlet.destroy()),
  };
}

async function deliverPlain(
  agent: Agent,
  call: Call,
  { run }: Entry,
  exchange: Exchange,
  chunks: readonly Chunk[],
  sameWire: boolean,
): Promise<void> {
  const result = resultOf(chunks);
  const asked = call.operation === "send" || call.operation === "stream";
  if (asked) run.begin();
  const ms = exchange.response?.endMs ?? 0;
  if (agent.speed > 0 && ms > 0) await agent.sleeper.sleep(ms / agent.speed);
  if (result) run.publish(objectAt(result, "task").id === undefined ? result : objectAt(result, "task"));
  if (asked) run.settle("settled");
  if (!result || (sameWire && !isStreamed(call))) {
    call.outlet.begin(exchange.response?.status ?? 200, ownHeaders(exchange.response));
    return call.outlet.end(chunks.map((chunk) => chunk.text).join(""));
  }
  if (!isStreamed(call)) return respondTask(call, run, { wrapped: call.operation === "send" });
  beginStream(call, run.dialect);
  writeEvent(call, run, result);
  call.outlet.end();
}

function isEventStream(response: RecordedResponse): boolean {
  return response.headers["content-type"]?.startsWith("text/event-stream") === true;
}

/** Lengths change with the ids; how the body is transferred is up to the server at hand. */
function ownHeaders(response: RecordedResponse | null): Record<string, string> {
  const { "content-length": _, "transfer-encoding": __, ...rest } = response?.headers ?? {};
  return rest;
}
