import type { Exchange, Recording } from "../../../emulator/agent/recordings.ts";
import { readRequest } from "../../../src/a2a/kagent/hitl/request.ts";
import { readEnvelope, readResult, readTaskList } from "../../../src/a2a/wire/codec.ts";
import { parseWire } from "../../../src/a2a/wire/exact-args.ts";
import { isObject, type JsonObject, objectAt, stringAt } from "../../../src/a2a/wire/json.ts";
import type { Message, Task, WireEvent } from "../../../src/a2a/wire/model.ts";
import type { InputRequest } from "../../../src/conversation/approval.ts";
import { bodyOf } from "./replay.ts";
import { payloads } from "./transcript.ts";

/** A pause as one recorded answer shows it: in a stream, in a task that was read, or in kagent's REST interface. */
export interface RecordedPause {
  readonly taskId: string;
  readonly contextId: string;
  readonly message: Message | undefined;
  readonly request: InputRequest | undefined;
  /** Position of the exchange in its recording. */
  readonly exchange: number;
  readonly source: "stream" | "task" | "rest";
}

/** A message of the recorded client to a task, and the pause that the task showed last. */
export interface RecordedReply {
  readonly message: JsonObject;
  readonly pause: RecordedPause;
  readonly exchange: Exchange;
}

/** Every pause in a recording, as often as it was shown. */
export function pausesOf(recording: Recording): readonly RecordedPause[] {
  return recording.exchanges.flatMap((exchange, index) =>
    shownIn(exchange).flatMap(({ source, ...shown }) => {
      if (shown.state !== "input-required") return [];
      const { taskId, contextId, message } = shown;
      const request = readRequest(message, { taskId, contextId });
      return [{ taskId, contextId, message, request, exchange: index, source }];
    }),
  );
}

/** Every message to a task that had shown a pause before. */
export function repliesOf(recording: Recording): readonly RecordedReply[] {
  const pauses = pausesOf(recording);
  return recording.exchanges.flatMap((exchange, index) => {
    const body = isObject(exchange.request.body) ? exchange.request.body : {};
    const message = objectAt(objectAt(body, "params") ?? {}, "message");
    const taskId = message && stringAt(message, "taskId");
    const pause = pauses.findLast((one) => one.exchange < index && one.taskId === taskId);
    return message && pause ? [{ message, pause, exchange }] : [];
  });
}

type Shown = Pick<Task, "taskId" | "contextId" | "state"> & {
  readonly message?: Message;
  readonly source: RecordedPause["source"];
};

function shownIn(exchange: Exchange): readonly Shown[] {
  const body = bodyOf(exchange);
  if (exchange.request.method === "GET") {
    return readTaskList(parseWire(body)).map((task) => ({ ...task, source: "rest" as const }));
  }
  const streamed = /^(data|id|:|event)/m.test(body);
  const texts = streamed ? payloads(body) : [body];
  return texts.flatMap((text) => {
    const envelope = readEnvelope(text);
    const event = envelope?.kind === "result" ? readResult(envelope.value) : undefined;
    return event ? shownBy(event, streamed ? "stream" : "task") : [];
  });
}

function shownBy(event: WireEvent, source: Shown["source"]): readonly Shown[] {
  if (event.kind === "task") return [{ ...event.task, source }];
  return event.kind === "status" ? [{ ...event.update, source }] : [];
}
