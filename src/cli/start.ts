import { setFlagsFromString } from "node:v8";
import { type Operations, openOperations } from "../app/operations.ts";
import type { App } from "../app.ts";
import { type Config, secretsOf } from "../config/config.ts";
import { BridgeError } from "../conversation/errors.ts";
import type { Clock } from "../conversation/ports.ts";
import { systemClock } from "../telemetry/clock.ts";
import { createLog } from "../telemetry/log.ts";
import { activeTrace, openTracing } from "../telemetry/tracing.ts";
import { type LifeOptions, liveOnce } from "./life.ts";
import { type ConfigSource, reloadOnChange } from "./reload.ts";

/** What the subcommand needs of the process. */
export interface StartContext {
  readonly config: Config;
  readonly version: string;
  /** What to warn about before anything else. */
  readonly hints: readonly string[];
  readonly isTerminal: boolean;
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** Resolves when the process is asked to end (SIGTERM, SIGINT). */
  readonly asked: Promise<string>;
  /** Absent: the configuration stays as it is. */
  readonly source?: ConfigSource;
  /** Absent: the real one. */
  readonly clock?: Clock;
  /** Hears where probes and metrics are served. */
  readonly onListening?: (port: number) => void;
}

/**
 * V8 collects old objects when the heap has grown by this share, instead of letting it double: a bot that waits on
 * networks has time to collect, and a pod's memory limit counts the garbage too.
 */
const HEAP_GROWTH_PERCENT = 30;
/** A second client within this time would not help: then the process ends, and whoever runs it waits before the next start. */
const RENEW_AGAIN_MS = 60 * 60_000;

/** `kagent-discord start`: runs until asked to end; the exit code. */
export async function start(context: StartContext): Promise<number> {
  const { config, version, hints, isTerminal, clock = systemClock } = context;
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const log = await createLog({
    level: config.log.level,
    pretty: config.log.pretty ?? isTerminal,
    secrets: secretsOf(config),
    belongsTo: activeTrace,
  });
  for (const hint of hints) log.warn({}, hint);
  const tracing = await openTracing(config.tracing, { version, log, secrets: secretsOf(config) });
  let operations: Operations | undefined;
  const over = new AbortController();
  try {
    operations = await openOperations(config.http, { version, clock, log, tracing });
    if (operations.port !== undefined) context.onListening?.(operations.port);
    return await run(context, operations, { clock, log, tracing }, over.signal);
  } catch (error) {
    if (error instanceof BridgeError) log.error({ err: error }, error.message);
    else log.error({ err: error }, "the bot could not start");
    return 1;
  } finally {
    over.abort();
    await operations?.close();
    await tracing.close();
  }
}

/** One app after another: only a gateway that stays lost calls for a second one. */
async function run(
  context: StartContext,
  operations: Operations,
  { clock, log, tracing }: Pick<LifeOptions, "clock" | "log" | "tracing">,
  signal: AbortSignal,
): Promise<number> {
  const { config, source, asked, version, print } = context;
  let latest = config;
  let app: App | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  // From this moment nobody shall be sent here, whatever still has to be finished.
  void asked.then((name) => {
    operations.health.enter("stopping");
    log.info({ signal: name }, "asked to end");
  });
  const apply = (next: Config) => {
    latest = next;
    return app?.reconfigure(next) ?? { applied: [], restart: [] };
  };
  if (source) void reloadOnChange({ source, apply, onReload: operations.reloaded, clock, log }, signal);
  const onServing = (serving: App) => {
    app = serving;
    if (latest !== config) app.reconfigure(latest);
  };
  for (;;) {
    const end = await liveOnce({ config, operations, version, print, clock, log, tracing, asked, onServing });
    app = undefined;
    if (end.kind !== "lost") {
      log.info({}, "stopped");
      return end.kind === "fatal" ? 1 : 0;
    }
    if (clock.now() - renewedAt < RENEW_AGAIN_MS) {
      log.error(
        {},
        "the gateway was not well for ten minutes again: the process ends, to be started anew later",
      );
      return 1;
    }
    log.warn({}, "the gateway was not well for ten minutes: trying once with a new client");
    renewedAt = clock.now();
    operations.renewed();
  }
}
