import { type Dispatcher, errors } from "undici";
import { withoutEcho } from "../conversation/echo.ts";
import { createDispatcher } from "../network/dispatcher.ts";
import type { ProxySettings } from "../network/proxy.ts";
import { CallError } from "./call-error.ts";
import type { A2ALimits, ClusterEndpoint } from "./options.ts";

/** One HTTP request to a cluster; `streaming` has no time limit once its headers are there. */
interface HttpCall {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What people say in the body: it is taken out of what a refusal repeats. */
  readonly said?: readonly string[];
  readonly streaming: boolean;
  readonly signal: AbortSignal;
}

/** An answer with a status of success. The body must be read to its end or destroyed. */
export interface HttpAnswer {
  readonly body: AsyncIterable<Uint8Array> & { destroy(): unknown };
}

/** The connections to one cluster. */
export interface Connection {
  /** Rejects with `CallError`, or with the reason of the signal. Redirects are failures: nothing follows them. */
  call(call: HttpCall): Promise<HttpAnswer>;
  /** A server's words without what only repeats a request: what was said in it, and our credentials. */
  withoutEcho(text: string, said: readonly string[]): string;
  close(): Promise<void>;
}

/** Connections to a cluster with its headers on every request, through the proxy where one applies. */
export function createConnection(
  endpoint: ClusterEndpoint,
  limits: A2ALimits,
  proxy: ProxySettings = {},
): Connection {
  const agent = createDispatcher(proxy, {
    // A silent stream is watched by ourselves: tools may run for minutes without a byte.
    bodyTimeout: 0,
    headersTimeout: limits.headersMs,
    connectTimeout: limits.connectMs,
    ...(endpoint.ca === undefined ? {} : { ca: endpoint.ca }),
  });
  const configured = Object.entries(endpoint.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const headers: Readonly<Record<string, string>> = Object.fromEntries(configured);
  const clean: Connection["withoutEcho"] = (text, said) =>
    withoutEcho(text, [...said, ...Object.values(headers)]);
  return {
    call: (call) => request(agent, { headers, limits, clean }, call),
    withoutEcho: clean,
    close: () => agent.destroy(),
  };
}

interface RequestContext {
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: A2ALimits;
  readonly clean: Connection["withoutEcho"];
}

async function request(
  agent: Dispatcher,
  { headers, limits, clean }: RequestContext,
  call: HttpCall,
): Promise<HttpAnswer> {
  const { origin, pathname, search } = new URL(call.url);
  const { streaming, signal } = call;
  const answer = await agent
    .request({
      origin,
      path: pathname + search,
      method: call.method,
      headers: { ...call.headers, ...headers, "accept-encoding": "identity" },
      body: call.body ?? null,
      signal,
      ...(streaming ? {} : { headersTimeout: limits.unaryMs, bodyTimeout: limits.unaryMs }),
    })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw toCallError(error);
    });
  const { statusCode: status, body } = answer;
  if (status >= 200 && status < 300) return { body };
  const retryAfterMs = retryAfter(answer.headers["retry-after"]);
  const text = await readText(body, ERROR_BYTES).catch(() => "");
  throw new CallError({
    kind: "http",
    status,
    body: clean(text, call.said ?? []),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const ERROR_BYTES = 4096;
const MAX_RETRY_AFTER_MS = 60_000;

// Seconds or a date.
function retryAfter(header: string | readonly string[] | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_MS) : undefined;
}

/** A whole body as text; rejects with `CallError` when it is larger than `maxBytes` or the connection breaks. */
export async function readText(body: HttpAnswer["body"], maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new CallError({ kind: "too-large" });
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw error instanceof CallError ? error : new CallError({ kind: "cut" }, { cause: error });
  } finally {
    body.destroy();
  }
  return text + decoder.decode();
}

const BEFORE_SENDING: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  // No TLS at the other end, or none that both speak.
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
]);

function toCallError(error: unknown): CallError {
  if (error instanceof CallError) return error;
  const unsent =
    error instanceof errors.ConnectTimeoutError ||
    isRefusedTunnel(error) ||
    codesOf(error).some(isBeforeSending);
  return new CallError({ kind: unsent ? "unsent" : "cut" }, { cause: error });
}

// A certificate that is not trusted stops the connection before the request.
function isBeforeSending(code: string): boolean {
  return BEFORE_SENDING.has(code) || /^(ERR_TLS|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/.test(code);
}

// A proxy that opens no tunnel; undici has no code of its own for it.
function isRefusedTunnel(error: unknown): boolean {
  return error instanceof Error && /^Proxy response \(\d+\) !== 200/.test(error.message);
}

// A host with several addresses fails with one error for each.
function codesOf(error: unknown): readonly string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(codesOf);
  if (!(error instanceof Error) || !("code" in error)) return [];
  return typeof error.code === "string" ? [error.code] : [];
}
