import { setTimeout as sleep } from "node:timers/promises";
import { isSpanContextValid, trace } from "@opentelemetry/api";
import type { Log, LogFields } from "../conversation/ports.ts";
import { activeTraceparent } from "./active-span.ts";
import { createAgentSpans } from "./agent-spans.ts";
import { createHandlingSpans } from "./handling-spans.ts";
import type { OtlpOptions } from "./otlp.ts";
import { createPassingSpans } from "./passing-spans.ts";
import { createScrubber } from "./scrub.ts";
import { SCOPE } from "./trace-names.ts";
import { createTurnSpans } from "./turn-spans.ts";

/** What is traced, and where it goes. */
export interface TracingOptions {
  /** Whole address of an OTLP receiver; absent: nowhere, unless somebody put an SDK into this process. */
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Prompts, answers and arguments of tools go along, without secrets. */
  readonly content: boolean;
}

/** What tracing needs. */
export interface TracingContext {
  readonly version: string;
  readonly log: Log;
  /** Values that no span may hold. */
  readonly secrets: readonly string[];
}

/** The spans of this process. Without an SDK they are empty and cost next to nothing. */
export type Tracing = Awaited<ReturnType<typeof openTracing>>;

/** Unsent spans get this long at the end of the process. */
const FLUSH_LIMIT_MS = 3_000;

/**
 * Begins to trace. The SDK is loaded only where spans have somewhere to go, and never beside one that is there already, such
 * as one injected into the container.
 */
export async function openTracing({ url, headers, content }: TracingOptions, context: TracingContext) {
  const { version, log, secrets } = context;
  const stop = url === undefined ? nothing : await exportTo({ url, headers, version, log });
  const tracer = trace.getTracer(SCOPE, version);
  return {
    turns: createTurnSpans(tracer),
    agents: createAgentSpans({ tracer, ...(content ? { scrub: createScrubber(secrets) } : {}) }),
    passing: createPassingSpans(tracer),
    handling: createHandlingSpans(tracer),
    /** Sends what is still to be sent, as far as that is possible in three seconds. */
    async close(): Promise<void> {
      const late = new AbortController();
      await Promise.race([stop(), sleep(FLUSH_LIMIT_MS, undefined, late).catch(() => {})]);
      late.abort();
    },
  };
}

async function nothing(): Promise<void> {}

/** Never rejects: a bot without traces serves people as well. The result ends it. */
async function exportTo(options: OtlpOptions): Promise<() => Promise<void>> {
  const { log, url } = options;
  if (isTracedAlready()) {
    log.info({}, "traces are left to the OpenTelemetry SDK that is in this process already");
    return nothing;
  }
  try {
    const stop = (await import("./otlp.ts")).startOtlp(options);
    log.info({ collector: new URL(url).host }, "traces are exported");
    return stop;
  } catch (err) {
    log.error({ err }, "traces cannot be exported");
    return nothing;
  }
}

/** What a log line says of the span that it is written in. */
export function activeTrace(): LogFields {
  const traceparent = activeTraceparent();
  return traceparent === undefined ? {} : { traceparent };
}

function isTracedAlready(): boolean {
  const probe = trace.getTracer(SCOPE).startSpan("probe", { root: true });
  return isSpanContextValid(probe.spanContext());
}
