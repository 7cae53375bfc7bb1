import type { Painted } from "../../conversation/ports.ts";
import { postClosing } from "./closing.ts";
import { createLatestView, type LatestView, moreUrgent } from "./latest-view.ts";
import { createCall, editCall, hasSameFiles, messageNonce } from "./message-call.ts";
import type { Painter, PainterOptions } from "./painter-port.ts";
import type { Outcome } from "./request.ts";
import type { Priority } from "./schedule.ts";
import { type LostReason, readSetback, type Setback } from "./setback.ts";
import { differs, isEchoOf, newSlot, readMessageId, repost, type Slot, wanted } from "./slot.ts";
import { discard, reopen } from "./upkeep.ts";
import type { Call, Refused } from "./wire.ts";

const MOST_GENERATIONS = 5;
const MOST_REOPENINGS = 3;

/** A painter for one turn. It sends nothing before the first `show` or `settle`. */
export function createPainter(options: PainterOptions): Painter {
  return new TurnPainter(options);
}

class TurnPainter implements Painter {
  readonly #options: PainterOptions;
  readonly #view: LatestView;
  readonly #slots: Slot[];
  /** Messages that were posted anew; they go once the new ones are there. */
  readonly #stale: string[] = [];
  readonly #end: { readonly reached: Promise<void>; reach(): void };
  #state: "painting" | "settling" | "closing" | "ended" = "painting";
  #closingId: string | undefined;
  #sizeSent = 0;
  #reopenings = 0;
  #reopening = false;

  constructor(options: PainterOptions) {
    this.#options = options;
    this.#view = createLatestView(options.render);
    this.#slots = (options.resume?.messageIds ?? []).map((id) => newSlot(id));
    this.#closingId = options.resume?.closingId;
    let reach = () => {};
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    this.#end = { reached, reach: () => reach() };
  }

  painted(): Painted {
    const messageIds = this.#slots.flatMap(({ id }) => (id === undefined ? [] : [id]));
    return { messageIds, ...(this.#closingId === undefined ? {} : { closingId: this.#closingId }) };
  }

  show(urgency: Priority = "progress"): void {
    if (this.#state !== "painting") return;
    this.#changed(urgency);
    if (!this.#isBusy()) this.#guess();
  }

  settle(): Promise<void> {
    if (this.#state === "painting") {
      this.#state = "settling";
      this.#view.freeze();
      this.#changed("final");
      this.#next();
    }
    return this.#end.reached;
  }

  #changed(urgency: Priority): void {
    this.#view.changed(urgency, this.#options.clock.now());
    if (urgency !== "progress") for (const { pending } of this.#slots) pending?.raise(urgency);
  }

  #isBusy(): boolean {
    return this.#reopening || this.#slots.some((slot) => slot.pending !== undefined);
  }

  /** Asks for a request without rendering: while text only grows, it is the last message that changes. */
  #guess(): void {
    const missing = this.#slots.findIndex((slot) => !slot.closed && slot.id === undefined);
    const last = this.#slots.findLastIndex((slot) => !slot.closed);
    const known = missing === -1 ? last : missing;
    this.#submit(known === -1 ? this.#slots.length : known);
  }

  /** Asks for a request for each message that is not as it should be; a new one waits for those above it. */
  #plan(): void {
    const { messages } = this.#view.read();
    for (const [index, view] of messages.entries()) {
      const slot = this.#slotAt(index);
      if (slot.leaving) return;
      if (!differs(slot, view)) continue;
      if (slot.pending === undefined) this.#submit(index);
      if (slot.id === undefined) return;
    }
    this.#removeLast(messages.length);
  }

  /** Surplus messages go from the end, one by one: what is wanted again meanwhile comes back in its place. */
  #removeLast(wantedCount: number): void {
    const index = this.#slots.findLastIndex(({ id, pending }) => id !== undefined || pending !== undefined);
    const slot = this.#slots[index];
    if (slot?.id === undefined || slot.pending !== undefined || index < wantedCount) return;
    const { id } = slot;
    slot.leaving = true;
    slot.pending = discard(this.#options, id, () => this.#view.read().messages.length <= index);
    void slot.pending.outcome.then((outcome) => this.#removed(slot, outcome));
  }

  #removed(slot: Slot, outcome: Outcome): void {
    slot.pending = undefined;
    slot.leaving = false;
    if (outcome.kind === "closed") this.#finish();
    if (outcome.kind !== "dropped") {
      repost(slot);
      this.#notePainted();
    }
    this.#next();
  }

  #slotAt(index: number): Slot {
    const slot = this.#slots[index] ?? newSlot();
    this.#slots[index] = slot;
    return slot;
  }

