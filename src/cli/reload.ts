import type { Config } from "../config/config.ts";
import type { Reconfiguration } from "../config/live.ts";
import { BridgeError } from "../conversation/errors.ts";
import type { Clock, Log } from "../conversation/ports.ts";

/** Where a changed configuration comes from. */
export interface ConfigSource {
  /** Reads it now; throws `ConfigError` with every mistake. */
  read(): Config;
  /** The text of the file that is watched; undefined: there is none, or it cannot be read. */
  text(): string | undefined;
  /** Calls `reload` when somebody asks for it (SIGHUP), until the result is called. */
  onAsked(reload: () => void): () => void;
}

/** What reloading needs. */
export interface ReloadOptions {
  readonly source: ConfigSource;
  /** Puts a sound configuration into effect. */
  readonly apply: (next: Config) => Reconfiguration;
  readonly onReload: (result: "applied" | "restart-needed" | "refused", detail: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** The text is compared: a ConfigMap is changed by a symbolic link, which file events do not tell. */
const LOOK_EVERY_MS = 5_000;

/** Reloads the configuration whenever its file changes or somebody asks, until aborted. Never rejects. */
export async function reloadOnChange(options: ReloadOptions, signal: AbortSignal): Promise<void> {
  const { source, clock } = options;
  let known = source.text();
  const stop = source.onAsked(() => {
    known = source.text();
    reload(options);
  });
  while (!signal.aborted) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
    const text = source.text();
    if (signal.aborted || text === undefined || text === known) continue;
    known = text;
    reload(options);
  }
  stop();
}

function reload({ source, apply, onReload, log }: ReloadOptions): void {
  try {
    const { applied, restart } = apply(source.read());
    const detail = `Restart the bot for what changed in ${restart.join(", ")}.`;
    if (restart.length > 0) {
      onReload("restart-needed", detail);
      log.warn({ applied, restart }, "the configuration was read again; a part of it needs a restart");
    } else {
      onReload("applied", "It is sound.");
      log.info({ applied }, "the configuration was read again");
    }
  } catch (err) {
    onReload("refused", "The changed one has mistakes, so the one before is in effect. The log lists them.");
    const sentence = err instanceof BridgeError ? err.message : "it cannot be read";
    log.error({ err }, `the changed configuration is refused, and the one before stays: ${sentence}`);
  }
}
