import type { ButtonInteraction } from "discord.js";
import type { Place } from "../../conversation/place.ts";
import type { Store } from "../../conversation/ports.ts";
import { renderDealtWith, renderMissed } from "../view/missed.ts";
import type { LateMessages } from "./catch-up-messages.ts";
import { actorOfInteraction } from "./event.ts";
import type { KnownMessages } from "./known-messages.ts";
import { type Mentions, SEEN_TTL_MS, seenKey } from "./mention.ts";
import { privately } from "./private-reply.ts";
import { mayUseHere } from "./refusal.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Watermarks } from "./watermarks.ts";

/** A question that nobody has answered. `asking`: somebody wants it asked, and it is on its way. */
interface MissedPrompt {
  readonly messageId: string;
  readonly actorId: string;
  readonly name: string;
  readonly text: string;
  readonly asking: boolean;
}

/** What came to one place while the bot was away. `shownId`: the message that lists it. */
export interface MissedList {
  readonly place: Place;
  readonly prompts: readonly MissedPrompt[];
  readonly shownId?: string;
}

/** The lists of all places, kept until people have dealt with them. */
export interface MissedLists {
  /** Offers questions that the caller has claimed, or asks them at once, in order. */
  enter(place: Place, prompts: readonly MissedPrompt[]): Promise<void>;
  /** After a restart: shows what is not shown, and offers again what may not have been asked. */
  resume(): Promise<void>;
  /** "Answer now" and "Dismiss": each person for their own questions, managers for all. */
  click(interaction: ButtonInteraction, listId: string, yes: boolean): Promise<void>;
}

/** What lists need. */
export interface MissedListsOptions {
  readonly lists: Store<MissedList>;
  readonly late: Pick<LateMessages, "current">;
  readonly mentions: Pick<Mentions, "found">;
  readonly known: KnownMessages;
  readonly watermarks: Pick<Watermarks, "heard" | "handled">;
  /** Aborted when the process ends. */
  readonly signal: AbortSignal;
}

/** A week: as long as a thread stays open. */
const LIST_TTL_MS = 7 * 24 * 60 * 60 * 1000;
const DEALT_WITH = "These questions were dealt with already.";
const NOT_YOURS = "Only the people who asked, or a server manager, can do this.";

/** Lists in a store: what is asked, by whom, is decided once. */
export function createMissedLists(around: Surroundings, options: MissedListsOptions): MissedLists {
  const { lists, late, mentions, known, watermarks, signal } = options;
  const { channels, log, seen } = around;

  async function change(
    id: string,
    next: (list: MissedList) => MissedList,
  ): Promise<{ readonly before: MissedList; readonly after: MissedList } | undefined> {
    for (;;) {
      const before = await lists.get(id);
      if (!before) return undefined;
      const after = next(before);
      if (!(await lists.cas(id, before, after, LIST_TTL_MS))) continue;
      if (after.prompts.length === 0) await lists.delete(id);
      return { before, after };
    }
  }

  /** Shows what still waits for people, or that nothing does. */
  async function show(id: string, { place, prompts, shownId }: MissedList, isAsked: boolean): Promise<void> {
    const open = prompts.filter((one) => !one.asking);
    const view = open.length > 0 ? renderMissed(id, open) : renderDealtWith(isAsked);
    const { channelId } = place;
    if (shownId !== undefined) {
      await channels.edit(channelId, shownId, view);
      return;
    }
    if (open.length === 0) return;
    const posted = await channels.post(channelId, { ...view, nonce: `missed-${id}` }, "aside");
    if (posted === undefined) log.warn({ channelId }, "missed questions could not be listed");
    else await change(id, (list) => ({ ...list, shownId: posted }));
  }

  async function ask(id: string, { channelId }: Place, prompts: readonly MissedPrompt[]): Promise<void> {
    for (const { messageId } of prompts) {
      const message = await late.current(channelId, messageId);
      if (signal.aborted) return;
      if (message) await mentions.found(message);
      else await watermarks.handled({ channelId, messageId });
      await change(id, (list) => without(list, messageId));
    }
  }

  /** Of the questions that this person may decide about: taken off the list, each by one click. */
  async function take(
    id: string,
    isTheirs: (one: MissedPrompt) => boolean,
    yes: boolean,
  ): Promise<{ readonly taken: readonly MissedPrompt[]; readonly left: MissedList } | undefined> {
    const changed = await change(id, (list) => ({
      ...list,
      prompts: yes
        ? list.prompts.map((one) => (isTheirs(one) ? { ...one, asking: true } : one))
        : list.prompts.filter((one) => !isTheirs(one)),
    }));
    return changed && { taken: changed.before.prompts.filter(isTheirs), left: changed.after };
  }

  /** One message a place: what is found later joins the list that is there. */
  async function put(place: Place, prompts: readonly MissedPrompt[]): Promise<string> {
    const there = (await lists.list("")).find(({ value }) => value.place.channelId === place.channelId);
    const joined =
      there && (await change(there.key, (list) => ({ ...list, prompts: [...list.prompts, ...prompts] })));
    if (there && joined) return there.key;
    const id = around.newId();
    await lists.set(id, { place, prompts }, LIST_TTL_MS);
    return id;
  }

  return {
    async enter(place, prompts) {
      const { channelId } = place;
      for (const { messageId } of prompts) watermarks.heard({ channelId, messageId });
      const id = await put(place, prompts);
      for (const { messageId } of prompts) await seen.set(seenKey(messageId), true, SEEN_TTL_MS);
      const list = await lists.get(id);
      if (list?.prompts.some((one) => !one.asking)) await show(id, list, false);
      await ask(
        id,
        place,
        prompts.filter((one) => one.asking),
      );
    },
    async resume() {
      const asked = await known();
      for (const { key, value } of await lists.list("")) {
        const changed = await change(key, (list) => ({
          ...list,
          prompts: list.prompts
            .filter(({ messageId, asking }) => !asking || !asked.has(messageId))
            .map((one) => ({ ...one, asking: false })),
        }));
        if (!changed) continue;
        const { channelId } = value.place;
        for (const { messageId } of changed.after.prompts) watermarks.heard({ channelId, messageId });
        const isShown = value.shownId !== undefined && value.prompts.every((one) => !one.asking);
        if (!isShown) await show(key, changed.after, true);
      }
    },
    async click(interaction, listId, yes) {
      const actor = actorOfInteraction(interaction);
      const list = await lists.get(listId);
      if (!list) return privately(around, interaction, DEALT_WITH);
      const use = await mayUseHere(around, actor, list.place);
      if (!use.allowed) return privately(around, interaction, use.sentence);
      const isTheirs = (one: MissedPrompt) => !one.asking && (actor.manager || one.actorId === actor.id);
      if (!list.prompts.some(isTheirs)) return privately(around, interaction, NOT_YOURS);
      const acknowledged = interaction
        .deferUpdate()
        .catch((err: unknown) =>
          log.warn({ err, interactionId: interaction.id }, "an acknowledgement was lost"),
        );
      const asked = yes ? await known() : undefined;
      const done = await take(listId, isTheirs, yes);
      await acknowledged;
      if (!done) return;
      await show(listId, done.left, yes);
      const { channelId } = list.place;
      if (!yes) for (const { messageId } of done.taken) await watermarks.handled({ channelId, messageId });
      else
        await ask(
          listId,
          list.place,
          done.taken.filter((one) => !asked?.has(one.messageId)),
        );
    },
  };
}

function without(list: MissedList, messageId: string): MissedList {
  return { ...list, prompts: list.prompts.filter((one) => one.messageId !== messageId) };
}
