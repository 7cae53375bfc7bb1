import { createHash } from "node:crypto";
import { ComponentType, MessageFlags } from "discord.js";
import type { ButtonView, MessageView, TurnView } from "../view/message.ts";
import { toButton } from "./button.ts";
import type { Call } from "./wire.ts";

/** What a new message needs besides its look. */
export interface NewMessage {
  readonly channelId: string;
  readonly nonce: string;
  /** The message to reply to; a reply to one that is gone becomes an ordinary message. */
  readonly replyTo?: string;
}

type Closing = NonNullable<TurnView["closing"]>;

const BUTTONS_A_ROW = 5;
const NONCE_DIGEST_LENGTH = 16;

/**
 * Nobody is notified by text. Said on every edit too: Discord parses an edit without it by its own defaults.
 *
 * @see https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
export const NOBODY = { parse: [], replied_user: false } as const;

/**
 * The nonce of a turn's message: the same for every repetition of one create, at most 25 characters.
 * `part` tells the turn's messages apart: at most 8 characters.
 */
export function messageNonce(turnId: string, part: string): string {
  const digest = createHash("sha256").update(turnId).digest("base64url").slice(0, NONCE_DIGEST_LENGTH);
  return `${digest}:${part}`;
}

/** The request that posts a message. */
export function createCall(view: MessageView, message: NewMessage): Call {
  return {
    method: "POST",
    path: `/channels/${message.channelId}/messages`,
    body: {
      ...lookOf(view),
      ...(view.files.length === 0 ? {} : { attachments: attachmentsOf(view) }),
      ...identity(message),
    },
    files: view.files,
  };
}

/** The request that makes an existing message look so. Attached files stay unless `withFiles`, which replaces them. */
export function editCall(view: MessageView, channelId: string, messageId: string, withFiles: boolean): Call {
  return {
    method: "PATCH",
    path: `/channels/${channelId}/messages/${messageId}`,
    body: { ...lookOf(view), ...(withFiles ? { attachments: attachmentsOf(view) } : {}) },
    ...(withFiles ? { files: view.files } : {}),
  };
}

/** The request that posts a turn's last, short message; it notifies `pingUserId` and nobody else. */
export function closingCall(closing: Closing, message: NewMessage): Call {
  const { content, pingUserId } = closing;
  const mentions = pingUserId === undefined ? NOBODY : { ...NOBODY, users: [pingUserId] };
  return {
    method: "POST",
    path: `/channels/${message.channelId}/messages`,
    body: {
      content,
      flags: MessageFlags.SuppressEmbeds,
      ...identity(message),
      allowed_mentions: mentions,
    },
  };
}

/** The request that removes a message. */
export function deleteCall(channelId: string, messageId: string): Call {
  return { method: "DELETE", path: `/channels/${channelId}/messages/${messageId}` };
}

/** Whether two views look the same, files included. */
export function isSameView(one: MessageView, other: MessageView): boolean {
  return (
    one.content === other.content &&
    hasSameFiles(one, other) &&
    JSON.stringify(one.buttons) === JSON.stringify(other.buttons)
  );
}

/** Whether two views carry the same files. */
export function hasSameFiles(one: MessageView, other: MessageView): boolean {
  return (
    one.files.length === other.files.length &&
    one.files.every((file, index) => {
      const match = other.files[index];
      if (match?.name !== file.name) return false;
      return match.bytes === file.bytes || Buffer.compare(file.bytes, match.bytes) === 0;
    })
  );
}

function lookOf(view: MessageView) {
  return {
    content: view.content,
    components: rowsOf(view.buttons),
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: NOBODY,
  };
}

function identity({ nonce, replyTo }: NewMessage) {
  return {
    nonce,
    enforce_nonce: true,
    ...(replyTo === undefined
      ? {}
      : { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
  };
}

function attachmentsOf(view: MessageView) {
  return view.files.map((file, index) => ({ id: String(index), filename: file.name }));
}

function rowsOf(buttons: readonly ButtonView[]) {
  const rows = Math.ceil(buttons.length / BUTTONS_A_ROW);
  return Array.from({ length: rows }, (_, row) => ({
    type: ComponentType.ActionRow,
    components: buttons.slice(row * BUTTONS_A_ROW, (row + 1) * BUTTONS_A_ROW).map(toButton),
  }));
}
