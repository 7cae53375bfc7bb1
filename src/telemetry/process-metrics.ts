import type { Instruments } from "./instruments.ts";

/** What is asked at the moment of a scrape. A missing figure keeps its value. */
export interface Figures {
  readonly turnsRunning?: number;
  readonly promptsQueued?: number;
  /** How many pauses wait, by how far their decision is. */
  readonly approvalsWaiting?: Readonly<Record<string, number>>;
  /** Of the oldest pause that nobody has decided; 0 where there is none. */
  readonly oldestApprovalMs?: number;
  readonly auditSeq?: number;
  readonly gatewayUp?: boolean;
  readonly gatewayPingMs?: number;
  /** Since the gateway's last sign of life. */
  readonly gatewaySilenceMs?: number;
}

/** Prometheus sees no increase in a series that begins with 1, so what alerts count is there from the start. */
const RELOADS = ["applied", "restart-needed", "refused"] as const;

const STORE_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** What is told of the process itself: what it holds now, its store, its trail and its configuration. */
export function processMetrics({ counter, gauge, histogram }: Instruments) {
  const running = gauge("turns_running", "Turns that are going on or wait for people.");
  const queued = gauge("prompts_queued", "Prompts that wait for the turn before them.");
  const waiting = gauge("approvals_waiting", "Pauses that wait, by how far their decision is.", ["state"]);
  const oldest = gauge("approvals_oldest_seconds", "Age of the oldest pause that nobody has decided.");
  const seq = gauge("audit_head_seq", "Number of the last durable audit record.");
  const up = gauge("gateway_up", "Whether the gateway is connected, acknowledges heartbeats and answers.");
  const ping = gauge("gateway_ping_seconds", "Round trip of the last heartbeat.");
  const silence = gauge("gateway_silence_seconds", "Since the gateway's last sign of life.");
  const auditErrors = counter("audit_errors_total", "Audit records that could not be made durable.");
  const storeTime = histogram("store_op_seconds", "Operations of the store.", STORE_SECONDS, ["op"]);
  const storeErrors = counter("store_errors_total", "Operations of the store that failed.", ["op"]);
  const reloads = counter("config_reloads_total", "Changed configurations, by result.", ["result"]);
  for (const result of RELOADS) reloads.add({ result }, 0);
  const readAt = gauge(
    "config_read_seconds",
    "When the configuration in effect was read, in seconds since 1970.",
  );
  const set = (target: typeof running, value: number | undefined) => {
    if (value !== undefined) target.set({}, value);
  };
  const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
  return {
    auditFailed: () => auditErrors.add(),
    storeOp(op: string, ms: number, ok: boolean): void {
      storeTime.observeMs({ op }, ms);
      storeErrors.add({ op }, ok ? 0 : 1);
    },
    configReload: (result: (typeof RELOADS)[number]) => reloads.add({ result }),
    configRead: (atMs: number) => readAt.set({}, atMs / 1000),
    figures(now: Figures): void {
      set(running, now.turnsRunning);
      set(queued, now.promptsQueued);
      set(oldest, inSeconds(now.oldestApprovalMs));
      set(seq, now.auditSeq);
      set(up, now.gatewayUp === undefined ? undefined : Number(now.gatewayUp));
      set(ping, inSeconds(now.gatewayPingMs));
      set(silence, inSeconds(now.gatewaySilenceMs));
      if (now.approvalsWaiting)
        waiting.replace(Object.entries(now.approvalsWaiting).map(([state, count]) => [{ state }, count]));
    },
  };
}
