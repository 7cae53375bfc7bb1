import type { AgentEvent } from "../conversation/agent.ts";
import type { Clock } from "../conversation/ports.ts";
import { type Failure, failureOf } from "./call-error.ts";
import type { RunReader } from "./kagent/run-reader.ts";
import type { Life } from "./life.ts";
import { rpcError } from "./rpc.ts";
import type { Batches } from "./task-port.ts";
import { createWatchdog } from "./watchdog.ts";
import { type Envelope, readResult } from "./wire/codec.ts";

/** How a stream stopped: the run stands (`settled`), the body ended before that, it failed, or a probe cut it. */
export interface StreamEnd {
  readonly kind: "settled" | "closed" | "failed" | "probed";
  /** At least one event of the run came. */
  readonly received: boolean;
  readonly failure?: Failure;
  readonly error?: unknown;
}

/** What reading one stream needs. */
export interface StreamOptions {
  readonly open: (signal: AbortSignal, onBytes: () => void) => Promise<Batches>;
  readonly reader: RunReader;
  readonly life: Life;
  readonly clock: Clock;
  readonly idleMs: number;
  /** Asked when nothing comes; true: give the stream up. */
  readonly probe: (signal: AbortSignal) => Promise<boolean>;
  /** Events flow after they were lost. */
  readonly resuming: boolean;
  readonly signal: AbortSignal;
}

const REFUSAL_MS = 5000;

/** Reads one stream to its end and hands on what it says. Never throws. */
export async function* readStream(options: StreamOptions): AsyncGenerator<AgentEvent, StreamEnd, undefined> {
  const { reader, life } = options;
  const cut = new AbortController();
  const signal = AbortSignal.any([options.signal, cut.signal]);
  const watchdog = createWatchdog(options.clock, options.idleMs, async (stopped) => {
    if (await options.probe(AbortSignal.any([stopped, signal]))) cut.abort();
  });
  const openedAt = options.clock.now();
  let received = false;
  const onBytes = (): void => {
    watchdog.seen();
    // A refusal comes at once; what comes later, comments too, comes from a stream that lives.
    if (received || options.clock.now() - openedAt > REFUSAL_MS) life.seen();
  };
  try {
    for await (const batch of await options.open(signal, onBytes)) {
      const error = readBatch(batch, reader);
      const events = reader.take();
      if (!received && options.resuming && (events.length > 0 || !error))
        yield { kind: "connection", connected: true };
      if (!error || events.length > 0) received = true;
      if (received) life.flowing();
      yield* events;
      if (reader.end) return { kind: "settled", received };
      if (error) throw rpcError(error);
    }
    return { kind: "closed", received };
  } catch (error) {
    if (cut.signal.aborted) return { kind: "probed", received };
    return { kind: "failed", received, failure: failureOf(error), error };
  } finally {
    watchdog.stop();
    cut.abort();
  }
}

/** Reads up to the end of the run or the first error, which is returned. */
function readBatch(
  batch: readonly Envelope[],
  reader: RunReader,
): (Envelope & { readonly kind: "error" }) | undefined {
  for (const envelope of batch) {
    if (envelope.kind === "error") return envelope;
    const event = readResult(envelope.value);
    if (event) reader.read(event);
    if (reader.end) return undefined;
  }
  return undefined;
}
