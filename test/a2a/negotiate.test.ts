import { expect, test } from "vitest";
import type { ClusterEndpoint } from "../../src/a2a/options.ts";
import { agentRef, collect, directoryFor, outgoing, patient } from "./support/asking.ts";
import { frame, json, rpcError, type Seen, serve, stream } from "./support/server.ts";

const v0_3 = frame({
  kind: "status-update",
  taskId: "t",
  contextId: "c",
  final: true,
  status: { state: "completed" },
});
const v1_0 = frame({
  statusUpdate: { taskId: "t", contextId: "c", status: { state: "TASK_STATE_COMPLETED" } },
});

/** Asks twice and tells what the server saw. */
async function askTwice(
  handler: Parameters<typeof serve>[0],
  endpoint: (url: string) => Partial<ClusterEndpoint> = () => ({}),
): Promise<readonly string[]> {
  const { url, calls } = await serve(handler);
  const directory = directoryFor(url, { endpoint: { protocol: "auto", ...endpoint(url) } });
  for (const messageId of ["m-1", "m-2"]) {
    const events = await collect(directory.agent(agentRef).send(outgoing({ messageId }), patient()));
    expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
  }
  return calls.map(({ method, path }) => method || path);
}

function is1_0({ method, headers }: Seen): boolean {
  return method === "SendStreamingMessage" && headers["a2a-version"] === "1.0";
}

test("a controller with a version speaks 0.3 and is asked once", async () => {
  const seen = await askTwice((call, response) => {
    if (call.path === "/version") json(response, { kagent_version: "0.9.12" });
    else stream(response).end(v0_3);
  });
  expect(seen).toEqual(["/version", "message/stream", "message/stream"]);
});

test("a controller without /version speaks 1.0, with the extension for pauses", async () => {
  const seen = await askTwice((call, response) => {
    if (call.path === "/version") response.writeHead(404).end();
    else if (is1_0(call) && call.headers["a2a-extensions"]?.includes("hitl/v1")) stream(response).end(v1_0);
    else response.writeHead(500).end();
  });
  expect(seen).toEqual(["/version", "SendStreamingMessage", "SendStreamingMessage"]);
});

test("HTTP 400 about the version switches, and the switch is remembered", async () => {
  const seen = await askTwice((call, response) => {
    if (call.path === "/version") json(response, { kagent_version: "new" });
    else if (is1_0(call)) stream(response).end(v1_0);
    else response.writeHead(400).end('missing required A2A-Version header; expected "1.0"');
  });
  expect(seen).toEqual(["/version", "message/stream", "SendStreamingMessage", "SendStreamingMessage"]);
});

test("an unknown method switches back to 0.3", async () => {
  const seen = await askTwice((call, response) => {
    if (call.path === "/version") response.writeHead(404).end();
    else if (call.method === "message/stream") stream(response).end(v0_3);
    else rpcError(response, -32601, "Method not found");
  });
  expect(seen).toEqual(["/version", "SendStreamingMessage", "message/stream", "message/stream"]);
});

test("a probe that fails does not stop the prompt and is made again", async () => {
  const seen = await askTwice((call, response) => {
    if (call.path === "/version") response.writeHead(502).end();
    else stream(response).end(v0_3);
  });
  expect(seen).toEqual(["/version", "message/stream", "/version", "message/stream"]);
});

test("an agent process is asked by its card, whose address is not followed", async () => {
  const seen = await askTwice(
    (call, response) => {
      const supportedInterfaces = [
        { url: "http://203.0.113.1/", protocolBinding: "JSONRPC", protocolVersion: "1.0" },
      ];
      if (call.path === "/.well-known/agent-card.json") json(response, { name: "a", supportedInterfaces });
      else if (is1_0(call)) stream(response).end(v1_0);
      else rpcError(response, -32009, "A2A version '0.3' is not supported by this handler");
    },
    (url) => ({ agentUrl: url }),
  );
  expect(seen).toEqual(["/.well-known/agent-card.json", "SendStreamingMessage", "SendStreamingMessage"]);
});

test("a configured protocol is not probed", async () => {
  const seen = await askTwice(
    (call, response) => {
      stream(response).end(is1_0(call) ? v1_0 : "");
    },
    () => ({ protocol: "1.0" }),
  );
  expect(seen).toEqual(["SendStreamingMessage", "SendStreamingMessage"]);
});

test("an agent that speaks neither is refused in words", async () => {
  const { url } = await serve((_call, response) => rpcError(response, -32601, "Method not found"));
  const directory = directoryFor(url, { endpoint: { protocol: "auto" } });
  await expect(collect(directory.agent(agentRef).send(outgoing(), patient()))).rejects.toMatchObject({
    code: "agent-unsupported",
  });
});