  #submit(index: number): void {
    const slot = this.#slotAt(index);
    const kind = slot.id === undefined ? "create" : "edit";
    const unseen = this.#slots.every(({ id }) => id === undefined);
    const urgency = this.#view.urgency();
    slot.pending = this.#options.scheduler.enqueue({
      kind,
      channelId: this.#options.channelId,
      priority: unseen ? moreUrgent("first-text", urgency) : urgency,
      since: this.#view.since() ?? this.#options.clock.now(),
      unseen: () => this.#size() - this.#sizeSent,
      repeatable: true,
      call: (inDoubt) => this.#callFor(index, kind, inDoubt),
    });
    void slot.pending.outcome.then((outcome) => this.#landed(index, slot, outcome));
  }

  /** At the moment of sending: the newest state of this message, and requests for others that changed with it. */
  #callFor(index: number, kind: "create" | "edit", inDoubt: boolean): Call | undefined {
    const slot = this.#slotAt(index);
    if (this.#state === "ended" || (kind === "create") !== (slot.id === undefined)) return undefined;
    const view = this.#view.read().messages[index];
    this.#plan();
    if (!inDoubt) slot.sending = view && differs(slot, view) ? wanted(slot, view) : undefined;
    // A create in doubt is repeated as it was: if it had been carried out, Discord keeps its first look.
    else if (slot.id !== undefined && view !== undefined) slot.sending = wanted(slot, view);
    if (slot.sending === undefined) return undefined;
    this.#sizeSent = this.#size();
    if (slot.id === undefined) return createCall(slot.sending, this.#newMessage(index, slot));
    const withFiles = slot.shown === undefined || !hasSameFiles(slot.shown, slot.sending);
    return editCall(slot.sending, this.#options.channelId, slot.id, withFiles);
  }

  #size(): number {
    return this.#options.size?.() ?? 0;
  }

  #newMessage(index: number, slot: Slot) {
    const { channelId, turnId, replyTo, firstReplies } = this.#options;
    const replies = index === 0 && firstReplies === true && !slot.withoutReply && replyTo !== undefined;
    const nonce = messageNonce(turnId, `${index}.${slot.generation}`);
    return { channelId, nonce, ...(replies ? { replyTo } : {}) };
  }

  #landed(index: number, slot: Slot, outcome: Outcome): void {
    slot.pending = undefined;
    if (this.#state === "ended") return;
    if (outcome.kind === "ok") this.#delivered(slot, outcome.body);
    else if (outcome.kind === "refused") this.#refused(index, slot, outcome);
    else if (outcome.kind === "closed") this.#finish();
    else if (outcome.kind !== "dropped") this.#lose("unreachable", outcome);
    slot.sending = undefined;
    this.#next();
  }

  #delivered(slot: Slot, body: unknown): void {
    slot.shown = slot.sending;
    slot.refused = undefined;
    if (slot.id !== undefined) return;
    slot.id = readMessageId(body);
    // A nonce that Discord knows gives back the message of an earlier process, with its older look.
    if (!isEchoOf(body, slot.sending)) slot.shown = undefined;
    if (slot.id === undefined) this.#lose("unreachable", { reason: "a created message without an id" });
    else this.#notePainted();
  }

  #refused(index: number, slot: Slot, refusal: Refused): void {
    const setback = readSetback(refusal);
    this.#log("message refused", { ...refusal, index, setback: setback.kind });
    this.#recover(index, slot, setback);
  }

  #recover(index: number, slot: Slot, setback: Setback): void {
    if (setback.kind === "lost") this.#lose(setback.reason);
    else if (setback.kind === "archived") void this.#reopen();
    else if (setback.kind === "files-refused" && !slot.withoutFiles) slot.withoutFiles = true;
    else if (setback.kind === "reply-refused" && !slot.withoutReply) slot.withoutReply = true;
    else if (setback.kind === "gone") this.#gone(index, slot);
    else if (setback.kind === "too-old") this.#continueAnew(index);
    else slot.refused = slot.sending;
  }

  /** What a person deleted stays deleted, but for the end of the answer, which comes back once. */
  #gone(index: number, slot: Slot): void {
    const isLast = this.#slots.slice(index + 1).every(({ id }) => id === undefined);
    if (!isLast || slot.returned) slot.closed = true;
    slot.returned = true;
    repost(slot);
    this.#notePainted();
  }

  /** From the message that can no longer be edited on, all are posted anew, in order; the old ones go. */
  #continueAnew(from: number): void {
    for (const slot of this.#slots.slice(from)) {
      const old = repost(slot);
      if (old !== undefined) this.#stale.push(old);
      if (slot.generation > MOST_GENERATIONS) slot.closed = true;
    }
    this.#notePainted();
  }

  async #reopen(): Promise<void> {
    if (this.#reopening) return;
    this.#reopening = true;
    this.#reopenings += 1;
    const outcome = await reopen(this.#options, this.#view.urgency());
    this.#reopening = false;
    if (outcome.kind === "closed") this.#finish();
    else if (outcome.kind !== "ok" || this.#reopenings > MOST_REOPENINGS) this.#lose("locked", outcome);
    this.#next();
  }

  /** Whatever just ended: goes on with what is still not as it should be. */
  #next(): void {
    if (this.#state === "ended" || this.#state === "closing" || this.#reopening) return;
    if (this.#state === "painting" && !this.#view.isRead()) {
      if (!this.#isBusy()) this.#guess();
      return;
    }
    if (!this.#planned() || this.#isBusy()) return;
    for (const id of this.#stale.splice(0)) void discard(this.#options, id);
    if (this.#state === "settling") void this.#close();
  }

  /** Rendering is the caller's code: its mistake ends this painting, not the process. */
  #planned(): boolean {
    try {
      this.#plan();
      return true;
    } catch (error) {
      this.#lose("internal", { error });
      return false;
    }
  }

  async #close(): Promise<void> {
    this.#state = "closing";
    const { closing } = this.#view.read();
    if (closing !== undefined && this.#closingId === undefined) {
      this.#closingId = await postClosing(closing, this.#options);
      this.#notePainted();
    }
    this.#finish();
  }

  #notePainted(): void {
    this.#options.onPainted?.(this.painted());
  }

  #log(event: string, details: Readonly<Record<string, unknown>>): void {
    this.#options.log?.(event, { turnId: this.#options.turnId, ...details });
  }

  #lose(reason: LostReason, details: object = {}): void {
    if (this.#state === "ended") return;
    this.#log("nothing more can be shown here", { reason, ...details });
    this.#finish();
    this.#options.onLost?.(reason);
  }

  #finish(): void {
    this.#state = "ended";
    this.#end.reach();
  }
}
