import { createBoundedLabel } from "./bounded-label.ts";
import type { Instruments } from "./instruments.ts";

/** An agent as a label: `namespace/name`, and its cluster. */
export interface AgentLabel {
  readonly agent: string;
  readonly cluster: string;
}

/** A turn that is over. `ms`: from prompt to end, without the time that people took to decide. */
export interface TurnOver extends AgentLabel {
  readonly outcome: string;
  /** Why it failed. */
  readonly code?: string;
  readonly ms: number;
  readonly traceId: string | undefined;
}

/** A call to an agent, once its answer began. */
export interface AgentCall extends AgentLabel {
  readonly method: string;
  readonly result: string;
  readonly ms: number;
  readonly traceId: string | undefined;
}

/** Prometheus sees no increase in a series that begins with 1, so the codes that an alert counts are there from the start. */
const UNREACHABLE = ["kagent-unreachable", "kagent-unauthorized", "agent-unreachable"];

const TURN_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];
const FIRST_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60];
const LAG_SECONDS = [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30];
const CALL_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 30];
const WAIT_SECONDS = [5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400];
const MOST_AGENTS = 60;
const BY_AGENT = ["agent", "cluster"];

/** What is told of turns, of the agents behind them, and of decisions. */
export function turnMetrics({ counter, histogram }: Instruments) {
  const agentLabel = createBoundedLabel(MOST_AGENTS);
  const ofAgent = ({ agent, cluster }: AgentLabel) => ({ agent: agentLabel(agent), cluster });
  const turns = counter("turns_total", "Turns that are over.", [...BY_AGENT, "outcome"]);
  const failures = counter("turn_failures_total", "Turns that failed or were lost, by error code.", ["code"]);
  for (const code of UNREACHABLE) failures.add({ code }, 0);
  const duration = histogram(
    "turn_duration_seconds",
    "From the prompt to the end of its turn, without the time that people took to decide.",
    TURN_SECONDS,
    [...BY_AGENT, "outcome"],
  );
  const first = histogram(
    "turn_first_text_seconds",
    "From the prompt to the first text of its answer.",
    FIRST_SECONDS,
    BY_AGENT,
  );
  const lag = histogram(
    "display_lag_seconds",
    "How long people saw something older than the bot had, by kind of request.",
    LAG_SECONDS,
    ["kind"],
  );
  const calls = counter("a2a_requests_total", "Calls to agents, by how the answer began.", [
    ...BY_AGENT,
    "method",
    "result",
  ]);
  const callTime = histogram(
    "a2a_request_seconds",
    "From a call to an agent to the beginning of its answer.",
    CALL_SECONDS,
    ["method"],
  );
  const asked = counter("approvals_requested_total", "Pauses that agents made for people.", BY_AGENT);
  const decided = counter(
    "approvals_decided_total",
    "Decisions, by who or what made them, and what they are.",
    ["by", "verdict"],
  );
  const waited = histogram("approval_wait_seconds", "From a pause to its decision.", WAIT_SECONDS, ["by"]);
  const refused = counter("approvals_refused_total", "Clicks of people who may not decide.");
  const votes = counter("feedback_total", "Thumbs up and down, and whether they replace an earlier one.", [
    ...BY_AGENT,
    "vote",
    "changed",
  ]);
  const states = counter("decisions_total", "Decisions that came to a state on their way to the agent.", [
    "state",
  ]);
  return {
    turnOver(turn: TurnOver): void {
      const labels = { ...ofAgent(turn), outcome: turn.outcome };
      turns.add(labels, 1, turn.traceId);
      duration.observeMs(labels, turn.ms, turn.traceId);
      if (turn.code !== undefined) failures.add({ code: turn.code }, 1, turn.traceId);
    },
    firstText: (agent: AgentLabel, ms: number, traceId: string | undefined) =>
      first.observeMs(ofAgent(agent), ms, traceId),
    displayLag: (kind: string, ms: number) => lag.observeMs({ kind }, ms),
    agentCall(call: AgentCall): void {
      const { method, result, ms, traceId } = call;
      calls.add({ ...ofAgent(call), method, result }, 1, traceId);
      callTime.observeMs({ method }, ms, traceId);
    },
    approvalRequested: (agent: AgentLabel) => asked.add(ofAgent(agent)),
    approvalDecided(by: string, verdict: string, waitedMs: number | undefined): void {
      decided.add({ by, verdict });
      if (waitedMs !== undefined) waited.observeMs({ by }, waitedMs);
    },
    approvalRefused: () => refused.add(),
    feedback: (agent: AgentLabel, vote: "up" | "down", changed: boolean) =>
      votes.add({ ...ofAgent(agent), vote, changed: String(changed) }),
    decisionState: (state: string) => states.add({ state }),
  };
}
