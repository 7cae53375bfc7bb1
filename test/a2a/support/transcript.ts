import { createParser } from "eventsource-parser";
import { RunReader } from "../../../src/a2a/kagent/run-reader.ts";
import { readEnvelope, readResult } from "../../../src/a2a/wire/codec.ts";
import type { WireEvent } from "../../../src/a2a/wire/model.ts";
import type { AgentEvent } from "../../../src/conversation/agent.ts";
import { reduce, startTurn, type Turn } from "../../../src/conversation/turn.ts";
import { answerText } from "../../../src/conversation/turn-output.ts";

/** A turn that nothing has happened in. */
function freshTurn(): Turn {
  return startTurn({
    id: "turn-1",
    place: { kind: "thread", channelId: "1" },
    agent: { cluster: "default", namespace: "kagent", name: "k8s-agent" },
    contextId: "ctx-1",
    userId: "discord-1",
    messageId: "m-1",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    prompt: { actor: { id: "1", name: "ana", roleIds: [], bot: false, manager: false }, text: "why?" },
    startedAt: 0,
  });
}

/** The turn that events leave behind. */
export function turnOf(events: Iterable<AgentEvent>): Turn {
  let turn = freshTurn();
  for (const event of events) turn = reduce(turn, event, 1);
  return turn;
}

/** The JSON texts of an event stream. */
export function payloads(body: string): string[] {
  const data: string[] = [];
  const parser = createParser({ onEvent: (event) => data.push(event.data) });
  parser.feed(body);
  return data;
}

/** The events of a recorded stream; errors and what cannot be read are left out. */
export function wireEvents(body: string): WireEvent[] {
  return payloads(body).flatMap((text) => {
    const envelope = readEnvelope(text);
    return envelope?.kind === "result" ? (readResult(envelope.value) ?? []) : [];
  });
}

/** A reader that has read all events, and what it gave out. */
export function readAll(events: readonly WireEvent[]): { readonly reader: RunReader; readonly turn: Turn } {
  const reader = new RunReader(8 * 1024 * 1024);
  const out: AgentEvent[] = [];
  for (const event of events) {
    if (reader.end) break;
    reader.read(event);
    out.push(...reader.take());
  }
  return { reader, turn: turnOf(out) };
}

export { answerText };
