import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, refuse } from "../errors.ts";
import { isObject, numberAt, textAt } from "../json.ts";
import type { World } from "../world/world.ts";
import { type ApiAnswer, type ApiRequest, toAnswer } from "./api.ts";
import { readBody, readBytes } from "./body.ts";
import { serveFile } from "./cdn.ts";
import type { Fault, Faults } from "./faults.ts";
import { pause } from "./latency.ts";
import { RateLimited } from "./limits.ts";
import type { LoggedRequest } from "./log.ts";
import type { SpecCheck } from "./spec-check.ts";

export interface ServerParts {
  readonly world: World;
  readonly api: (request: ApiRequest) => ApiAnswer;
  readonly faults: Faults;
  /** The next round trip's time (ms). */
  readonly latency: () => number;
  /** Set: every answer is held against the description. */
  readonly responses: SpecCheck | undefined;
  readonly log: (request: LoggedRequest) => void;
}

/** The listener of the HTTP server: REST under /api, files under /cdn. */
export function createListener(
  parts: ServerParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/cdn/")) {
      serveFile(parts.world, url.pathname.slice("/cdn".length), url.searchParams, response);
      return;
    }
    // A client that hangs up is not a mistake here.
    serve(parts, request, response, url).catch(() => response.destroy());
  };
}

async function serve(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const started = performance.now();
  const at = parts.world.clock.now();
  const method = request.method ?? "GET";
  const path = url.pathname.replace(/^\/api(\/v\d+)?/, "");
  const finish = (answer: ApiAnswer | undefined) =>
    parts.log(toLog(parts, { at, method, path, ms: performance.now() - started }, answer));

  const read = await readRequest(request, url, method, path);
  if (read instanceof ApiError) {
    const refused = toAnswer(read);
    finish(refused);
    return send(response, refused);
  }
  const faults = parts.faults.hit(method, path, read.body.json);
  const half = (parts.latency() + latencyOf(faults)) / 2;
  await pause(half);
  if (breaks(faults, "before")) return drop(faults, response, finish);
  const answer = faultAnswer(faults) ?? parts.api(read);
  await pause(half);
  if (breaks(faults, "after")) return drop(faults, response, finish);
  finish(answer);
  send(response, answer);
}

async function readRequest(
  request: IncomingMessage,
  url: URL,
  method: string,
  path: string,
): Promise<ApiRequest | ApiError> {
  try {
    const bytes = await readBytes(request);
    if (!url.pathname.startsWith("/api/")) throw refuse("notFound");
    if (!/^\/api\/v10\//.test(url.pathname)) throw refuse("invalidVersion");
    const body = await readBody(bytes, request.headers["content-type"]);
    const { authorization, "user-agent": userAgent } = request.headers;
    return { method, path, query: url.searchParams, authorization, userAgent, body };
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function latencyOf(faults: readonly Fault[]): number {
  return faults.reduce((sum, fault) => sum + (fault.kind === "latency" ? fault.ms : 0), 0);
}

function breaks(faults: readonly Fault[], when: "before" | "after"): boolean {
  return faults.some((fault) => (fault.kind === "reset" || fault.kind === "hang") && fault.when === when);
}

function drop(faults: readonly Fault[], response: ServerResponse, finish: (answer: undefined) => void): void {
  finish(undefined);
  const isReset = faults.some((fault) => fault.kind === "reset");
  // A real reset (RST), as a dying load balancer sends it; a hang keeps the connection until the emulator stops.
  if (isReset) response.socket?.resetAndDestroy();
}

function faultAnswer(faults: readonly Fault[]): ApiAnswer | undefined {
  for (const fault of faults) {
    if (fault.kind === "too-many")
      return toAnswer(new RateLimited(fault.retryAfterMs, fault.scope ?? "user"));
    if (fault.kind === "status" && fault.code !== undefined) {
      return toAnswer(new ApiError(fault.status, fault.code, fault.message ?? "Fault on demand"));
    }
    if (fault.kind === "status") return { status: fault.status, headers: {} };
  }
  return undefined;
}

function send(response: ServerResponse, answer: ApiAnswer): void {
  if (response.destroyed) return;
  if (answer.body === undefined) {
    const isPage = answer.status >= 400;
    response.writeHead(answer.status, {
      ...answer.headers,
      ...(isPage ? { "content-type": "text/html" } : {}),
    });
    response.end(isPage ? `<html><h1>${answer.status}</h1></html>` : undefined);
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, "content-type": "application/json" });
  response.end(JSON.stringify(answer.body));
}

function toLog(
  parts: ServerParts,
  request: Pick<LoggedRequest, "at" | "method" | "path" | "ms">,
  answer: ApiAnswer | undefined,
): LoggedRequest {
  if (!answer) return { ...request, status: 0 };
  const { route, status, scope } = answer;
  const refusal = status >= 400 && isObject(answer.body) ? answer.body : {};
  const misfit =
    route && status < 400 ? parts.responses?.response(request.method, route, status, answer.body) : undefined;
  const code = numberAt(refusal, "code");
  const message = textAt(refusal, "message");
  return {
    ...request,
    status,
    ...(route === undefined ? {} : { route }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(scope === undefined ? {} : { scope }),
    ...(misfit === undefined ? {} : { misfit }),
  };
}
