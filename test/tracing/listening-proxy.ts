import { createServer, type IncomingHttpHeaders, request as send } from "node:http";
import { pipeline } from "node:stream";
import { onTestFinished } from "vitest";
import { portOf } from "./port.ts";

/** A request that passed. */
interface Passed {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Passes requests on to another server and notes them. */
export async function startListeningProxy(target: string) {
  const passed: Passed[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const { method = "GET", url: path = "/", headers } = request;
    passed.push({ method, path, headers, body: body.toString() });
    const onward = send(new URL(path, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // A connection that breaks there breaks here.
      pipeline(answer, response, () => {});
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, passed };
}
