import type { Environment } from "./environment.ts";

/** Where traces go, by OpenTelemetry's own variables; `url` absent: nowhere. */
export interface TracingConfig {
  readonly url?: string;
  /** Secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly content: boolean;
}

/**
 * Reads what decides whether traces are exported. Everything else of `OTEL_*` is the SDK's own.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readTracing(env: Environment): TracingConfig {
  const url = readAddress(env);
  const headers = {
    ...readHeaders(env, "OTEL_EXPORTER_OTLP_HEADERS"),
    ...readHeaders(env, "OTEL_EXPORTER_OTLP_TRACES_HEADERS"),
  };
  const content = env.flag("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT") ?? false;
  const exporter = env.choice("OTEL_TRACES_EXPORTER", ["otlp", "none"]) ?? "otlp";
  const isOff = (env.flag("OTEL_SDK_DISABLED") ?? false) || exporter === "none";
  if (url === undefined || isOff) return { headers, content };
  checkProtocol(env);
  return { url, headers, content };
}

/** One for traces is taken as it is; the one for all signals is a base. */
function readAddress(env: Environment): string | undefined {
  const own = env.url("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "otlp");
  const base = env.url("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp");
  return own ?? (base === undefined ? undefined : `${base}/v1/traces`);
}

const PROTOCOLS = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"] as const;

function checkProtocol(env: Environment): void {
  const name = PROTOCOLS.find((one) => env.isSet(one));
  if (name === undefined || env.text(name) === "http/protobuf") return;
  env.problem(name, "This bot speaks http/protobuf only. Collectors hear that on port 4318.");
}

/** `name=value` between commas, values percent-encoded. */
function readHeaders(
  env: Environment,
  name: "OTEL_EXPORTER_OTLP_HEADERS" | "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
) {
  const pairs = (env.secret(name, "headerValue") ?? "").split(",").filter((pair) => pair.trim() !== "");
  const headers: Record<string, string> = {};
  for (const pair of pairs) {
    const [, header, value] = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const decoded = value === undefined ? undefined : decode(value);
    if (header === undefined || decoded === undefined) {
      // The value is a secret, so it is not repeated.
      env.problem(name, "This is no list of headers. Write name=value, with commas between several.");
      return {};
    }
    headers[header.toLowerCase()] = decoded;
  }
  return headers;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
