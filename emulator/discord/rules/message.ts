import { invalidForm, refuse } from "../errors.ts";
import { isObject, type Json, type JsonObject, listAt, numberAt, objectsAt, textAt } from "../json.ts";
import { type AllowedMentions, contradicts, readAllowedMentions } from "../world/mentions.ts";
import { type Attachment, type Message, messageFlags } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { keepAttachments, type Upload } from "./attachments.ts";
import { checkComponents, componentTypes, flatten } from "./components.ts";
import { checkEmbeds } from "./embeds.ts";
import { codePoints, keptText } from "./text.ts";

const MOST_CONTENT = 2000;

/** The flags that each way of writing a message may set. */
export const settableFlags = {
  create:
    messageFlags.suppressEmbeds |
    messageFlags.suppressNotifications |
    messageFlags.voiceMessage |
    messageFlags.componentsV2,
  forum: messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2,
  edit: messageFlags.suppressEmbeds | messageFlags.componentsV2,
  interaction:
    messageFlags.suppressEmbeds |
    messageFlags.suppressNotifications |
    messageFlags.ephemeral |
    messageFlags.componentsV2,
  deferred: messageFlags.ephemeral,
} as const;

/** What a request wants a message to be, checked and completed. */
export interface Written {
  readonly content: string;
  readonly embeds: readonly JsonObject[];
  readonly components: readonly JsonObject[];
  readonly attachments: readonly Attachment[];
  readonly flags: number;
  readonly allowed: AllowedMentions;
}

/**
 * Reads a message from a request. With `existing` it is an edit: what the request leaves out stays.
 * Throws 50006 for a message with nothing in it, 50035, 40005 or 50045 for one that breaks a limit.
 * Source: https://docs.discord.com/developers/resources/message
 */
export function readMessage(
  world: World,
  body: JsonObject,
  files: ReadonlyMap<number, Upload>,
  rules: { readonly from: "message" | "webhook"; readonly flags: number; readonly existing?: Message },
): Written {
  const { existing } = rules;
  const flags = readFlags(body, rules.flags, existing);
  const v2 = (flags & messageFlags.componentsV2) !== 0;
  const given = <T>(key: string, read: () => T, before: T): T => (body[key] === undefined ? before : read());
  const written = {
    content: given("content", () => readContent(body.content), existing?.content ?? ""),
    embeds: given("embeds", () => checkEmbeds(objectsAt(body, "embeds")), existing?.embeds ?? []),
    components: given(
      "components",
      () => checkComponents(objectsAt(body, "components"), v2),
      existing?.components ?? [],
    ),
    attachments: keepAttachments(
      world,
      objectsAt(body, "attachments"),
      listAt(body, "attachments") !== undefined,
      {
        files,
        existing: existing?.attachments ?? [],
      },
    ),
    flags,
    allowed: readAllowed(body.allowed_mentions, rules.from),
  };
  if (v2) checkV2(written);
  return written;
}

/** Throws 50006 when there is nothing to see. */
export function checkNotEmpty(written: Written): void {
  const { content, embeds, components, attachments } = written;
  const nothing =
    content === "" && embeds.length === 0 && components.length === 0 && attachments.length === 0;
  if (nothing) throw refuse("emptyMessage");
}

function readContent(value: Json | undefined): string {
  const content = keptText(typeof value === "string" ? value : "");
  if (codePoints(content) > MOST_CONTENT) {
    throw invalidForm("content", "BASE_TYPE_BAD_LENGTH", `Must be ${MOST_CONTENT} or fewer in length.`);
  }
  return content;
}

function readFlags(body: JsonObject, settable: number, existing: Message | undefined): number {
  const wanted = numberAt(body, "flags");
  if (wanted === undefined) return existing?.flags ?? 0;
  const before = existing?.flags ?? 0;
  // An edit repeats flags it cannot change; only a change of one is a mistake.
  if ((wanted & ~settable & ~before) !== 0) {
    throw invalidForm("flags", "MESSAGE_FLAGS_INVALID", "These flags cannot be set here");
  }
  if (existing && before & messageFlags.componentsV2 && !(wanted & messageFlags.componentsV2)) {
    throw invalidForm("flags", "MESSAGE_FLAGS_INVALID", "IS_COMPONENTS_V2 cannot be removed");
  }
  return (before & ~settable) | (wanted & settable);
}

function readAllowed(value: Json | undefined, from: "message" | "webhook"): AllowedMentions {
  if (isObject(value) && contradicts(value)) {
    throw invalidForm(
      "allowed_mentions",
      "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
      "parse excludes the same list",
    );
  }
  return readAllowedMentions(value, from);
}

function checkV2(written: Written): void {
  if (written.content !== "" || written.embeds.length > 0) {
    throw invalidForm(
      "flags",
      "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      "content and embeds cannot be used with components v2",
    );
  }
  const names = written.attachments.map(({ filename }) => `attachment://${filename}`);
  for (const { type, file } of flatten(written.components)) {
    if (type !== componentTypes.file || (isObject(file) && names.includes(textAt(file, "url") ?? "")))
      continue;
    throw invalidForm(
      "components.file",
      "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
      "A file component shows a file of its own message, named attachment://NAME",
    );
  }
}

/** The nonce of a create, or undefined. Throws 50035 above 25 characters. */
export function readNonce(body: JsonObject): string | number | undefined {
  const nonce = textAt(body, "nonce") ?? numberAt(body, "nonce");
  if (typeof nonce === "string" && nonce.length > 25) {
    throw invalidForm("nonce", "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length.");
  }
  return nonce;
}
