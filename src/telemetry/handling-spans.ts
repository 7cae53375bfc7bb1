import {
  type Attributes,
  context,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { BridgeError } from "../conversation/errors.ts";
import { ATTRIBUTES } from "./trace-names.ts";

/** Something that a person did. */
export interface Happening {
  readonly kind: "command" | "component" | "form" | "message";
  /** Of the interaction, or the message. */
  readonly id: string;
  readonly command?: string;
  readonly guildId?: string;
  readonly channelId?: string;
  readonly userId: string;
}

/** Spans of what people do, from its arrival until it is dealt with or has become a turn. */
export function createHandlingSpans(tracer: OtelTracer) {
  return {
    /** Runs what somebody caused; inside of something that is traced already it is a part of that. */
    async handle<R>(happening: Happening, work: () => Promise<R>): Promise<R> {
      if (trace.getSpan(context.active())?.isRecording()) return work();
      const { kind } = happening;
      const isMessage = kind === "message";
      const name = isMessage ? "message" : `interaction ${kind}`;
      const options = {
        kind: isMessage ? SpanKind.CONSUMER : SpanKind.SERVER,
        attributes: attributesOf(happening),
      };
      const span = tracer.startSpan(name, options, ROOT_CONTEXT);
      try {
        return await context.with(trace.setSpan(ROOT_CONTEXT, span), work);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: typeOf(error) });
        throw error;
      } finally {
        span.end();
      }
    },
    /** What goes on right here failed, and people were told this reference. */
    failed(reference: string, error: unknown): void {
      const span = trace.getSpan(context.active());
      span?.setAttributes({ [ATTRIBUTES.reference]: reference, [ATTRIBUTES.errorType]: typeOf(error) });
      span?.setStatus({ code: SpanStatusCode.ERROR, message: typeOf(error) });
    },
  };
}

function typeOf(error: unknown): string {
  return error instanceof BridgeError ? error.code : "internal";
}

function attributesOf({ kind, id, command, guildId, channelId, userId }: Happening): Attributes {
  return {
    [kind === "message" ? ATTRIBUTES.message : ATTRIBUTES.interaction]: id,
    [ATTRIBUTES.interactionKind]: kind,
    [ATTRIBUTES.command]: command,
    [ATTRIBUTES.guild]: guildId,
    [ATTRIBUTES.channel]: channelId,
    [ATTRIBUTES.user]: userId,
  };
}
