import {
  type Attributes,
  context,
  type Tracer as OtelTracer,
  SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import type { AgentEvent } from "../conversation/agent.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import { BridgeError } from "../conversation/errors.ts";
import { contextUnder, recordingSpan } from "./active-span.ts";
import { createContentRecord } from "./content-record.ts";
import { ATTRIBUTES } from "./trace-names.ts";
import { toTraceparent } from "./traceparent.ts";

/** A run at an agent that begins to be read. */
export interface BegunRun {
  readonly agent: AgentRef;
  /** Address of the agent. */
  readonly url: string;
  readonly contextId: string;
  readonly reading: "send" | "follow";
  readonly traceparent: string;
  /** What is sent. */
  readonly text?: string;
}

/** The span of a run. */
export interface RunSpan {
  /** What the calls of this run are made under. */
  readonly traceparent: string;
  event(event: AgentEvent): void;
  /** Reading ended; more than once is once. `error`: what was thrown. */
  ended(error?: unknown): void;
}

/** How runs are recorded. `scrub` absent: without what people and agents say. */
export interface AgentSpansOptions {
  readonly tracer: OtelTracer;
  readonly scrub?: (text: string) => string;
}

/** Client spans of agents, by the GenAI conventions; undefined for runs that are not recorded. */
export function createAgentSpans({
  tracer,
  scrub,
}: AgentSpansOptions): (run: BegunRun) => RunSpan | undefined {
  return (run) => {
    const parent = recordingSpan() ? context.active() : contextUnder(run.traceparent);
    const options = { kind: SpanKind.CLIENT, attributes: attributesOf(run) };
    const span = tracer.startSpan(`invoke_agent ${run.agent.name}`, options, parent);
    if (!span.isRecording()) return undefined;
    const content = scrub && createContentRecord(run.text, scrub);
    let reconnects = 0;
    let isEnded = false;

    function failed(type: string): void {
      span.setAttribute(ATTRIBUTES.errorType, type);
      span.setStatus({ code: SpanStatusCode.ERROR, message: type });
    }

    function hear(event: AgentEvent): void {
      if (event.kind === "task") span.setAttributes(taskOf(event));
      if (event.kind === "usage") span.setAttributes(usageOf(event.usage));
      if (event.kind === "connection" && !event.connected) reconnects += 1;
      if (event.kind === "waiting") span.setAttribute(ATTRIBUTES.outcome, "waiting");
      if (event.kind !== "over") return;
      span.setAttribute(ATTRIBUTES.outcome, event.outcome);
      const isFine = event.outcome === "completed" || event.outcome === "canceled";
      if (!isFine) failed(event.error?.code ?? (event.outcome === "lost" ? "agent-lost" : "agent-failed"));
    }

    return {
      traceparent: toTraceparent(span.spanContext()) ?? run.traceparent,
      event(event) {
        hear(event);
        content?.event(event);
      },
      ended(error) {
        if (isEnded) return;
        isEnded = true;
        if (error !== undefined) failed(error instanceof BridgeError ? error.code : "internal");
        if (reconnects > 0) span.setAttribute(ATTRIBUTES.reconnects, reconnects);
        if (content) span.setAttributes(content.attributes());
        span.end();
      },
    };
  };
}

function attributesOf({ agent, url, contextId, reading }: BegunRun): Attributes {
  const { hostname, port, protocol } = new URL(url);
  return {
    [ATTRIBUTES.operation]: "invoke_agent",
    [ATTRIBUTES.provider]: "kagent",
    [ATTRIBUTES.agentName]: agent.name,
    [ATTRIBUTES.agentId]: `${agent.namespace}/${agent.name}`,
    [ATTRIBUTES.cluster]: agent.cluster,
    [ATTRIBUTES.conversation]: contextId === "" ? undefined : contextId,
    [ATTRIBUTES.serverAddress]: hostname,
    [ATTRIBUTES.serverPort]: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    [ATTRIBUTES.reading]: reading,
  };
}

function taskOf({ taskId, contextId }: AgentEvent & { readonly kind: "task" }): Attributes {
  return {
    [ATTRIBUTES.task]: taskId,
    [ATTRIBUTES.conversation]: contextId === "" ? undefined : contextId,
  };
}

function usageOf(usage: (AgentEvent & { readonly kind: "usage" })["usage"]): Attributes {
  return {
    [ATTRIBUTES.inputTokens]: usage.inputTokens,
    [ATTRIBUTES.outputTokens]: usage.outputTokens,
  };
}
