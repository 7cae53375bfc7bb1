import { context, DiagLogLevel, diag, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { Log } from "../conversation/ports.ts";
import { SCOPE } from "./trace-names.ts";

/** Where spans go. */
export interface OtlpOptions {
  /** Whole address, such as `http://collector:4318/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string;
  readonly log: Log;
}

/** `ExportResultCode.SUCCESS` of `@opentelemetry/core`. */
const SUCCESS = 0;
const MOST_COMPLAINTS = 20;

/**
 * Makes the SDK the one of this process; the result ends it, with what is still to be sent. Sampler, resource, batches and
 * limits are read from the process's `OTEL_*` variables by the SDK itself.
 */
export function startOtlp({ url, headers, version, log }: OtlpOptions): () => Promise<void> {
  diag.setLogger(complaints(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const own = resourceFromAttributes({ "service.name": SCOPE, "service.version": version });
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = quietly(new OTLPTraceExporter({ url, headers: { ...headers } }), log);
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return async () => {
    await provider.shutdown().catch(() => {});
    trace.disable();
    context.disable();
    diag.disable();
  };
}

/** An exporter whose failures are one line in the log until it works again, and nobody's error. */
function quietly(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const isFailed = result.code !== SUCCESS;
        if (isFailed && !isFailing)
          log.warn({ err: result.error }, "traces do not reach their collector; they are dropped meanwhile");
        if (!isFailed && isFailing) log.info({}, "traces reach their collector again");
        isFailing = isFailed;
        done({ code: SUCCESS });
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** What the SDK complains about, such as a variable that it does not understand: each complaint once. */
function complaints(log: Log) {
  const known = new Set<string>();
  const once = (level: "debug" | "warn") => (text: string) => {
    if (known.has(text) || known.size >= MOST_COMPLAINTS) return;
    known.add(text);
    log[level]({}, `OpenTelemetry: ${text}`);
  };
  return { error: once("warn"), warn: once("debug"), info() {}, debug() {}, verbose() {} };
}
