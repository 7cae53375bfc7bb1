import { request } from "undici";
import type { Exchange } from "../../../emulator/agent/recordings.ts";

/** What a client without any knowledge of A2A sees. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The events of a stream, as JSON. */
  readonly events: readonly unknown[];
  /** How the body ended before its end, if it did. */
  readonly broken: string | undefined;
}

export interface RawCall {
  readonly method: string;
  readonly params?: unknown;
  readonly id?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Leave once this was read. */
  readonly leaveAfter?: RegExp;
}

export async function call(url: string, { method, params = {}, id = 1, headers, leaveAfter }: RawCall) {
  const body = JSON.stringify({ jsonrpc: "2.0", id, method, params });
  return post(url, body, headers, leaveAfter);
}

export async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  leaveAfter?: RegExp,
): Promise<RawAnswer> {
  const response = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-user-id": "ana", ...headers },
    body,
  });
  return readAnswer(response, leaveAfter);
}

export async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
  return readAnswer(await request(url, { method: "GET", headers }));
}

async function readAnswer(
  response: Awaited<ReturnType<typeof request>>,
  leaveAfter?: RegExp,
): Promise<RawAnswer> {
  let text = "";
  let broken: string | undefined;
  try {
    response.body.setEncoding("utf8");
    for await (const piece of response.body) {
      text += String(piece);
      if (leaveAfter?.test(text)) break;
    }
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error);
  }
  const data = [...text.matchAll(/^data: (.*?)\r?$/gm)].map((match): unknown => JSON.parse(match[1] ?? ""));
  return { status: response.statusCode, headers: response.headers, text, events: data, broken };
}

/** A 0.3 prompt. */
export function prompt(text: string, contextId: string, taskId?: string) {
  const message = {
    kind: "message",
    messageId: `m-${contextId}-${text.length}`,
    role: "user",
    contextId,
    ...(taskId === undefined ? {} : { taskId }),
    parts: [{ kind: "text", text }],
  };
  return { message };
}

/** A 1.0 prompt. */
export function promptV10(text: string, contextId: string) {
  return { message: { messageId: `m-${contextId}`, role: "ROLE_USER", contextId, parts: [{ text }] } };
}

/** The body that a recorded response had. */
export function recordedText(exchange: Exchange | undefined): string {
  return exchange?.response?.chunks.map((chunk) => chunk.text).join("") ?? "";
}

/** Ids in the order in which they appear: what is left is what two answers must have in common. */
export function withoutIds(text: string): string {
  const seen = new Map<string, string>();
  const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  return text
    .replaceAll(/"timestamp":"[^"]+"/g, '"timestamp":""')
    .replace(new RegExp(`${uuid}|call_[0-9a-f]{12}`, "g"), (id) => {
      const known = seen.get(id) ?? `<${seen.size}>`;
      seen.set(id, known);
      return known;
    });
}

/** Every id in order. */
export function idsIn(text: string): string[] {
  const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  return [...text.matchAll(new RegExp(`${uuid}|call_[0-9a-f]{12}`, "g"))].map(([id]) => id);
}
