import { setFlagsFromString } from "node:v8";
import { type App, createApp } from "../app.ts";
import { type Config, secretsOf } from "../config/config.ts";
import { BridgeError } from "../conversation/errors.ts";
import { systemClock } from "../telemetry/clock.ts";
import { createLog } from "../telemetry/log.ts";

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
}

/** Unsent final states get this long; then the process ends anyway. */
const STOP_LIMIT_MS = 20_000;
/** A start that is given up has shown nothing yet: nobody waits for its last words. */
const GIVE_UP_LIMIT_MS = 8_000;

/**
 * V8 collects old objects when the heap has grown by this share, instead of letting it double: a bot that waits on
 * networks has time to collect, and a pod's memory limit counts the garbage too.
 */
const HEAP_GROWTH_PERCENT = 30;

/** `kagent-discord start`: runs until asked to end; the exit code. */
export async function start(context: StartContext): Promise<number> {
  const { config, version, hints, isTerminal, print, asked } = context;
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const log = await createLog({
    level: config.log.level,
    pretty: config.log.pretty ?? isTerminal,
    secrets: secretsOf(config),
  });
  for (const hint of hints) log.warn({}, hint);
  const fatal = deferred<Error>();
  try {
    let app: App | undefined;
    const starting = (async () => {
      app = await createApp(config, { log, clock: systemClock, version, print, onFatal: fatal.resolve });
      await app.start();
      return app;
    })();
    const early = await Promise.race([starting.then(() => undefined), asked]);
    if (early !== undefined) {
      log.info({ signal: early }, "stopping before the start was complete");
      // Its failure no longer interests anybody; before there is an app nothing was begun.
      starting.catch(() => {});
      if (app) await Promise.race([app.stop().catch(() => {}), systemClock.sleep(GIVE_UP_LIMIT_MS)]);
      return 0;
    }
    const started = await starting;
    const end = await Promise.race([asked, fatal.promise]);
    if (end instanceof Error) log.error({ err: end }, end.message);
    else log.info({ signal: end }, "stopping");
    await Promise.race([started.stop(), systemClock.sleep(STOP_LIMIT_MS)]);
    log.info({}, "stopped");
    return end instanceof Error ? 1 : 0;
  } catch (error) {
    if (error instanceof BridgeError) log.error({ err: error }, error.message);
    else log.error({ err: error }, "the bot could not start");
    return 1;
  }
}

function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve: (value) => resolve(value) };
}
