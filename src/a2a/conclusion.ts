import type { AgentEvent } from "../conversation/agent.ts";
import type { RunEnd } from "./kagent/run-reader.ts";
import { notResumed, runFailed, withoutAddresses } from "./sentences.ts";

/** The last event of a run that came to `end`; `clean` takes out of the agent's words what only repeats ours. */
export function concluding(end: RunEnd, agent: string, clean: (text: string) => string): AgentEvent {
  if (end.kind === "waiting") return end;
  if (end.notResumed) return { kind: "over", outcome: "failed", error: notResumed(agent) };
  if (end.outcome === "completed" || end.outcome === "canceled")
    return { kind: "over", outcome: end.outcome };
  const words = clean(end.text);
  const text = words === "" ? {} : { text: withoutAddresses(words) };
  if (end.outcome === "rejected") return { kind: "over", outcome: "rejected", ...text };
  return { kind: "over", outcome: "failed", ...text, error: runFailed(words, agent) };
}
