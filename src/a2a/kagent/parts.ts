import type { AgentFile } from "../../conversation/agent.ts";
import type { Part, WireFile } from "../wire/model.ts";
import { metadataValue } from "./metadata.ts";

/** Whether a part is the model's reasoning, which is never answer text. */
export function isThought(part: Part): boolean {
  return part.metadata !== undefined && metadataValue(part.metadata, "thought") === true;
}

/**
 * The readable text of parts: text without reasoning, data of no known kind as fenced JSON, files that are only
 * linked as a line with their address (agents' addresses are never fetched).
 */
export function textOf(parts: readonly Part[]): string {
  const [only] = parts;
  // Nearly every event is a single token.
  if (parts.length === 1 && only?.kind === "text") return isThought(only) ? "" : only.text;
  let text = "";
  for (const part of parts) text += textOfPart(part);
  return text;
}

function textOfPart(part: Part): string {
  if (part.kind === "text") return isThought(part) ? "" : part.text;
  if (part.kind === "file")
    return part.file.url === undefined ? "" : `\n${part.file.name ?? "File"}: ${part.file.url}\n`;
  if (metadataValue(part.metadata, "type") !== undefined || isEmpty(part.data)) return "";
  return `\n\`\`\`json\n${JSON.stringify(part.data, undefined, 2)}\n\`\`\`\n`;
}

// Upstream ADK executors close an artifact with an empty object.
function isEmpty(data: unknown): boolean {
  return typeof data === "object" && data !== null && Object.keys(data).length === 0;
}

/** The file of a part that carries its content; `key` is equal for repeats of the same file. */
export function fileOf(
  part: Part,
  maxBytes: number,
): { readonly key: string; readonly file: AgentFile } | undefined {
  if (part.kind !== "file" || part.file.base64 === undefined) return undefined;
  const { base64 } = part.file;
  // Four characters of base64 hold three bytes.
  if (base64.length * 0.75 > maxBytes) return undefined;
  const name = part.file.name ?? nameFor(part.file);
  const mediaType = part.file.mediaType ?? "application/octet-stream";
  const key = [name, mediaType, base64.length, base64.slice(0, 64), base64.slice(-64)].join(" ");
  return { key, file: { name, mediaType, bytes: Buffer.from(base64, "base64") } };
}

function nameFor(file: WireFile): string {
  const subtype = /^[a-z]+\/([a-z0-9]+)$/.exec(file.mediaType ?? "")?.[1];
  return `file.${subtype ?? "bin"}`;
}
