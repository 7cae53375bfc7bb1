import { type DestinationStream, type Logger, destination as openDestination, pino } from "pino";
import type { Log, LogFields } from "../conversation/ports.ts";
import { redactFields } from "./redact.ts";
import { createScrubber } from "./scrub.ts";
import { readTraceparent } from "./traceparent.ts";

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
  /** Asked for each line: what it belongs to, as far as that can be told. */
  readonly belongsTo?: () => LogFields;
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
  return toLog(logger, options.belongsTo ?? (() => ({})));
}

function toLog(logger: Logger, belongsTo: () => LogFields, inherited?: string): Log {
  const at = (level: "debug" | "info" | "warn" | "error") => (fields: LogFields, message: string) => {
    if (!logger.isLevelEnabled(level)) return;
    const { traceparent: told = inherited, ...rest } = fields;
    logger[level]({ ...safely(rest), ...traceFields(told, belongsTo().traceparent) }, message);
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child({ traceparent, ...fields }) {
      const told = typeof traceparent === "string" ? traceparent : inherited;
      return toLog(logger.child(safely(fields)), belongsTo, told);
    },
  };
}

/** Ids as OpenTelemetry names them in logs; `here` is more exact where it is of the same trace. */
function traceFields(told: unknown, here: unknown): Record<string, string> {
  const [named, active] = [told, here].map((one) =>
    typeof one === "string" ? readTraceparent(one) : undefined,
  );
  const span = named && active?.traceId !== named.traceId ? named : active;
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
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
