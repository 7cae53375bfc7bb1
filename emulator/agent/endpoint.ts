import type { ServerResponse } from "node:http";
import type { Agent } from "./agent.ts";
import { handleCancel, handleGet, handleList, handleSubscribe } from "./agent-tasks.ts";
import { type Call, isStreamed, refuse, respond } from "./call.ts";
import { controllerCard, processCard } from "./card.ts";
import { hitlExtension } from "./confirmation-v1-0.ts";
import { isPython, type Operation, readOperation, type Wire } from "./dialect.ts";
import type { Fault, FaultQueue, FaultTarget } from "./fault.ts";
import { jsonHeaders, streamHeaders, toBody, toFrame } from "./framing.ts";
import { type Json, type JsonObject, parseJson, textAt } from "./json.ts";
import { createOutlet } from "./outlet.ts";
import { handlePrompt } from "./prompts.ts";
import { toRpcError } from "./refusal.ts";
import type { SeenRequest } from "./request.ts";
import { plain, type RestAnswer } from "./rest.ts";

/** What the address is: a released controller, the controller of the main branch, or one agent process. */
export type Surface = "controller" | "main" | "process";

/** An agent behind an address, and what is wrong with it. */
export interface Endpoint {
  readonly agent: Agent;
  readonly surface: Surface;
  readonly faults: FaultQueue;
  readonly ready: () => boolean;
}

/** Answers one request below the address of an agent. `userId` is who the request is from. */
export async function handleA2a(
  endpoint: Endpoint,
  request: SeenRequest,
  userId: string,
  response: ServerResponse,
) {
  if (request.path.endsWith("/.well-known/agent-card.json")) return sendCard(endpoint, request, response);
  const wire = readWire(endpoint.surface, request.headers["a2a-version"], endpoint.agent);
  if (typeof wire !== "string") return send(response, wire);
  const { agent } = endpoint;
  if (request.method !== "POST" && isPython(agent.dialect) && agent.dialect.through === "process") {
    return send(response, {
      status: 405,
      headers: { "content-type": "application/json" },
      text: '{"detail":"Method Not Allowed"}',
    });
  }
  if (request.method !== "POST" || !request.rpc) return sendUnreadable(endpoint, request, response);
  await handleRpc(endpoint, request, request.rpc, { wire, userId }, response);
}

/** The wire form a request is read in, or the text with which a controller refuses its version header. */
function readWire(surface: Surface, header: string | undefined, agent: Agent): Wire | RestAnswer {
  if (surface === "process") return agent.dialect.speaks;
  if (surface === "main") {
    if (header === "1.0") return "1.0";
    const what =
      header === undefined ? "missing required A2A-Version header" : `unsupported A2A-Version "${header}"`;
    return plain(400, `${what}; expected "1.0"\n`);
  }
  if (header === undefined || header === "0.3") return "0.3";
  return header === "1.0" ? "1.0" : plain(400, `unsupported A2A version "${header}"\n`);
}

async function handleRpc(
  endpoint: Endpoint,
  request: SeenRequest,
  rpc: NonNullable<SeenRequest["rpc"]>,
  asked: { readonly wire: Wire; readonly userId: string },
  response: ServerResponse,
) {
  const { agent } = endpoint;
  const operation = readOperation(rpc.method, asked.wire);
  const fault = operation ? endpoint.faults.take(targetsOf(operation, rpc.params)) : undefined;
  const errorFrame = (message: string) =>
    toFrame(agent.dialect, rpc.id, { error: toRpcError(agent.dialect, { is: "hop", message }, true) });
  const outlet = createOutlet(response, fault, errorFrame);
  const hitl = request.headers["a2a-extensions"]?.includes(hitlExtension) === true;
  const call: Call = {
    ...asked,
    operation: operation ?? "get",
    id: rpc.id,
    params: rpc.params,
    body: request.body,
    hitl,
    outlet,
  };
  if (versionIsMissing(endpoint, request)) return refuseVersion(endpoint, request, call);
  if (!operation) return refuse(call, agent.dialect, { is: "no-method" });
  if (fault?.fault === "delay") await agent.sleeper.sleep(fault.ms);
  if (fault && breaksAtOnce(endpoint, call, fault, response)) return;
  if (!endpoint.ready()) return refuseDown(endpoint, call);
  dispatch(endpoint, call);
}

