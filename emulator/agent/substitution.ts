import { randomBytes, randomUUID } from "node:crypto";
import { pythonName } from "./encoder.ts";
import { isObject, type Json, type JsonObject, objectAt, objectsAt, parseJson, textAt } from "./json.ts";
import type { Chunk, Exchange, Recording } from "./recordings.ts";

/** Recorded id → the id that stands for it in this replay. One map for all exchanges of a replayed conversation. */
export type Ids = Map<string, string>;

/** What the request that is answered now puts in place of what was recorded. */
export interface Stand {
  readonly rpcId: Json;
  readonly agent: string;
  readonly texts: readonly string[];
}

/** The body of a recorded request, an empty object where it was not one. */
export function recordedBody(exchange: Exchange): JsonObject {
  const body = parseJson(JSON.stringify(exchange.request.body ?? null));
  return isObject(body) ? body : {};
}

export function textsOf(message: JsonObject): string[] {
  return objectsAt(message, "parts").flatMap((part) => textAt(part, "text") ?? []);
}

/** The recorded task an exchange is about: named by the request, else by the first event of the response. */
export function recordedTaskId(exchange: Exchange): string | undefined {
  const params = objectAt(recordedBody(exchange), "params");
  const named = textAt(objectAt(params, "message"), "taskId") ?? textAt(params, "id");
  if (named !== undefined) return named;
  const text = exchange.response?.chunks.map((chunk) => chunk.text).join("") ?? "";
  return (
    /"taskId":\s?"([^"]+)"/.exec(text)?.[1] ??
    /"(?:task|result)":\s?\{\s?(?:"kind":\s?"task",\s?)?"id":\s?"([^"]+)"/.exec(text)?.[1]
  );
}

/** Takes over the ids of the real request: from now on they stand for the recorded ones. */
export function adoptIds(ids: Ids, exchange: Exchange, message: JsonObject, userId: string): void {
  const recorded = objectAt(objectAt(recordedBody(exchange), "params"), "message");
  for (const key of ["contextId", "messageId"]) {
    const [before, now] = [textAt(recorded, key), textAt(message, key)];
    if (before !== undefined && now !== undefined) ids.set(before, now);
  }
  const user = exchange.request.headers["x-user-id"];
  if (user !== undefined) ids.set(user, userId);
}

/** The id that stands for `recorded`; a fresh one of the same form when it is met for the first time. */
export function standIn(ids: Ids, recorded: string): string {
  const known = ids.get(recorded);
  if (known !== undefined) return known;
  const fresh = recorded.startsWith("call_") ? `call_${randomBytes(6).toString("hex")}` : randomUUID();
  ids.set(recorded, fresh);
  return fresh;
}

/**
 * The chunks of a recorded response for another request: same text, times and borders, other ids. A border inside an id
 * moves behind it.
 */
export function substitute(exchange: Exchange, recording: Recording, ids: Ids, stand: Stand): Chunk[] {
  const chunks = exchange.response?.chunks ?? [];
  const whole = chunks.map((chunk) => chunk.text).join("");
  const request = recordedBody(exchange);
  const texts = textsOf(objectAt(objectAt(request, "params"), "message"));
  const pattern = recordedIds(request.id, texts, [...ids.keys()], recordedAgent(recording));

  const replacement = (match: RegExpExecArray): string => {
    const { rpc, text, author } = match.groups ?? {};
    if (rpc !== undefined) return rpc + JSON.stringify(stand.rpcId);
    if (author !== undefined) return author + pythonName(stand.agent);
    if (text === undefined) return standIn(ids, match[0]);
    const at = texts.findIndex((recorded) => match[0].endsWith(JSON.stringify(recorded)));
    return text + JSON.stringify(stand.texts[at] ?? texts[at] ?? "");
  };
  return replaceAcross(chunks, whole, pattern, replacement);
}

function replaceAcross(
  chunks: readonly Chunk[],
  whole: string,
  pattern: RegExp,
  replacement: (match: RegExpExecArray) => string,
): Chunk[] {
  const matches = [...whole.matchAll(pattern)];
  const result: Chunk[] = [];
  let from = 0;
  let border = 0;
  let next = 0;
  for (const chunk of chunks) {
    border += chunk.text.length;
    const pieces: string[] = [];
    for (let match = matches[next]; match && match.index < border; match = matches[next]) {
      pieces.push(whole.slice(from, match.index), replacement(match));
      from = match.index + match[0].length;
      next += 1;
    }
    pieces.push(whole.slice(from, Math.max(from, border)));
    from = Math.max(from, border);
    result.push({ ms: chunk.ms, text: pieces.join("") });
  }
  return result;
}

function recordedIds(
  rpcId: Json | undefined,
  texts: readonly string[],
  known: readonly string[],
  agent: string,
): RegExp {
  const hex = "[0-9a-f]";
  const quoted = texts.filter((text) => text !== "").map((text) => literally(JSON.stringify(text)));
  const alternatives = [
    ...(rpcId === undefined ? [] : [`(?<rpc>"id":\\s?)${literally(JSON.stringify(rpcId))}(?=\\s?[,}])`]),
    ...(quoted.length === 0 ? [] : [`(?<text>"text":\\s?)(?:${quoted.join("|")})`]),
    `(?<author>__NS__|_author":\\s?")${literally(agent)}(?![a-z_])`,
    // Longer ids first: one may begin with another.
    ...known.toSorted((a, b) => b.length - a.length).map(literally),
    `${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}`,
    `call_${hex}{12}`,
  ];
  return new RegExp(alternatives.join("|"), "g");
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** The agent that was recorded, as it names itself in metadata. */
function recordedAgent(recording: Recording): string {
  const path = recording.exchanges[0]?.request.path ?? "/";
  return pythonName(/^\/api\/a2a\/[^/]+\/([^/]+)/.exec(path)?.[1] ?? "demo-agent");
}
