import type { CallObserver } from "../a2a/call-observer.ts";
import type { RunObserver } from "../a2a/observed-agent.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import type { AuditObserver } from "../conversation/audit-observer.ts";
import type { DecisionObserver } from "../conversation/decision-observer.ts";
import type { FeedbackObserver } from "../conversation/feedback.ts";
import type { Turn } from "../conversation/turn.ts";
import type { TurnObserver } from "../conversation/turn-observer.ts";
import type { DiscordObserver } from "../discord/gateway/observed-client.ts";
import type { LagObserver } from "../discord/rest/observed-scheduler.ts";
import type { StoreObserver } from "../store/observed-driver.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Tracing } from "../telemetry/tracing.ts";

/** Everybody who hears in passing how things go. */
export interface Observers {
  readonly turns: TurnObserver;
  readonly decisions: DecisionObserver;
  readonly audit: AuditObserver;
  readonly calls: CallObserver;
  readonly runs: RunObserver;
  readonly discord: DiscordObserver;
  readonly lag: LagObserver;
  readonly feedback: FeedbackObserver;
  readonly store: StoreObserver;
  readonly canary: (result: "answered" | "silent") => void;
  readonly sessionStarts: (remaining: number) => void;
}

/** Observers that tell the metrics and the traces, where there are any. */
export function observersFor(metrics: Metrics | undefined, { turns, agents, passing }: Tracing): Observers {
  return {
    turns: {
      firstText: ({ agent, traceparent }, ms) =>
        metrics?.firstText(labelOf(agent), ms, traceIdOf(traceparent)),
      over(turn) {
        turns.over(turn);
        metrics?.turnOver(toTurnOver(turn));
      },
    },
    decisions: {
      decided: (by, verdict, waitedMs) => metrics?.approvalDecided(by, verdict, waitedMs),
      moved: (state) => metrics?.decisionState(state),
    },
    audit: {
      requested: (agent) => metrics?.approvalRequested(labelOf(agent)),
      refused: () => metrics?.approvalRefused(),
      failed: () => metrics?.auditFailed(),
    },
    calls({ agent, method, result, ms, traceparent }) {
      passing.call(agent, method, result, ms, traceparent);
      metrics?.agentCall({ ...labelOf(agent), method, result, ms, traceId: traceIdOf(traceparent) });
    },
    runs: agents,
    discord: {
      answered: (route, status) => metrics?.discordAnswer(route, String(status)),
      requested: passing.discord,
      rateLimited: (scope) => metrics?.rateLimited(scope),
      interaction: (kind) => metrics?.interaction(kind),
      acknowledged: (kind, ms) => metrics?.acknowledged(kind, ms),
      event: (type) => metrics?.gatewayEvent(type),
      disconnected: () => metrics?.gatewayDisconnect(),
    },
    lag: (kind, ms) => metrics?.displayLag(kind, ms),
    feedback: (agent, vote, changed) => metrics?.feedback(labelOf(agent), vote, changed),
    store(operation, ms, ok) {
      passing.store(operation, ms, ok);
      metrics?.storeOp(operation, ms, ok);
    },
    canary: (result) => metrics?.canary(result),
    sessionStarts: (remaining) => metrics?.sessionStarts(remaining),
  };
}

function toTurnOver({ agent, state, problem, traceparent, startedAt, endedAt = startedAt, waitedMs }: Turn) {
  return {
    ...labelOf(agent),
    outcome: state,
    ...(problem === undefined ? {} : { code: problem.code }),
    ms: endedAt - startedAt - waitedMs,
    traceId: traceIdOf(traceparent),
  };
}

function labelOf({ namespace, name, cluster }: AgentRef) {
  return { agent: `${namespace}/${name}`, cluster };
}

/** The trace id of a W3C `traceparent`; undefined where there is none. */
function traceIdOf(traceparent: string): string | undefined {
  return /^[\da-f]{2}-([\da-f]{32})-/.exec(traceparent)?.[1];
}
