import type { Refused } from "./wire.ts";

/** Why a turn can no longer be painted in its place. */
export type LostReason = "channel-gone" | "no-permission" | "locked" | "unreachable" | "internal";

/** What to do after Discord refused to create, edit or delete a message. */
export type Setback =
  /** The message is gone: somebody deleted it. */
  | { readonly kind: "gone" }
  /** Too old to be edited: goes on in a new message. */
  | { readonly kind: "too-old" }
  /** The thread is archived: reopen it, then once more. */
  | { readonly kind: "archived" }
  /** Its files are too large: once more without them. */
  | { readonly kind: "files-refused" }
  /** Replying is not possible here: once more as an ordinary message. */
  | { readonly kind: "reply-refused" }
  /** This one look is refused (a mistake of ours); a later one may pass. */
  | { readonly kind: "look-refused" }
  | { readonly kind: "lost"; readonly reason: LostReason };

/** @see https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const BY_CODE: ReadonlyMap<number, Setback> = new Map<number, Setback>([
  [10003, { kind: "lost", reason: "channel-gone" }],
  [10004, { kind: "lost", reason: "channel-gone" }],
  [10008, { kind: "gone" }],
  [30046, { kind: "too-old" }],
  [40005, { kind: "files-refused" }],
  [50001, { kind: "lost", reason: "no-permission" }],
  [50007, { kind: "lost", reason: "no-permission" }],
  [50013, { kind: "lost", reason: "no-permission" }],
  [50045, { kind: "files-refused" }],
  [50083, { kind: "archived" }],
  [160002, { kind: "reply-refused" }],
  [160005, { kind: "lost", reason: "locked" }],
]);

/** Reads a refusal. What is not known by its code is judged by its status. */
export function readSetback({ code, status }: Refused): Setback {
  const known = BY_CODE.get(code);
  if (known !== undefined) return known;
  if (status === 401 || status === 403) return { kind: "lost", reason: "no-permission" };
  if (status === 413) return { kind: "files-refused" };
  return { kind: "look-refused" };
}
