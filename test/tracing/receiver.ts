import { createServer, type IncomingHttpHeaders } from "node:http";
import { onTestFinished } from "vitest";
import { type ReadSpan, readTraces } from "./otlp-traces.ts";
import { portOf } from "./port.ts";

/** A strict receiver of OTLP over HTTP. */
export interface Receiver {
  /** What goes into OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  spans(): readonly ReadSpan[];
  /** Everything that arrived, as one text. */
  text(): string;
  /** Headers of each request. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** What was wrong with requests. */
  readonly refused: readonly string[];
  /** From now on every request is answered with this status; 200: as ever. */
  answer(status: number): void;
}

/** Starts a receiver for one test. */
export async function startReceiver(): Promise<Receiver> {
  const spans: ReadSpan[] = [];
  const bodies: Buffer[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const refused: string[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    headers.push(request.headers);
    try {
      if (status !== 200) throw new Error(`answered with ${status}`);
      if (request.method !== "POST" || request.url !== "/v1/traces")
        throw new Error(`${request.method} ${request.url}`);
      if (request.headers["content-type"] !== "application/x-protobuf")
        throw new Error(`content-type ${request.headers["content-type"]}`);
      spans.push(...readTraces(body));
      bodies.push(body);
    } catch (error) {
      refused.push(String(error));
      response.writeHead(status === 200 ? 400 : status).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    spans: () => spans,
    text: () => Buffer.concat(bodies).toString("latin1"),
    headers,
    refused,
    answer(next) {
      status = next;
    },
  };
}
