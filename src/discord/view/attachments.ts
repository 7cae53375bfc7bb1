import type { AgentFile } from "../../conversation/agent.ts";
import { sizeText } from "./amounts.ts";
import { safeFileName } from "./file-name.ts";
import type { FileView } from "./message.ts";
import { cleanText, safeInline } from "./safe-text.ts";

const MAX_FILES = 10;
/** Bytes of one request: Discord takes 25 MiB, the message around the files included. */
const MAX_REQUEST_BYTES = 24 * 1024 * 1024;
/** Names of files that were left out, before they are only counted. */
const MAX_NAMED = 5;

/** The files that a turn shows, by message; `omitted` says in subtext which ones Discord would not take. */
export interface Attachments {
  readonly batches: readonly (readonly FileView[])[];
  readonly omitted: readonly string[];
}

/** Groups an agent's files into messages. `maxBytes`: what Discord accepts for one file in this place. */
export function toAttachments(
  answer: FileView | undefined,
  files: readonly AgentFile[],
  maxBytes: number,
): Attachments {
  const safe = files.map(({ name, ...file }) => ({ ...file, name: safeFileName(name) }));
  const all = answer ? [answer, ...safe] : safe;
  const tooLarge = all.filter((file) => file.bytes.byteLength > maxBytes);
  return {
    batches: toBatches(all.filter((file) => file.bytes.byteLength <= maxBytes)),
    omitted: tooLarge.length === 0 ? [] : [omittedLine(tooLarge, maxBytes)],
  };
}

/** The whole answer as the agent wrote it, without what could disguise its text. */
export function answerFile(markdown: string): FileView {
  return {
    name: "answer.md",
    mediaType: "text/markdown; charset=utf-8",
    bytes: new TextEncoder().encode(cleanText(markdown)),
  };
}

function toBatches(files: readonly FileView[]): readonly (readonly FileView[])[] {
  const batches: FileView[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = batches.at(-1);
    const fits = last && last.length < MAX_FILES && bytes + file.bytes.byteLength <= MAX_REQUEST_BYTES;
    if (fits) last.push(file);
    else batches.push([file]);
    bytes = (fits ? bytes : 0) + file.bytes.byteLength;
  }
  return batches;
}

function omittedLine(files: readonly FileView[], maxBytes: number): string {
  const named = files
    .slice(0, MAX_NAMED)
    .map((file) => `${safeInline(file.name)} (${sizeText(file.bytes.byteLength)})`);
  const more = files.length > MAX_NAMED ? ` and ${files.length - MAX_NAMED} more` : "";
  return `-# ⚠️ not attached, because Discord takes at most ${sizeText(maxBytes)} a file: ${named.join(", ")}${more}`;
}
