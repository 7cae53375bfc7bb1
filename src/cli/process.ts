import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Config } from "../config/config.ts";
import { ConfigError, readConfig } from "../config/read.ts";
import { secretValues } from "../config/secret-values.ts";
import { misspeltVariables } from "../config/unknown-variables.ts";
import { BridgeError } from "../conversation/errors.ts";
import type { Log } from "../conversation/ports.ts";
import { installProxies } from "../network/install.ts";
import { createScrubber } from "../telemetry/scrub.ts";
import type { ConfigSource } from "./reload.ts";

/** The text of a file, as UTF-8. */
export const readText = (path: string) => readFileSync(path, "utf8");

/** The version of this package: beside `dist` when built, beside `src` in a checkout. */
export function version(): string {
  for (const path of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version: found } = JSON.parse(readText(fileURLToPath(new URL(path, import.meta.url))));
      if (name === "kagent-discord") return String(found);
    } catch {
      // Not there: this is the other layout.
    }
  }
  return "unknown";
}

/** Text without what the environment holds of secrets: mistakes in a configuration are told before it can be read. */
export function withoutSecrets(text: string): string {
  return createScrubber(secretValues(process.env, readText))(text);
}

/** Node.js itself would print the whole error, with the token of an interaction and the text of people. */
export function endOnMistakes(log: Log): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (err: unknown) => {
      log.error(
        { err, event },
        "a mistake of the program ended it; the next start picks up what is unfinished",
      );
      process.exit(1);
    });
  }
}

/** Writes to standard output, and ends the line. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/**
 * Runs with a valid configuration, or says everything that is wrong with it. `run` imports what imports discord.js: the
 * proxies must be there before.
 */
export async function withConfig(run: (config: Config) => Promise<number>): Promise<number> {
  try {
    const config = readConfig(process.env, readText);
    installProxies(config.proxy);
    return await run(config);
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof BridgeError)) throw error;
    const hints = error instanceof ConfigError ? misspeltVariables(process.env) : [];
    process.stderr.write(withoutSecrets(`${[error.message, ...hints].join("\n")}\n`));
    return 1;
  }
}

/** Resolves when the process is asked to end. Asked a second time, it ends at once. */
/** Resolves with its name when the process is asked to end. */
export function endSignal(): Promise<string> {
  const signals = ["SIGTERM", "SIGINT"] as const;
  return new Promise((resolve) => {
    const end = (signal: string) => {
      for (const one of signals) process.off(one, end);
      resolve(signal);
    };
    for (const one of signals) process.on(one, end);
  });
}

/** The configuration as it is at any later time; the variables of a process do not change. */
export function configSource(): ConfigSource {
  const path = process.env.CONFIG_FILE?.trim() || undefined;
  return {
    read: () => readConfig(process.env, readText),
    text() {
      try {
        return path === undefined ? undefined : readText(path);
      } catch {
        return undefined;
      }
    },
    onAsked(reload) {
      // A terminal that is closed says the same, and means the end.
      if (process.stdout.isTTY) return () => {};
      process.on("SIGHUP", reload);
      return () => process.off("SIGHUP", reload);
    },
  };
}

/** The configuration, or the error that lists its mistakes. */
export function readOrRefusal(): Config | ConfigError {
  try {
    return readConfig(process.env, readText);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** Prints what a subcommand found; resolves with its exit code. */
export function report({ text, exitCode }: { readonly text: string; readonly exitCode: number }): number {
  print(withoutSecrets(text));
  return exitCode;
}
