import type { ServerResponse } from "node:http";
import type { Fault } from "./fault.ts";

/** Where an answer goes: an HTTP response with at most one fault in its way. */
export interface Outlet {
  /** Sends the status and the headers; once. */
  begin(status: number, headers: Readonly<Record<string, string>>): void;
  /** One piece of a stream: whole events, or parts of them in a replay. */
  write(text: string): void;
  end(text?: string): void;
  /** Cuts the connection. */
  destroy(): void;
  /** The last event of an agent that died, then the end. */
  fail(message: string): void;
}

/** `errorFrame` writes an error event in the dialect of the agent. */
export function createOutlet(
  response: ServerResponse,
  fault: Fault | undefined,
  errorFrame: (message: string) => string,
): Outlet {
  let done = false;
  let events = 0;
  let bytes = 0;
  response.on("close", () => {
    done = true;
  });

  const destroy = () => {
    done = true;
    if (response.headersSent) flushThenDestroy(response);
    else response.destroy();
  };
  const cut = () => {
    if (fault?.fault !== "cut") return;
    const how = fault.how ?? "destroy";
    done = true;
    if (how === "destroy") flushThenDestroy(response);
    else response.end(how === "end" ? undefined : errorFrame(how.error));
  };
  const limit = fault?.fault === "cut" || fault?.fault === "silence" ? fault.afterEvents : undefined;
  const byteLimit = fault?.fault === "cut" ? fault.afterBytes : undefined;
  const stopAfterEvents = () => {
    if (fault?.fault === "silence") done = true;
    else cut();
  };
  const writeBytes = (text: string, most: number) => {
    const piece = Buffer.from(text).subarray(0, most - bytes);
    bytes += piece.length;
    response.write(piece);
    if (bytes >= most) cut();
  };
  const writeEvents = (text: string, most: number) => {
    for (const piece of text.split(/(?<=\n\r?\n)/)) {
      if (done) return;
      response.write(piece);
      if (/\n\r?\n$/.test(piece)) events += 1;
      if (events >= most) stopAfterEvents();
    }
  };

  return {
    begin(status, headers) {
      if (done || response.headersSent) return;
      response.writeHead(status, headers);
      response.flushHeaders();
      if (limit === 0) stopAfterEvents();
      if (fault?.fault === "huge-line") response.write(hugeLine(fault.bytes));
    },
    write(text) {
      if (done || text === "") return;
      if (byteLimit !== undefined) writeBytes(text, byteLimit);
      else if (limit !== undefined) writeEvents(text, limit);
      else response.write(text);
    },
    end(text) {
      if (done) return;
      done = true;
      response.end(text);
    },
    destroy,
    fail(message) {
      if (done) return;
      done = true;
      response.end(errorFrame(message));
    },
  };
}

/** What was written must arrive before the reset, or a cut after k events would be a cut after none. */
function flushThenDestroy(response: ServerResponse): void {
  response.write("", () => setImmediate(() => response.destroy()));
}

function hugeLine(bytes: number): string {
  const padding = "x".repeat(Math.max(0, bytes - 80));
  return `data: {"jsonrpc":"2.0","id":null,"result":{"kind":"padding","padding":"${padding}"}}\n\n`;
}
