import type { AgentEvent } from "../conversation/agent.ts";
import type { RunEnd } from "./kagent/run-reader.ts";
import { notResumed, runFailed, withoutAddresses } from "./sentences.ts";

/** The last event of a run that came to `end`. */
export function concluding(end: RunEnd, agent: string): AgentEvent {
  if (end.kind === "waiting") return end;
  if (end.notResumed) return { kind: "over", outcome: "failed", error: notResumed(agent) };
  if (end.outcome === "completed" || end.outcome === "canceled")
    return { kind: "over", outcome: end.outcome };
  const text = end.text === "" ? {} : { text: withoutAddresses(end.text) };
  if (end.outcome === "rejected") return { kind: "over", outcome: "rejected", ...text };
  return { kind: "over", outcome: "failed", ...text, error: runFailed(end.text, agent) };
}
