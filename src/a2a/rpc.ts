import { textsIn } from "../conversation/echo.ts";
import { CallError } from "./call-error.ts";
import { type Connection, readText } from "./connection.ts";
import type { A2ALimits } from "./options.ts";
import { readEvents } from "./sse.ts";
import { type Codec, type Envelope, readEnvelope, type Verb } from "./wire/codec.ts";
import { arrayAt, type JsonObject, objectAt } from "./wire/json.ts";

/** Who calls: goes along with every request. */
export interface Caller {
  readonly userId: string;
  readonly traceparent: string;
}

/** One JSON-RPC request. */
interface RpcCall {
  readonly codec: Codec;
  readonly verb: Verb;
  readonly params: JsonObject;
  /** What was said on the way to this call, beside its own parts. */
  readonly said?: readonly string[];
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** The JSON-RPC address of one agent. Every method rejects with `CallError` or the reason of the signal. */
export interface Rpc {
  /** The result of a call that is not a stream. */
  ask(call: RpcCall): Promise<unknown>;
  /**
   * Resolves with the first event there or the stream's quiet end; a stream whose first event is an error rejects.
   * Batches are what came in one piece. `onBytes` is told of every sign of life, comments too.
   */
  stream(call: RpcCall, onBytes: () => void): Promise<AsyncGenerator<readonly Envelope[], void, undefined>>;
  /** An agent's words without what only repeats a call: what was said in it, and our credentials. */
  withoutEcho(text: string, said: readonly string[]): string;
}

/** The agent at `url`, which ends in a slash. */
export function createRpc(connection: Connection, url: string, limits: A2ALimits): Rpc {
  const open = (call: RpcCall, streaming: boolean) =>
    connection.call({
      url,
      method: "POST",
      headers: headersOf(call, streaming),
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: "1",
        method: call.codec.methods[call.verb],
        params: call.params,
      }),
      said: saidIn(call),
      streaming,
      signal: call.signal,
    });
  // What an error says decides what is done about it: words of the prompt must not.
  const cleaned = (envelope: Envelope, call: RpcCall): Envelope =>
    envelope.kind === "error"
      ? { ...envelope, message: connection.withoutEcho(envelope.message, saidIn(call)) }
      : envelope;
  return {
    withoutEcho: connection.withoutEcho,
    async ask(call) {
      const { body } = await open(call, false);
      const read = readEnvelope(await readText(body, limits.maxBodyBytes));
      if (!read) throw new CallError({ kind: "unreadable" });
      const envelope = cleaned(read, call);
      if (envelope.kind === "error") throw rpcError(envelope);
      return envelope.value;
    },
    async stream(call, onBytes) {
      const { body } = await open(call, true);
      onBytes();
      const batches = readEnvelopes(readEvents(body, { ...limits, onBytes }), (one) => cleaned(one, call));
      const first = await batches.next();
      const error = first.done ? undefined : first.value.find((envelope) => envelope.kind === "error");
      if (!first.done && error && first.value[0] === error) {
        await batches.return();
        throw rpcError(error);
      }
      return startingWith(first.done ? [] : first.value, batches);
    },
  };
}

/** The error of a call whose envelope says so. */
export function rpcError(envelope: Envelope & { readonly kind: "error" }): CallError {
  return new CallError({ kind: "rpc", code: envelope.code, message: envelope.message });
}

async function* readEnvelopes(
  texts: AsyncIterable<readonly string[]>,
  cleaned: (envelope: Envelope) => Envelope,
): AsyncGenerator<readonly Envelope[], void, undefined> {
  for await (const batch of texts) {
    const envelopes: Envelope[] = [];
    for (const text of batch) {
      const envelope = readEnvelope(text);
      // What is no JSON-RPC answer is not worth losing the rest of the stream.
      if (envelope) envelopes.push(cleaned(envelope));
    }
    if (envelopes.length > 0) yield envelopes;
  }
}

async function* startingWith(
  first: readonly Envelope[],
  rest: AsyncGenerator<readonly Envelope[], void, undefined>,
): AsyncGenerator<readonly Envelope[], void, undefined> {
  try {
    if (first.length > 0) yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/** What people say in a call, and what was decided; ids are none of it. */
function saidIn({ params, said = [] }: RpcCall): readonly string[] {
  return [...said, ...textsIn(arrayAt(objectAt(params, "message") ?? {}, "parts"))];
}

function headersOf(call: RpcCall, streaming: boolean): Readonly<Record<string, string>> {
  return {
    "content-type": "application/json",
    accept: streaming ? "text/event-stream, application/json" : "application/json",
    ...callerHeaders(call.caller),
    ...call.codec.headers,
  };
}

/** The headers that tell who calls. */
export function callerHeaders({ userId, traceparent }: Caller): Readonly<Record<string, string>> {
  return { "x-user-id": toHeaderValue(userId), traceparent };
}

// Other characters than printable ASCII break the call inside kagent.
function toHeaderValue(userId: string): string {
  return userId.replace(/[^\x21-\x7e]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}
