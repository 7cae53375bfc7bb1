import { randomBytes } from "node:crypto";
import { isSpanContextValid, type SpanContext } from "@opentelemetry/api";

const FORM = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;

/**
 * A new W3C `traceparent` (https://www.w3.org/TR/trace-context/): version 00, random ids, sampled, so that a
 * tracing agent that follows its caller's decision keeps recording.
 */
export function createTraceparent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
}

/** A span as others read of it; undefined for one that nobody records anywhere. */
export function toTraceparent(span: SpanContext): string | undefined {
  if (!isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
}

/** The span that a `traceparent` names; undefined where it names none. */
export function readTraceparent(text: string | undefined): SpanContext | undefined {
  const [, traceId = "", spanId = "", flags = ""] = FORM.exec(text ?? "") ?? [];
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}
