import {
  type Attributes,
  type Context,
  context,
  type Tracer as OtelTracer,
  SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import type { AgentRef } from "../conversation/agent-ref.ts";
import { contextUnder, recordingSpan } from "./active-span.ts";
import { createBoundedLabel } from "./bounded-label.ts";
import { ATTRIBUTES } from "./trace-names.ts";

const MOST_ROUTES = 100;

/** What is over when it is told, as a span that ends now. `error`: its type, where it failed. */
interface Passed {
  readonly name: string;
  readonly ms: number;
  readonly attributes: Attributes;
  readonly error: string | undefined;
  /** Absent: below what goes on right here. */
  readonly parent?: Context;
}

/** Spans of requests and store operations. They are recorded only as a part of something that people caused. */
export function createPassingSpans(tracer: OtelTracer) {
  const routeLabel = createBoundedLabel(MOST_ROUTES);

  function passed({ name, ms, attributes, error, parent = context.active() }: Passed): void {
    const endTime = Date.now();
    const startTime = endTime - ms;
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }, parent);
    if (error !== undefined) {
      span.setAttribute(ATTRIBUTES.errorType, error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    }
    span.end(endTime);
  }

  return {
    /** An operation of the store. */
    store(operation: string, ms: number, ok: boolean): void {
      if (!recordingSpan()) return;
      const attributes = {
        [ATTRIBUTES.database]: "kagent_discord.store",
        [ATTRIBUTES.databaseOperation]: operation,
      };
      passed({ name: `store ${operation}`, ms, attributes, error: ok ? undefined : "store-failed" });
    },
    /** A request to Discord; `status` undefined: no answer came. */
    discord(method: string, route: string, status: number | undefined, ms: number): void {
      if (!recordingSpan()) return;
      const template = routeLabel(route);
      const attributes = {
        [ATTRIBUTES.method]: method,
        [ATTRIBUTES.urlTemplate]: template,
        [ATTRIBUTES.status]: status,
      };
      const error = status === undefined ? "no-answer" : status >= 400 ? String(status) : undefined;
      passed({ name: `${method} ${template}`, ms, attributes, error });
    },
    /** A call to an agent, once its answer began. */
    call(agent: AgentRef, method: string, result: string, ms: number, traceparent: string): void {
      if (!recordingSpan()) return;
      const attributes = { [ATTRIBUTES.agentName]: agent.name, [ATTRIBUTES.cluster]: agent.cluster };
      const error = result === "ok" || result === "aborted" ? undefined : result;
      passed({ name: `a2a ${method}`, ms, attributes, error, parent: contextUnder(traceparent) });
    },
  };
}
