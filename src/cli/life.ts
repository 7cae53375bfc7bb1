import type { Operations } from "../app/operations.ts";
import { type App, createApp } from "../app.ts";
import type { Config } from "../config/config.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import type { Tracing } from "../telemetry/tracing.ts";

/** Why an app ended. `lost`: its gateway was not well for ten minutes. */
export type End =
  | { readonly kind: "asked" | "lost" }
  /** Discord closed the connection for good. */
  | { readonly kind: "fatal"; readonly error: Error };

/** What one life of an app needs. */
export interface LifeOptions {
  readonly config: Config;
  readonly operations: Operations;
  readonly version: string;
  readonly print: (text: string) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracing: Tracing;
  /** Resolves with its name when the process is asked to end. */
  readonly asked: Promise<string>;
  /** Called with the app once it serves people. */
  readonly onServing: (app: App) => void;
}

/** Unsent final states get this long; then the process ends anyway. */
const STOP_LIMIT_MS = 20_000;
/** A start that is given up has shown nothing yet: nobody waits for its last words. */
const GIVE_UP_LIMIT_MS = 8_000;

/** Runs one app from its start to its end. Rejects when it could not start. */
export async function liveOnce(options: LifeOptions): Promise<End> {
  const { config, operations, version, print, clock, log, tracing, asked } = options;
  const { health, observers } = operations;
  const ended = deferred<End>();
  const askedToEnd = asked.then((): End => ({ kind: "asked" }));
  let app: App | undefined;
  health.enter("starting");
  const starting = (async () => {
    app = await createApp(config, {
      ...{ log, clock, version, print, observers, tracing },
      onFatal: (error) => ended.resolve({ kind: "fatal", error }),
      onLost: () => ended.resolve({ kind: "lost" }),
      onWaiting: () => health.enter("waiting"),
    });
    operations.show(app.vitals);
    await app.start();
    return app;
  })();
  const early = await Promise.race([starting.then(() => undefined), askedToEnd]);
  if (early !== undefined) {
    log.info({}, "stopping before the start was complete");
    // Its failure no longer interests anybody; before there is an app nothing was begun.
    starting.catch(() => {});
    if (app) await Promise.race([app.stop().catch(() => {}), clock.sleep(GIVE_UP_LIMIT_MS)]);
    return early;
  }
  const started = await starting;
  health.enter("running");
  options.onServing(started);
  const end = await Promise.race([askedToEnd, ended.promise]);
  if (end.kind === "fatal") log.error({ err: end.error }, end.error.message);
  if (end.kind !== "lost") health.enter("stopping");
  log.info({}, "stopping");
  await Promise.race([started.stop(), clock.sleep(STOP_LIMIT_MS)]);
  return end;
}

function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve: (value) => resolve(value) };
}
