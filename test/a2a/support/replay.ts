import type { Exchange, Recording } from "../../../emulator/agent/recordings.ts";
import { isObject, stringAt } from "../../../src/a2a/wire/json.ts";
import { type Handler, rpcError } from "./server.ts";

/** The whole body of a recorded answer. */
export function bodyOf(exchange: Exchange | undefined): string {
  return (exchange?.response?.chunks ?? []).map(({ text }) => text).join("");
}

/** The recorded answers to one JSON-RPC method, in order. */
export function answersTo(recording: Recording, ...methods: readonly string[]): readonly Exchange[] {
  return recording.exchanges.filter(({ request }) => {
    return isObject(request.body) && methods.includes(stringAt(request.body, "method") ?? "");
  });
}

/** Frames of a recorded stream, each with what ends it. */
export function framesOf(exchange: Exchange | undefined): readonly string[] {
  return bodyOf(exchange)
    .split(/(?<=\r?\n\r?\n)/)
    .filter((frame) => frame.includes("data:"));
}

/**
 * Serves a recorded conversation: every method gets its recorded answers in order, the last one again and again.
 * A recorded stream that its client dropped is cut there.
 */
export function replaying(recording: Recording): Handler {
  const times = new Map<string, number>();
  return (seen, response) => {
    const answers = answersTo(recording, seen.method);
    const time = times.get(seen.method) ?? 0;
    times.set(seen.method, time + 1);
    const exchange = answers[Math.min(time, answers.length - 1)];
    if (seen.method === "") response.writeHead(404).end();
    else if (!exchange?.response) rpcError(response, -32603, "failed to parse SSE data");
    else {
      response.writeHead(exchange.response.status, {
        "content-type": exchange.response.headers["content-type"] ?? "",
      });
      if (exchange.droppedByClientMs === undefined) response.end(bodyOf(exchange));
      else response.write(bodyOf(exchange), () => response.destroy());
    }
  };
}
