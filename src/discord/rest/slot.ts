import type { MessageView } from "../view/message.ts";
import { isSameView } from "./message-call.ts";
import type { Ticket } from "./request.ts";

/** One message of a turn: what Discord is known to show, and what is on its way. */
export interface Slot {
  id: string | undefined;
  /** What Discord shows; unknown until the first answer. */
  shown: MessageView | undefined;
  /** What the request in flight makes of it. */
  sending: MessageView | undefined;
  /** A look that Discord refused. */
  refused: MessageView | undefined;
  /** The one request for this message that waits or is in flight. */
  pending: Ticket | undefined;
  /** The pending request removes it. */
  leaving: boolean;
  /** Tells a message posted anew from the one before, so that its nonce differs. */
  generation: number;
  /** Deleted by somebody and posted anew once. */
  returned: boolean;
  /** Deleted by somebody and not to come back. */
  closed: boolean;
  withoutFiles: boolean;
  withoutReply: boolean;
}

/** A message that is not there yet, or one known by its id only. */
export function newSlot(id?: string): Slot {
  return {
    id,
    shown: undefined,
    sending: undefined,
    refused: undefined,
    pending: undefined,
    leaving: false,
    generation: 0,
    returned: false,
    closed: false,
    withoutFiles: false,
    withoutReply: false,
  };
}

/** How the message should look, as far as Discord lets it. */
export function wanted(slot: Slot, view: MessageView): MessageView {
  return slot.withoutFiles && view.files.length > 0 ? { ...view, files: [] } : view;
}

/** Whether a request would change anything for the better. */
export function differs(slot: Slot, view: MessageView): boolean {
  if (slot.closed) return false;
  const target = wanted(slot, view);
  if (slot.refused !== undefined && isSameView(slot.refused, target)) return false;
  return slot.shown === undefined || !isSameView(slot.shown, target);
}

/** Forgets the message, so that the next request posts it anew; gives the old id. */
export function repost(slot: Slot): string | undefined {
  const old = slot.id;
  slot.id = undefined;
  slot.shown = undefined;
  slot.generation += 1;
  return old;
}

/** The id in the response to a create. */
export function readMessageId(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("id" in body)) return undefined;
  return typeof body.id === "string" ? body.id : undefined;
}

/** Whether the response to a create shows what was sent; Discord trims the ends. A response without text proves nothing. */
export function isEchoOf(body: unknown, sent: MessageView | undefined): boolean {
  if (typeof body !== "object" || body === null || !("content" in body)) return true;
  return typeof body.content !== "string" || body.content.trim() === sent?.content.trim();
}
