import type { ApprovalRow, Card } from "../../conversation/approval-row.ts";
import type { Cards } from "../../conversation/cards.ts";
import type { Clock, Log } from "../../conversation/ports.ts";
import type { MessageAddress } from "../../conversation/prompt.ts";
import { announcementText, movedCard, type RoleView, reminderText } from "../view/announcement.ts";
import { renderCard } from "../view/card.ts";
import type { CardLook, CardView } from "../view/card-view.ts";
import { pingRolesCall } from "./card-call.ts";
import { editCard, notShown, postCard, type Shown, sendPatiently } from "./card-post.ts";
import { findCard } from "./card-search.ts";
import { createCall, editCall, messageNonce } from "./message-call.ts";
import { readRoles, readThreadLock } from "./place-reads.ts";
import type { Scheduler } from "./scheduler.ts";
import { readMessageId } from "./slot.ts";

/** What cards need. */
export interface CardsOptions {
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly clock: Pick<Clock, "now">;
  readonly look: CardLook;
  /** Whether a thread is locked as far as the gateway said; undefined: ask Discord. Absent: always ask. */
  readonly isLocked?: (threadId: string) => boolean | undefined;
  /** The approvals channel, which hears of every request. */
  readonly channelId?: string;
}

/** So long a nonce surely finds what was posted with it; Discord says "the past few minutes". */
const NONCE_LIFE_MS = 60_000;

/**
 * Cards as Discord messages, one each. `show` rejects only where Discord could not be asked, so that nothing is known: then
 * the card may come later.
 */
export function createCards(options: CardsOptions): Cards {
  const { scheduler, log, clock, look, channelId: newsId } = options;
  /** Where open cards were last shown: the stored rows learn it only after they were announced. */
  const shownAt = new Map<string, MessageAddress>();

  async function show(card: Card): Promise<MessageAddress | undefined> {
    const { place, card: known } = card.row;
    const toAct = card.state.kind === "open" || card.state.kind === "doubtful";
    const view = renderCard(card, look);
    if (known && toAct && (await mustMove(card, known))) {
      const moved = await post(card, view, place.parentId);
      if (moved.kind === "shown") await editCard(scheduler, movedCard(card, moved.at, look), known);
      if (moved.kind === "shown") return moved.at;
    }
    const edited = known && (await editCard(scheduler, view, known));
    // What is not known need not be gone; and nobody has to act on what is over.
    const stays =
      edited?.kind === "shown" || edited?.kind === "unknown" || (edited?.kind === "refused" && !toAct);
    if (stays) return known;
    return firstShown(
      card,
      view,
      toAct ? [place.channelId, place.parentId] : [known?.channelId ?? place.channelId],
    );
  }

  /** In the first channel that takes it. */
  async function firstShown(
    card: Card,
    view: CardView,
    channelIds: readonly (string | undefined)[],
  ): Promise<MessageAddress | undefined> {
    for (const channelId of channelIds) {
      const shown = await post(card, view, channelId);
      if (shown.kind === "shown") return shown.at;
      if (shown.kind === "unknown") throw new Error("Discord could not be asked to show a card");
    }
    log.warn({ requestId: card.row.id, turnId: card.row.turnId }, "a card cannot be shown anywhere");
    return undefined;
  }

  /** The nonce follows from the message before, so that a card that was deleted comes again. */
  async function post(card: Card, view: CardView, channelId: string | undefined): Promise<Shown> {
    if (channelId === undefined) return { kind: "refused" };
    const { row } = card;
    const left = await leftBehind(row, channelId);
    const edited = left && (await editCard(scheduler, view, left));
    // Another bot's message can carry any control, but not be edited.
    if (edited?.kind === "shown" || edited?.kind === "unknown") return edited;
    const nonce = messageNonce(`${row.id}/${row.card?.messageId ?? ""}/${channelId}`, "card");
    return postCard(scheduler, view, channelId, nonce);
  }

  /** A process that was killed may have posted the card before it knew its id. */
  async function leftBehind(row: ApprovalRow, channelId: string): Promise<MessageAddress | undefined> {
    if (row.card || clock.now() < row.requestedAt + NONCE_LIFE_MS) return undefined;
    return findCard(scheduler, channelId, row.id);
  }

  /** Nobody can act in a locked thread, although its messages can still be edited. */
  async function mustMove({ row: { place } }: Card, at: MessageAddress): Promise<boolean> {
    if (place.parentId === undefined || at.channelId !== place.channelId) return false;
    return options.isLocked?.(place.channelId) ?? readThreadLock(scheduler, place.channelId);
  }

  async function announce(card: Card): Promise<MessageAddress | undefined> {
    const { row, state } = card;
    const { announcement: known } = row;
    if (newsId === undefined || (!known && state.kind !== "open")) return known;
    const view = {
      content: announcementText(card, shownAt.get(row.id) ?? row.card, look),
      files: [],
      buttons: [],
    };
    if (known) {
      const call = () => editCall(view, known.channelId, known.messageId, false);
      const outcome = await sendPatiently(scheduler, { kind: "edit", channelId: known.channelId, call });
      if (outcome.kind === "ok" || state.kind !== "open" || notShown(outcome) !== "gone") return known;
    }
    const nonce = messageNonce(`${row.id}/${known?.messageId ?? ""}`, "news");
    const call = () => createCall(view, { channelId: newsId, nonce });
    const outcome = await sendPatiently(scheduler, { kind: "create", channelId: newsId, call });
    const messageId = outcome.kind === "ok" ? readMessageId(outcome.body) : undefined;
    if (messageId === undefined)
      log.warn({ requestId: row.id, channelId: newsId }, "a request could not be announced");
    return messageId === undefined ? undefined : { channelId: newsId, messageId };
  }

  async function remind(card: Card, roleIds: readonly string[]): Promise<void> {
    const { row } = card;
    const { guildId } = row.place;
    if (newsId === undefined || guildId === undefined) return;
    const known = await readRoles(scheduler, guildId);
    const roles = roleIds.filter((id) => id !== guildId).map((id) => known?.get(id) ?? unreadRole(id));
    const content = reminderText(card, shownAt.get(row.id) ?? row.card, roles, look);
    const pinged = roles.filter((role) => role.mentionable).map((role) => role.id);
    const call = () => pingRolesCall(content, pinged, newsId, messageNonce(row.id, "remind"));
    const outcome = await sendPatiently(scheduler, { kind: "create", channelId: newsId, call });
    if (outcome.kind !== "ok")
      log.warn({ requestId: row.id, channelId: newsId }, "a reminder could not be posted");
  }

  return {
    async show(card) {
      const at = await show(card);
      if (at && card.state.kind === "open") shownAt.set(card.row.id, at);
      else shownAt.delete(card.row.id);
      return at;
    },
    announce,
    remind,
  };
}

/** Discord itself notifies only roles that are mentionable. */
function unreadRole(id: string): RoleView {
  return { id, name: id, mentionable: true };
}
