import { message } from "./protobuf.ts";

type Value = string | number | boolean | readonly Value[];

/** Attributes by name. */
type Attributes = Readonly<Record<string, Value>>;

/** A span as a collector reads it. */
export interface ReadSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer";
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: "unset" | "ok" | "error"; readonly message: string };
  /** Of whoever sent it. */
  readonly resource: Attributes;
}

const KINDS = ["internal", "internal", "server", "client", "producer", "consumer"] as const;
const CODES = ["unset", "ok", "error"] as const;

/**
 * Reads an export request, and refuses what its schema does not know.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function readTraces(body: Uint8Array): readonly ReadSpan[] {
  return message(body, [1]).each(1).flatMap(readResourceSpans);
}

function readResourceSpans(bytes: Uint8Array): readonly ReadSpan[] {
  const resourceSpans = message(bytes, [1, 2, 3]);
  const resource = attributesOf(message(resourceSpans.bytes(1), [1, 2]).each(1));
  return resourceSpans
    .each(2)
    .flatMap((scope) => message(scope, [1, 2, 3]).each(2))
    .map((span) => readSpan(span, resource));
}

function readSpan(bytes: Uint8Array, resource: Attributes): ReadSpan {
  const span = message(bytes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  const [traceId, spanId] = [span.hex(1), span.hex(2)];
  if (!/^[\da-f]{32}$/.test(traceId) || !/^[\da-f]{16}$/.test(spanId)) throw new Error("a span without ids");
  const status = message(span.bytes(15), [2, 3]);
  return {
    traceId,
    spanId,
    parentSpanId: span.hex(4),
    name: span.text(5),
    kind: KINDS[Number(span.number(6))] ?? "internal",
    startedAt: Number(span.number(7)) / 1e6,
    endedAt: Number(span.number(8)) / 1e6,
    attributes: attributesOf(span.each(9)),
    links: span.each(13).map((link) => {
      const read = message(link, [1, 2, 3, 4, 5, 6]);
      return { traceId: read.hex(1), spanId: read.hex(2) };
    }),
    status: { code: CODES[Number(status.number(3))] ?? "unset", message: status.text(2) },
    resource,
  };
}

function attributesOf(pairs: readonly Uint8Array[]): Attributes {
  return Object.fromEntries(
    pairs.map((bytes) => {
      const pair = message(bytes, [1, 2]);
      return [pair.text(1), anyValue(pair.bytes(2))];
    }),
  );
}

function anyValue(bytes: Uint8Array): Value {
  const value = message(bytes, [1, 2, 3, 4, 5]);
  if (value.has(2)) return value.number(2) === 1n;
  if (value.has(3)) return Number(value.number(3));
  if (value.has(4)) {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setBigUint64(0, value.number(4));
    return bits.getFloat64(0);
  }
  if (value.has(5)) return message(value.bytes(5), [1]).each(1).map(anyValue);
  return value.text(1);
}
