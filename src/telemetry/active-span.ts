import { type Context, context, ROOT_CONTEXT, type Span, type SpanContext, trace } from "@opentelemetry/api";
import { readTraceparent, toTraceparent } from "./traceparent.ts";

/** `traceparent` of the span that is going on right here; undefined where there is none. */
export function activeTraceparent(): string | undefined {
  const active = trace.getSpan(context.active());
  return active && toTraceparent(active.spanContext());
}

/** The span that is going on right here, if what belongs to it is recorded. */
export function recordingSpan(): Span | undefined {
  const active = trace.getSpan(context.active());
  return active?.isRecording() ? active : undefined;
}

/** A context below the span that a `traceparent` names; a new trace where it names none. */
export function contextUnder(traceparent: string | undefined): Context {
  const parent = readTraceparent(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/** A link to the span that a `traceparent` names. */
export function linksTo(traceparent: string | undefined): { context: SpanContext }[] {
  const linked = readTraceparent(traceparent);
  return linked ? [{ context: linked }] : [];
}
