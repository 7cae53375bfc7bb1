import type { AuditTrail } from "../audit/trail.ts";
import type { Approvals } from "../conversation/approvals.ts";
import type { Conversations } from "../conversation/conversations.ts";
import type { Clock, Store } from "../conversation/ports.ts";
import type { Prompt } from "../conversation/prompt.ts";
import type { GatewayState } from "../discord/command.ts";
import type { GatewayPulse } from "../discord/gateway/gateway-watch.ts";
import type { CheckResult, ReadyCheck } from "../http/health.ts";
import type { OpenStore } from "../store/open.ts";
import type { Figures } from "../telemetry/process-metrics.ts";

/** How an app is, for probes and scrapes. */
export interface Vitals {
  /** What must be well for people to be served. */
  readonly checks: readonly ReadyCheck[];
  /** What it holds now; what cannot be learned is left out. */
  figures(): Promise<Figures>;
}

/** What vital signs are taken from. */
export interface VitalsOptions {
  readonly store: Pick<OpenStore, "check">;
  readonly queue: Store<Prompt>;
  readonly audit: Pick<AuditTrail, "head">;
  readonly conversations: Pick<Conversations, "running">;
  readonly approvals: Pick<Approvals, "waiting" | "card">;
  readonly gateway: () => GatewayState;
  readonly pulse: () => GatewayPulse;
  readonly clock: Clock;
}

/** A row is written, read and removed at most this often, however many probes ask (ms). */
const STORE_CHECK_MS = 5_000;

/** The vital signs of an app. */
export function createVitals(options: VitalsOptions): Vitals {
  const { store, queue, audit, conversations, approvals, clock } = options;

  async function waiting(): Promise<Pick<Figures, "approvalsWaiting" | "oldestApprovalMs">> {
    const rows = await approvals.waiting();
    const counts = new Map([["open", 0]]);
    let oldestMs = 0;
    for (const row of rows) {
      const state = (await approvals.card(row.id))?.state.kind ?? "open";
      counts.set(state, (counts.get(state) ?? 0) + 1);
      if (state === "open") oldestMs = Math.max(oldestMs, clock.now() - row.requestedAt);
    }
    return { approvalsWaiting: Object.fromEntries(counts), oldestApprovalMs: oldestMs };
  }

  return {
    checks: [
      { name: "store", run: rarely(() => store.check().then(() => ({ ok: true })), STORE_CHECK_MS, clock) },
      {
        name: "gateway",
        run() {
          const { alive, detail } = options.pulse();
          return { ok: alive, detail };
        },
      },
    ],
    async figures() {
      const { pingMs } = options.gateway();
      const { alive, silenceMs } = options.pulse();
      const seq = audit.head()?.seq;
      // A store that is away shows in its own figures.
      const [queued, paused] = await Promise.all([
        queue.list("").catch(() => undefined),
        waiting().catch(() => ({})),
      ]);
      return {
        turnsRunning: conversations.running(),
        ...(queued === undefined ? {} : { promptsQueued: queued.length }),
        ...paused,
        ...(seq === undefined ? {} : { auditSeq: seq }),
        gatewayUp: alive,
        gatewaySilenceMs: silenceMs,
        ...(pingMs === undefined ? {} : { gatewayPingMs: pingMs }),
      };
    },
  };
}

/** The result of a check, at most so old (ms); one that goes on is waited for by all who ask. */
function rarely(check: () => Promise<CheckResult>, ageMs: number, clock: Pick<Clock, "now">) {
  let last: { readonly at: number; readonly result: Promise<CheckResult> } | undefined;
  return (): Promise<CheckResult> => {
    if (!last || clock.now() - last.at >= ageMs) last = { at: clock.now(), result: check() };
    return last.result;
  };
}
