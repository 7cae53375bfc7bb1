import { createParser } from "eventsource-parser";
import { CallError } from "./call-error.ts";
import type { HttpAnswer } from "./connection.ts";

/** Sizes in bytes (characters for one event); `onBytes` is told of everything that arrives. */
export interface StreamLimits {
  readonly maxEventBytes: number;
  readonly maxStreamBytes: number;
  readonly onBytes: () => void;
}

/**
 * The data of an event stream, in one batch for each piece from the socket. A body that is one JSON text instead
 * (servers refuse that way, whatever the content type says) is one event. Throws `CallError` when the connection
 * breaks or a limit is passed; ends quietly where the body ends, even in the middle of an event.
 */
export async function* readEvents(
  body: HttpAnswer["body"],
  limits: StreamLimits,
): AsyncGenerator<readonly string[], void, undefined> {
  // A byte order mark would hide the first event; this decoder drops it.
  const decoder = new TextDecoder();
  const splitter = createSplitter(limits.maxEventBytes);
  let size = 0;
  try {
    for await (const chunk of body) {
      limits.onBytes();
      size += chunk.byteLength;
      if (size > limits.maxStreamBytes) throw new CallError({ kind: "too-large" });
      const events = splitter.feed(decoder.decode(chunk, { stream: true }));
      if (events.length > 0) yield events;
    }
    const rest = splitter.end();
    if (rest.length > 0) yield rest;
  } catch (error) {
    throw error instanceof CallError ? error : new CallError({ kind: "cut" }, { cause: error });
  } finally {
    body.destroy();
  }
}

interface Splitter {
  feed(text: string): readonly string[];
  end(): readonly string[];
}

function createSplitter(maxEventBytes: number): Splitter {
  let json: string | undefined;
  let started = false;
  let events: string[] = [];
  const parser = createParser({
    maxBufferSize: maxEventBytes,
    onEvent: ({ data }) => {
      if (data.length > maxEventBytes) throw new CallError({ kind: "too-large" });
      if (data !== "" && data !== "[DONE]") events.push(data);
    },
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") throw new CallError({ kind: "too-large" });
    },
  });
  const taken = (): readonly string[] => {
    const batch = events;
    if (batch.length > 0) events = [];
    return batch;
  };
  return {
    feed(text) {
      if (!started && text.trim() !== "") {
        started = true;
        if (text.trimStart().startsWith("{")) json = "";
      }
      if (json === undefined) {
        parser.feed(text);
        return taken();
      }
      json += text;
      if (json.length > maxEventBytes) throw new CallError({ kind: "too-large" });
      return [];
    },
    end: () => (json === undefined ? [] : [json]),
  };
}
