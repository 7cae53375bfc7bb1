import { invalidForm, refuse } from "../errors.ts";
import { type JsonObject, textAt } from "../json.ts";
import type { Attachment } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { keptFilename } from "./text.ts";

const MIB = 1024 * 1024;
/** Most bytes of one file, without boosts or Nitro. */
export const MOST_FILE_BYTES = 10 * MIB;
export const MOST_REQUEST_BYTES = 25 * MIB;
const MOST_FILES = 10;

/** One `files[n]` of a multipart request. */
export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * The attachments a message has after a request: those named by their id stay, `attachments[].id` = n names `files[n]`.
 * A request without the list keeps what was there and adds its files. Throws 50045 above 10 MiB a file.
 */
export function keepAttachments(
  world: World,
  listed: readonly JsonObject[],
  isListed: boolean,
  given: { readonly files: ReadonlyMap<number, Upload>; readonly existing: readonly Attachment[] },
): readonly Attachment[] {
  const { files, existing } = given;
  if (files.size === 0 && !isListed) return existing;
  const kept = isListed
    ? existing.filter((attachment) => listed.some((entry) => textAt(entry, "id") === attachment.id))
    : existing;
  checkListed(listed, files, existing);
  const added = [...files].map(([index, upload]) => {
    const entry = listed.find((candidate) => String(candidate.id) === String(index));
    return addFile(world, upload, entry);
  });
  if (kept.length + added.length > MOST_FILES) {
    throw invalidForm("attachments", "BASE_TYPE_MAX_LENGTH", `Must be ${MOST_FILES} or fewer in length.`);
  }
  return [...kept, ...added];
}

function checkListed(
  listed: readonly JsonObject[],
  files: ReadonlyMap<number, Upload>,
  existing: readonly Attachment[],
): void {
  for (const [index, entry] of listed.entries()) {
    const id = String(entry.id);
    const known = existing.some((attachment) => attachment.id === id) || files.has(Number(id));
    if (!known)
      throw invalidForm(`attachments.${index}`, "ATTACHMENT_NOT_FOUND", `Attachment data not found: ${id}`);
  }
}

/** Puts a file on the CDN. Throws 50045 when it is too large. */
export function addFile(world: World, upload: Upload, entry?: JsonObject): Attachment {
  if (upload.bytes.byteLength > MOST_FILE_BYTES) throw refuse("fileTooLarge");
  const description = entry && textAt(entry, "description");
  const attachment: Attachment = {
    id: world.nextId(),
    filename: keptFilename((entry && textAt(entry, "filename")) ?? upload.name),
    contentType: upload.type === "" ? "application/octet-stream" : upload.type,
    ...(description === undefined ? {} : { description }),
    bytes: upload.bytes,
  };
  world.files.set(attachment.id, attachment);
  return attachment;
}
