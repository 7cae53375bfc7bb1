import { addFile } from "../rules/attachments.ts";
import type { Attachment } from "../world/model.ts";
import type { World } from "../world/world.ts";

/** A file that somebody attaches. */
export interface FileInput {
  readonly name: string;
  /** Media type; default text/plain for text, application/octet-stream for bytes. */
  readonly type?: string;
  readonly content: string | Uint8Array;
}

/** Uploads a file. Throws 50045 above 10 MiB. */
export function upload(world: World, file: FileInput): Attachment {
  const isText = typeof file.content === "string";
  const bytes = typeof file.content === "string" ? Buffer.from(file.content) : file.content;
  const type = file.type ?? (isText ? "text/plain; charset=utf-8" : "application/octet-stream");
  return addFile(world, { name: file.name, type, bytes: new Uint8Array(bytes) });
}

export function isFileInput(value: unknown): value is FileInput {
  return typeof value === "object" && value !== null && "name" in value && "content" in value;
}
