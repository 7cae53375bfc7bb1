import type { AgentEvent, ToolCall } from "../../../src/conversation/agent.ts";
import { reduce, startTurn, type Turn } from "../../../src/conversation/turn.ts";

/** When the turns of these tests begin, in milliseconds since the epoch. */
export const START = 1_700_000_000_000;

/** An event at a time in milliseconds after the start. */
export type Timed = readonly [number, AgentEvent];

/** A turn of ana's after these events. */
export function aTurn(...events: readonly Timed[]): Turn {
  const turn = startTurn({
    id: "turn1",
    place: { kind: "thread", channelId: "20" },
    agent: { cluster: "prod", namespace: "kagent", name: "k8s-agent" },
    contextId: "ctx",
    userId: "user",
    messageId: "message",
    traceparent: "00-0-0-01",
    prompt: { actor: { id: "42", name: "ana", roleIds: [], bot: false, manager: false }, text: "why?" },
    startedAt: START,
  });
  return events.reduce((now, [ms, event]) => reduce(now, event, START + ms), turn);
}

export function says(text: string, segment = "s1"): AgentEvent {
  return { kind: "text", segment, text, append: true };
}

export function calls(id: string, name: string, args: object = {}, more: Partial<ToolCall> = {}): AgentEvent {
  return { kind: "tool-call", call: { id, name, args: JSON.stringify(args), ...more } };
}

export function returns(id: string, ok = true): AgentEvent {
  return { kind: "tool-result", id, ok };
}

export const COMPLETED: AgentEvent = { kind: "over", outcome: "completed" };
