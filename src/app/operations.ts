import type { Config } from "../config/config.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import { createHealth, type Health } from "../http/health.ts";
import type { Listener } from "../http/listener.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { type Observers, observersFor } from "./observers.ts";
import type { Vitals } from "./vitals.ts";

/** What whoever runs the bot looks at, from before its start until after its end. */
export interface Operations {
  readonly health: Health;
  readonly observers: Observers;
  /** Where it listens; absent: nowhere. */
  readonly port?: number;
  /** Shows this app from now on. */
  show(vitals: Vitals): void;
  /** A changed configuration came; `applied` also where a part of it needs a restart. */
  reloaded(result: "applied" | "restart-needed" | "refused", detail: string): void;
  /** A new client was made. */
  renewed(): void;
  close(): Promise<void>;
}

/** What operations need. */
export interface OperationsContext {
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracing: Tracing;
}

/** Opens the listener, where there shall be one. Rejects with `BridgeError("config-invalid")` when its port is taken. */
export async function openOperations(
  config: Config["http"],
  context: OperationsContext,
): Promise<Operations> {
  const health = createHealth();
  const { port, host } = config;
  if (port === undefined) {
    const observers = observersFor(undefined, context.tracing);
    return { health, observers, show() {}, reloaded() {}, renewed() {}, close: async () => {} };
  }
  return openListening({ port, ...(host === undefined ? {} : { host }) }, health, context);
}

/** Loaded only where it is used: a bot without probes need not carry it. */
async function openListening(
  address: { readonly port: number; readonly host?: string },
  health: Health,
  { version, clock, log, tracing }: OperationsContext,
): Promise<Operations> {
  const [{ createMetrics }, { createRoutes }, { listen }] = await Promise.all([
    import("../telemetry/metrics.ts"),
    import("../http/routes.ts"),
    import("../http/listener.ts"),
  ]);
  const metrics = createMetrics(version);
  let vitals: Vitals | undefined;
  let configuration = "It is sound.";
  metrics.configRead(clock.now());
  const checks = () => [
    // An older configuration in effect serves people as well as before.
    { name: "config", run: () => ({ ok: true, detail: configuration }) },
    ...(vitals?.checks ?? []),
  ];
  health.use(checks());
  const routes = createRoutes({
    health,
    version: { name: "kagent-discord", version, node: process.version },
    metrics: {
      contentType: metrics.contentType,
      async text() {
        if (vitals) metrics.figures(await vitals.figures());
        return metrics.text();
      },
    },
    onError: (err) => log.error({ err }, "a probe or a scrape could not be answered"),
  });
  const listener: Listener = await listen(routes, address);
  log.info({ port: listener.port }, "probes and metrics are served");
  return {
    health,
    observers: observersFor(metrics, tracing),
    port: listener.port,
    show(next) {
      vitals = next;
      health.use(checks());
    },
    reloaded(result, detail) {
      configuration = detail;
      metrics.configReload(result);
      if (result !== "refused") metrics.configRead(clock.now());
    },
    renewed: metrics.renewal,
    close: listener.close,
  };
}