/** What the call counts as; a message for a task that exists is a reply, too. */
function targetsOf(operation: Operation, params: JsonObject): Exclude<FaultTarget, "any">[] {
  if (operation === "subscribe" || operation === "cancel" || operation === "get") return [operation];
  if (operation !== "stream" && operation !== "send") return ["get"];
  const { message } = params;
  return textAt(message, "taskId") === undefined ? ["message"] : ["message", "reply"];
}

function dispatch({ agent }: Endpoint, call: Call) {
  switch (call.operation) {
    case "stream":
    case "send":
      return handlePrompt(agent, call);
    case "get":
      return handleGet(agent, call);
    case "subscribe":
      return handleSubscribe(agent, call);
    case "cancel":
      return handleCancel(agent, call);
    case "list":
      return handleList(agent, call);
    case "push":
      return refuse(call, agent.dialect, { is: "no-push" });
    case "card":
      if (agent.dialect.through === "process") return refuse(call, agent.dialect, { is: "no-method" });
      return respond(call, agent.dialect, { result: controllerCard(agent, false) });
  }
}

/** Faults that answer in place of the agent. True when the call is answered. */
function breaksAtOnce({ agent }: Endpoint, call: Call, fault: Fault, response: ServerResponse): boolean {
  const { dialect } = agent;
  if (fault.fault === "status") {
    send(response, {
      status: fault.status,
      headers: { ...plain(0, "").headers, ...fault.headers },
      text: fault.text,
    });
  } else if (fault.fault === "empty") {
    call.outlet.begin(200, streamHeaders(dialect));
    call.outlet.end();
  } else if (fault.fault === "rpc-error") {
    const error = { code: fault.code, message: fault.message };
    const event = isStreamed(call) && fault.as === "event";
    call.outlet.begin(200, event ? streamHeaders(dialect) : jsonHeaders(dialect));
    call.outlet.end(event ? toFrame(dialect, call.id, { error }) : toBody(dialect, call.id, { error }));
  } else if (fault.fault === "reset") {
    call.outlet.destroy();
    return fault.runs !== true;
  } else return false;
  return true;
}

/** Nobody listens behind the controller: an error event. Asked directly, there is nobody to say so. */
function refuseDown({ agent }: Endpoint, call: Call) {
  if (agent.dialect.through === "process") return call.outlet.destroy();
  const host = `${agent.definition.name}.${agent.namespace}:8080`;
  const message = `failed to send HTTP request: Post "http://${host}": dial tcp 127.0.0.16:8080: connect: connection refused`;
  refuse(call, agent.dialect, { is: "hop", message });
}

/** Python 1.0 processes insist on the header; Go ones do not look at it. */
function versionIsMissing({ agent, surface }: Endpoint, request: SeenRequest): boolean {
  const insists = surface === "process" && agent.dialect.speaks === "1.0" && isPython(agent.dialect);
  return insists && request.headers["a2a-version"] !== "1.0";
}

function refuseVersion({ agent }: Endpoint, request: SeenRequest, call: Call): void {
  const version = request.headers["a2a-version"] ?? "0.3";
  const message = `A2A version '${version}' is not supported by this handler. Expected version '1.0'.`;
  respond(call, agent.dialect, { error: { code: -32009, message } });
}

function sendUnreadable({ agent }: Endpoint, request: SeenRequest, response: ServerResponse) {
  const broken = request.method === "POST" && parseJson(request.body) === undefined;
  const refusal = broken
    ? ({ is: "unreadable", code: -32700, message: "parse error: unexpected EOF" } as const)
    : ({ is: "unreadable", code: -32600, message: "invalid request" } as const);
  const id: Json = null;
  const text = toBody(agent.dialect, id, { error: toRpcError(agent.dialect, refusal, false) });
  send(response, { status: 200, headers: jsonHeaders(agent.dialect), text });
}

function sendCard(endpoint: Endpoint, request: SeenRequest, response: ServerResponse) {
  const { agent, surface, faults } = endpoint;
  if (request.method !== "GET") return send(response, { status: 405, headers: {}, text: "" });
  const fault = faults.take(["card"]);
  if (fault?.fault === "status") return send(response, { ...plain(fault.status, fault.text) });
  if (fault?.fault === "reset") return void response.destroy();
  const headers = { "access-control-allow-origin": "*", "content-type": "application/json" };
  const card = surface === "process" ? processCard(agent) : controllerCard(agent, surface === "main");
  const text = JSON.stringify(card, null, surface === "process" ? undefined : 2);
  send(response, { status: 200, headers, text });
}

/** Sends a whole answer. */
export function send(response: ServerResponse, { status, headers, text }: RestAnswer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
