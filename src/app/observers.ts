import type { CallObserver } from "../a2a/call-observer.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import type { AuditObserver } from "../conversation/audit-observer.ts";
import type { DecisionObserver } from "../conversation/decision-observer.ts";
import type { FeedbackObserver } from "../conversation/feedback.ts";
import type { TurnObserver } from "../conversation/turn-observer.ts";
import type { DiscordObserver } from "../discord/gateway/observed-client.ts";
import type { LagObserver } from "../discord/rest/observed-scheduler.ts";
import type { StoreObserver } from "../store/observed-driver.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** Everybody who hears in passing how things go. */
export interface Observers {
  readonly turns: TurnObserver;
  readonly decisions: DecisionObserver;
  readonly audit: AuditObserver;
  readonly calls: CallObserver;
  readonly discord: DiscordObserver;
  readonly lag: LagObserver;
  readonly feedback: FeedbackObserver;
  readonly store: StoreObserver;
  readonly canary: (result: "answered" | "silent") => void;
  readonly sessionStarts: (remaining: number) => void;
}

/** Observers that tell the metrics. */
export function observersFor(metrics: Metrics): Observers {
  return {
    turns: {
      firstText: ({ agent, traceparent }, ms) =>
        metrics.firstText(labelOf(agent), ms, traceIdOf(traceparent)),
      over: ({ agent, state, problem, traceparent, startedAt, endedAt = startedAt, waitedMs }) =>
        metrics.turnOver({
          ...labelOf(agent),
          outcome: state,
          ...(problem === undefined ? {} : { code: problem.code }),
          ms: endedAt - startedAt - waitedMs,
          traceId: traceIdOf(traceparent),
        }),
    },
    decisions: { decided: metrics.approvalDecided, moved: metrics.decisionState },
    audit: {
      requested: (agent) => metrics.approvalRequested(labelOf(agent)),
      refused: metrics.approvalRefused,
      failed: metrics.auditFailed,
    },
    calls: ({ agent, method, result, ms, traceparent }) =>
      metrics.agentCall({ ...labelOf(agent), method, result, ms, traceId: traceIdOf(traceparent) }),
    discord: {
      answered: (route, status) => metrics.discordAnswer(route, String(status)),
      rateLimited: metrics.rateLimited,
      interaction: metrics.interaction,
      acknowledged: metrics.acknowledged,
      event: metrics.gatewayEvent,
      disconnected: metrics.gatewayDisconnect,
    },
    lag: metrics.displayLag,
    feedback: (agent, vote, changed) => metrics.feedback(labelOf(agent), vote, changed),
    store: metrics.storeOp,
    canary: metrics.canary,
    sessionStarts: metrics.sessionStarts,
  };
}

function labelOf({ namespace, name, cluster }: AgentRef) {
  return { agent: `${namespace}/${name}`, cluster };
}

/** The trace id of a W3C `traceparent`; undefined where there is none. */
function traceIdOf(traceparent: string): string | undefined {
  return /^[\da-f]{2}-([\da-f]{32})-/.exec(traceparent)?.[1];
}
