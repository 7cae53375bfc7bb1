import { request } from "undici";
import { BridgeError } from "../../conversation/errors.ts";
import type { Attachment } from "../../conversation/outgoing.ts";
import type { Attachments } from "../../conversation/ports.ts";
import type { PromptFile } from "../../conversation/prompt.ts";

const CDN_ORIGINS = ["https://cdn.discordapp.com", "https://media.discordapp.net"];
const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const TEXT_TYPES = /^(text\/|application\/(json|yaml|x-yaml|xml|toml|x-sh|x-ndjson|javascript|sql)\b)/;
const TEXT_NAMES =
  /\.(txt|log|md|ya?ml|json|ndjson|toml|xml|csv|ini|conf|env|sh|py|go|ts|js|java|rs|tf|sql|diff|patch|html?)$/i;

/** Text is inlined up to 100 kB; kagent takes 10 MiB a request, which is 7 MB of files in base64 with room to spare. */
const TEXT_LIMIT = 100_000;
const IMAGE_LIMIT = 3_750_000;
const TOTAL_LIMIT = 7_000_000;
const MOST_FILES = 5;
const TIMEOUT_MS = 15_000;

/** How to download. `apiUrl`: a local Discord, whose own origin serves its attachments. */
export interface CdnOptions {
  readonly apiUrl?: string;
}

/** Downloads attachments from Discord's hosts alone: no redirects, and never more bytes than allowed. */
export function createCdn({ apiUrl }: CdnOptions): Attachments {
  const origins = apiUrl === undefined ? CDN_ORIGINS : [...CDN_ORIGINS, new URL(apiUrl).origin];

  async function download(file: PromptFile, signal: AbortSignal): Promise<Attachment> {
    const kind = kindOf(file);
    const bytes = await read(file, kind === "text" ? TEXT_LIMIT : IMAGE_LIMIT, signal);
    if (kind === "text") return { kind, name: file.name, text: new TextDecoder().decode(bytes) };
    return { kind: "file", file: { name: file.name, mediaType: mediaTypeOf(file), bytes } };
  }

  async function read(file: PromptFile, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const url = URL.canParse(file.url) ? new URL(file.url) : undefined;
    if (!url || !origins.includes(url.origin)) throw refused(file, "is not stored at Discord");
    return await body(file, url, limit, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])).catch(
      (cause: unknown) => {
        if (cause instanceof BridgeError) throw cause;
        throw refused(file, "could not be downloaded from Discord", cause);
      },
    );
  }

  async function body(file: PromptFile, url: URL, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const response = await request(url, { signal });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw refused(file, "is no longer at Discord: attach it again");
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limit) throw tooLarge(file, limit);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  return {
    async fetch(files, signal) {
      checkAll(files);
      const attachments = await Promise.all(files.map((file) => download(file, signal)));
      return attachments;
    },
  };
}

/**
 * Those images of somebody else's message that can go along with a person's own files: the others are left out, since
 * they must not refuse the question.
 */
export function fittingImages(
  images: readonly PromptFile[],
  own: readonly PromptFile[],
): readonly PromptFile[] {
  const taken: PromptFile[] = [];
  let room = TOTAL_LIMIT - own.reduce((sum, file) => sum + file.size, 0);
  for (const file of images) {
    const isTaken = IMAGE_TYPES.includes(mediaTypeOf(file)) && file.size <= Math.min(IMAGE_LIMIT, room);
    if (!isTaken || own.length + taken.length >= MOST_FILES) continue;
    taken.push(file);
    room -= file.size;
  }
  return taken;
}

/** What Discord says of the files is checked before a byte is fetched. */
function checkAll(files: readonly PromptFile[]): void {
  if (files.length > MOST_FILES) {
    throw new BridgeError("file-refused", `I can take ${MOST_FILES} files with a question. Send fewer.`);
  }
  for (const file of files) {
    const limit = kindOf(file) === "text" ? TEXT_LIMIT : IMAGE_LIMIT;
    if (file.size > limit) throw tooLarge(file, limit);
  }
  if (files.reduce((sum, file) => sum + file.size, 0) > TOTAL_LIMIT) {
    throw new BridgeError(
      "file-refused",
      "These files have more than 7 MB together. Send fewer or smaller ones.",
    );
  }
}

function kindOf(file: PromptFile): "text" | "image" {
  if (IMAGE_TYPES.includes(mediaTypeOf(file))) return "image";
  if (TEXT_TYPES.test(mediaTypeOf(file)) || TEXT_NAMES.test(file.name)) return "text";
  throw refused(file, "is neither text nor a PNG, JPEG, WebP or GIF image; paste the important part as text");
}

function mediaTypeOf(file: PromptFile): string {
  return file.mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
}

function tooLarge(file: PromptFile, limit: number): BridgeError {
  const most = limit >= 1_000_000 ? `${limit / 1_000_000} MB` : `${limit / 1_000} kB`;
  return refused(file, `is larger than ${most}; send the important part`);
}

function refused(file: PromptFile, why: string, cause?: unknown): BridgeError {
  const name = file.name.replaceAll(/[^\p{L}\p{N}._ -]/gu, "_").slice(0, 60);
  return new BridgeError("file-refused", `The file “${name}” ${why}.`, { cause });
}
