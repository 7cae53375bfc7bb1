import type { IncomingMessage } from "node:http";
import { refuse } from "../errors.ts";
import { type Json, parseJson } from "../json.ts";
import { MOST_REQUEST_BYTES, type Upload } from "../rules/attachments.ts";

export interface RequestBody {
  readonly json: Json | undefined;
  readonly files: ReadonlyMap<number, Upload>;
}

const noFiles: ReadonlyMap<number, Upload> = new Map();

/** Reads a whole request. Throws 40005 above 25 MiB. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.byteLength;
    if (size <= MOST_REQUEST_BYTES) chunks.push(chunk);
  }
  if (size > MOST_REQUEST_BYTES) throw refuse("requestTooLarge");
  return Buffer.concat(chunks);
}

/** Takes JSON and multipart bodies (`payload_json` and `files[n]`). Throws 50109 for malformed JSON. */
export async function readBody(bytes: Buffer, contentType: string | undefined): Promise<RequestBody> {
  if (bytes.byteLength === 0) return { json: undefined, files: noFiles };
  if (contentType?.startsWith("multipart/form-data")) return readMultipart(bytes, contentType);
  if (contentType?.startsWith("application/json"))
    return { json: readJson(bytes.toString("utf8")), files: noFiles };
  throw refuse("malformedJson");
}

function readJson(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw refuse("malformedJson");
  }
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<RequestBody> {
  const form = await new Response(new Uint8Array(bytes), {
    headers: { "content-type": contentType },
  }).formData();
  const files = new Map<number, Upload>();
  let json: Json = {};
  for (const [name, value] of form) {
    const index = /^files\[(\d)\]$/.exec(name)?.[1];
    if (name === "payload_json" && typeof value === "string") json = readJson(value);
    if (index === undefined || typeof value === "string") continue;
    files.set(Number(index), {
      name: value.name,
      type: value.type,
      bytes: new Uint8Array(await value.arrayBuffer()),
    });
  }
  return { json, files };
}
