import type { Message } from "discord.js";
import { type History, PAGE } from "../rest/history.ts";
import type { LateMessages, Readable } from "./catch-up-messages.ts";
import type { MovedPlace } from "./catch-up-places.ts";
import { actorOfMessage, placeOf } from "./event.ts";
import { promptText, reasonOf } from "./mention.ts";
import { mayUseHere } from "./refusal.ts";
import { idAt, isNewer } from "./snowflake.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Watermarks } from "./watermarks.ts";

/** What reading needs. */
export interface CatchUpReadingOptions {
  readonly history: Pick<History, "after">;
  readonly late: Pick<LateMessages, "place" | "made">;
  readonly watermarks: Pick<Watermarks, "of" | "begin">;
  readonly signal: AbortSignal;
}

/** Reads places for prompts. */
export interface CatchUpReading {
  /** The prompts of people who may ask there, oldest first. */
  prompts(place: MovedPlace): Promise<readonly Message[]>;
  /** From now on every message of the listed channels counts: what was said before they were listed was no prompt. */
  noteListed(now: number): Promise<void>;
}

/** Between two reads (ms): far below every limit, so that nothing else waits. */
const GAP_MS = 100;
const MOST_PAGES = 5;

/** Reads page by page, and decides as an event would. */
export function createCatchUpReading(
  around: Surroundings,
  { history, late, watermarks, signal }: CatchUpReadingOptions,
): CatchUpReading {
  const { access, routing, clock, log } = around;

  async function messages(channel: Readable, start: string): Promise<readonly Message[]> {
    const found: Message[] = [];
    let after = start;
    for (let page = 0; page < MOST_PAGES; page++) {
      await clock.sleep(GAP_MS, signal);
      const raws = await history.after(channel.id, after);
      found.push(...(raws ?? []).map((raw) => late.made(channel, raw)));
      const last = raws?.at(-1);
      if (!last || (raws ?? []).length < PAGE) return found;
      after = last.id;
    }
    log.warn({ channelId: channel.id }, "too many messages came to look through all of them");
    return found;
  }

  async function isPrompt(message: Message, listedSince: string | undefined): Promise<boolean> {
    const reason = reasonOf(around, message);
    if (reason === undefined) return false;
    const wasListed = listedSince !== undefined && isNewer(message.id, listedSince);
    if (reason === "listed" && !wasListed) return false;
    const hasWords = promptText(message, around.botId()) !== "";
    if (!hasWords && message.attachments.size === 0 && message.messageSnapshots.size === 0) return false;
    return (await mayUseHere(around, actorOfMessage(message), placeOf(message.channel))).allowed;
  }

  async function listedSince(channel: Readable): Promise<string | undefined> {
    const ids = [channel.id, ...(channel.isThread() && channel.parentId ? [channel.parentId] : [])];
    const [first, ...others] = await Promise.all(ids.map((id) => watermarks.of(listedKey(id))));
    return first ?? others[0];
  }

  return {
    async prompts({ channelId, after }) {
      const channel = await late.place(channelId);
      if (!channel) return [];
      const since = await listedSince(channel);
      const found: Message[] = [];
      for (const message of await messages(channel, after))
        if (await isPrompt(message, since)) found.push(message);
      return found;
    },
    async noteListed(now) {
      const ids = [...access.channelIds, ...routing.bindings.map((one) => one.channelId)];
      for (const id of new Set(ids)) await watermarks.begin(listedKey(id), idAt(now));
    },
  };
}

function listedKey(channelId: string): string {
  return `listed/${channelId}`;
}
