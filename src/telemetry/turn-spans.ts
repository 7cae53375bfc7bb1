import {
  type Attributes,
  context,
  type Tracer as OtelTracer,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { Stretch, Tracer } from "../conversation/tracer.ts";
import type { Turn } from "../conversation/turn.ts";
import { activeTraceparent, contextUnder, linksTo } from "./active-span.ts";
import { ATTRIBUTES } from "./trace-names.ts";
import { createTraceparent, toTraceparent } from "./traceparent.ts";

/** Turns as spans: one for each stretch, all in one trace. */
export interface TurnSpans extends Tracer {
  /** A turn is over and people can see it. */
  over(turn: Turn): void;
}

/** Spans of turns in this process. */
export function createTurnSpans(tracer: OtelTracer): TurnSpans {
  const open = new Map<string, Span>();
  const told = new WeakSet<Span>();

  function begin(stretch: Omit<Stretch, "traceparent">, under: string | undefined): Span {
    const span = tracer.startSpan(
      "turn",
      { attributes: attributesOf(stretch), links: linksTo(stretch.decidedUnder) },
      contextUnder(under),
    );
    open.set(stretch.id, span);
    return span;
  }

  function tell(turn: Turn): Span | undefined {
    const span = open.get(turn.id);
    span?.setAttributes(outcomeOf(turn));
    if (span) told.add(span);
    return span;
  }

  function end(id: string, span: Span): void {
    open.delete(id);
    // The process ends, or another one goes on with it.
    if (!told.has(span)) span.setAttribute(ATTRIBUTES.outcome, "left");
    span.end();
  }

  async function inside<R>(
    id: string,
    span: Span,
    work: () => Promise<R>,
    goesOn: (result: R) => boolean = () => false,
  ): Promise<R> {
    let isKept = false;
    try {
      const result = await context.with(trace.setSpan(context.active(), span), work);
      isKept = goesOn(result);
      return result;
    } finally {
      // An inner stretch may have ended it, and another one begun since.
      if (!isKept && open.get(id) === span) end(id, span);
    }
  }

  return {
    first(prompt, work) {
      const span = begin(prompt, prompt.traceparent);
      const traceparent = toTraceparent(span.spanContext()) ?? createTraceparent();
      return inside(prompt.id, span, () => work(traceparent));
    },
    during(stretch, work, goesOn) {
      const span = open.get(stretch.id) ?? begin(stretch, stretch.traceparent);
      return inside(stretch.id, span, work, goesOn);
    },
    rests(turn) {
      const span = tell(turn);
      if (span) end(turn.id, span);
    },
    over(turn) {
      const span = tell(turn);
      if (turn.problem) span?.setStatus({ code: SpanStatusCode.ERROR, message: turn.problem.code });
    },
    here: activeTraceparent,
  };
}

function attributesOf({ id, agent, place }: Omit<Stretch, "traceparent">): Attributes {
  return {
    [ATTRIBUTES.turn]: id,
    [ATTRIBUTES.agentName]: agent.name,
    [ATTRIBUTES.agentId]: `${agent.namespace}/${agent.name}`,
    [ATTRIBUTES.cluster]: agent.cluster,
    [ATTRIBUTES.guild]: place.guildId,
    [ATTRIBUTES.channel]: place.channelId,
  };
}

function outcomeOf(turn: Turn): Attributes {
  const { problem, taskId, contextId, state } = turn;
  return {
    [ATTRIBUTES.outcome]: state,
    [ATTRIBUTES.conversation]: contextId === "" ? undefined : contextId,
    [ATTRIBUTES.task]: taskId,
    [ATTRIBUTES.user]: turn.prompt.actor.id,
    [ATTRIBUTES.pauses]: turn.leg,
    [ATTRIBUTES.waited]: turn.waitedMs,
    [ATTRIBUTES.tools]: [...turn.earlier, ...turn.output].filter(({ kind }) => kind === "tool").length,
    [ATTRIBUTES.errorType]: problem?.code,
    [ATTRIBUTES.reference]: problem?.reference,
  };
}
