import { type DestinationStream, type Logger, destination as openDestination, pino } from "pino";
import type { Log, LogFields } from "../conversation/ports.ts";
import { redactFields } from "./redact.ts";
import { createScrubber } from "./scrub.ts";

/** How much is logged. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** How to log. `destination` gets whole lines that end in a newline (default: standard output). */
export interface LogOptions {
  readonly level: LogLevel;
  /** Readable lines instead of JSON, where pino-pretty is installed. */
  readonly pretty: boolean;
  readonly destination?: { write(line: string): void };
  /** Values that never appear in a line, whatever carries them. */
  readonly secrets: readonly string[];
  /** On every line. */
  readonly fields?: LogFields;
}

/**
 * The log of the process: one JSON object a line, with level names and ISO times. No line holds a known secret, an
 * interaction token, an authorization header, or the URL or body of a request that failed.
 */
export async function createLog(options: LogOptions): Promise<Log> {
  const out = options.destination ?? openDestination({ dest: 1, sync: true });
  const sink = options.pretty ? await prettyOr(out) : out;
  const scrub = createScrubber(options.secrets);
  const logger = pino(
    {
      level: options.level,
      base: options.fields ? redactFields(options.fields) : null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are described before pino sees them.
      serializers: { err: (err: unknown) => err },
    },
    { write: (line) => sink.write(scrub(line)) },
  );
  return toLog(logger);
}

function toLog(logger: Logger): Log {
  const at = (level: "debug" | "info" | "warn" | "error") => (fields: LogFields, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](safely(fields), message);
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => toLog(logger.child(safely(fields))),
  };
}

/** A getter of a foreign object may throw, and a log line must never be the reason that something fails. */
function safely(fields: LogFields): Record<string, unknown> {
  try {
    return redactFields(fields);
  } catch {
    return { unloggable: Object.keys(fields) };
  }
}

/** pino-pretty is a development dependency, so a production install goes on with JSON. */
async function prettyOr(out: DestinationStream): Promise<DestinationStream> {
  try {
    const { prettyFactory } = await import("pino-pretty");
    const format = prettyFactory({ ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss.l", colorize: true });
    return { write: (line) => out.write(String(format(line))) };
  } catch {
    return out;
  }
}
