import { type AnyThreadChannel, type Client, DiscordAPIError, RESTJSONErrorCodes } from "discord.js";
import { z } from "zod";
import type { Place } from "../../conversation/place.ts";
import { placeOf } from "./event.ts";
import type { Surroundings } from "./surroundings.ts";

/** Places in which something waits for people, and what becomes of them. */
export interface WaitingPlaces {
  /** Nobody can read there any more; the agent reads the reason. */
  gone(isGone: (place: Place) => boolean, reason: string): Promise<void>;
  /** While a card waits in a thread it is kept open; from a locked one the card moves. */
  threadChanged(thread: AnyThreadChannel): Promise<void>;
  /** Discord names all servers at each new session: another one was lost unseen, with what waits there. */
  sessionBegan(ready: unknown): Promise<void>;
  /** Finds threads that were deleted, archived or locked while the bot was away. */
  lookAround(): Promise<void>;
  /** The same after a session that could not be resumed, and finds cards that were deleted meanwhile. */
  lookAgain(): Promise<void>;
}

const Ready = z.object({ guilds: z.array(z.object({ id: z.string() })) });

/** Watches over the places of what waits. */
export function createWaitingPlaces(around: Surroundings, client: Client): WaitingPlaces {
  const { approvals, conversations, log } = around;

  async function gone(isGone: (place: Place) => boolean, reason: string): Promise<void> {
    // First, so that the agent hears the reason and not only that its run ends.
    await approvals.rejectWhere((row) => isGone(row.place), reason);
    await conversations.leave(isGone);
  }

  async function threadChanged(thread: AnyThreadChannel): Promise<void> {
    if (!approvals.inPlace(placeOf(thread))) return;
    await attendTo(thread);
  }

  async function attendTo(thread: AnyThreadChannel): Promise<void> {
    const rows = (await approvals.waiting()).filter((row) => row.place.channelId === thread.id);
    const cards = rows.flatMap(({ card }) => (card?.channelId === thread.id ? [card] : []));
    if (thread.locked) for (const { messageId } of cards) await approvals.cardDeleted(messageId);
    else if (thread.archived && rows.length > 0) await reopen(thread);
  }

  /** Buttons do not work in archived threads on phones. */
  async function reopen({ id }: AnyThreadChannel): Promise<void> {
    if (!(await around.channels.reopen(id))) log.warn({ channelId: id }, "a thread could not be reopened");
  }

  /** Open threads come with their server; what is not known is archived, deleted, or in a server that is away. */
  async function lookAt(channelId: string, force: boolean): Promise<void> {
    try {
      const channel = await client.channels.fetch(channelId, { force });
      if (channel?.isThread()) await attendTo(channel);
    } catch (err) {
      if (isUnknownChannel(err))
        return gone((place) => place.channelId === channelId, "The thread was deleted.");
      log.warn({ err, channelId }, "a place in which something waits could not be looked at");
    }
  }

  async function lookAround(force: boolean): Promise<void> {
    const rows = await approvals.waiting();
    // One after the other: many may wait, and nothing hurries.
    for (const channelId of new Set(rows.map((row) => row.place.channelId))) await lookAt(channelId, force);
  }

  return {
    gone,
    threadChanged,
    async sessionBegan(ready) {
      const read = Ready.safeParse(ready);
      if (!read.success) return;
      const guildIds = new Set(read.data.guilds.map((guild) => guild.id));
      // No event told discord.js either; who is served depends on how many servers there are.
      for (const id of client.guilds.cache.keys()) if (!guildIds.has(id)) client.guilds.cache.delete(id);
      const isGone = ({ guildId }: Place) => guildId !== undefined && !guildIds.has(guildId);
      await gone(isGone, "The bot was removed from the server.");
    },
    lookAround: () => lookAround(false),
    async lookAgain() {
      // What is kept of before may be gone.
      await lookAround(true);
      await approvals.showAgain();
    },
  };
}

function isUnknownChannel(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownChannel;
}
