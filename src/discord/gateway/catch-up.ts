import type { ButtonInteraction, Client, Message } from "discord.js";
import type { PlaceRow } from "../../conversation/context.ts";
import type { Place } from "../../conversation/place.ts";
import type { Store } from "../../conversation/ports.ts";
import type { History } from "../rest/history.ts";
import { createLateMessages } from "./catch-up-messages.ts";
import { type MovedPlace, movedPlaces } from "./catch-up-places.ts";
import { createCatchUpReading } from "./catch-up-reading.ts";
import { readCustomId } from "./custom-id.ts";
import { placeOf } from "./event.ts";
import { createKnownMessages, type PromptRows } from "./known-messages.ts";
import { type Mentions, promptText, SEEN_TTL_MS, seenKey } from "./mention.ts";
import { createMissedLists, type MissedList } from "./missed-list.ts";
import { idAt, newestOf, timeOf } from "./snowflake.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Watermarks } from "./watermarks.ts";

/** How prompts are found that came while the bot was away, and what becomes of them. */
export interface CatchUpOptions {
  /** `list`: offered with a button; `run`: asked at once; `off`: left. */
  readonly mode: "list" | "run" | "off";
  /** How far back they are looked for, in milliseconds. */
  readonly windowMs: number;
  readonly history: (signal: AbortSignal) => History;
  readonly watermarks: Watermarks;
  readonly lists: Store<MissedList>;
  readonly places: Store<PlaceRow>;
  readonly prompts: PromptRows;
}

/** Finds what no event brought. */
export interface CatchUp {
  /** A new session began: what came between it and the last one is lost until `look` has looked. */
  sessionBegan(): void;
  /** Looks in the background, after all that was begun before. */
  look(): void;
  /** A click on a list; undefined: it is about something else. */
  click(interaction: ButtonInteraction): Promise<void> | undefined;
  /** Looks no more; resolves when nothing is under way. */
  close(): Promise<void>;
}

/** A message that is just arriving as an event is left to that event. */
const SETTLE_MS = 1_000;
/** A message that was heard this long ago, and is stored nowhere, was lost with the process that heard it. */
const ORPHAN_MS = 30_000;
/** The key of the moment since which this store knows what was heard. */
const FIRST = "first";
const QUOTE_LENGTH = 300;

/** Looks after every new session, and remembers what people have not dealt with. */
export function createCatchUp(
  around: Surroundings,
  client: Client,
  mentions: Mentions,
  options: CatchUpOptions,
): CatchUp {
  const { mode, windowMs, watermarks } = options;
  const { clock, log, seen } = around;
  const closing = new AbortController();
  const { signal } = closing;
  const history = options.history(signal);
  const late = createLateMessages(client, history);
  const known = createKnownMessages(around, options.prompts, watermarks.heard);
  const lists = createMissedLists(around, { ...options, late, mentions, known, signal });
  const reading = createCatchUpReading(around, { history, late, watermarks, signal });
  let underWay = Promise.resolve();
  let isResumed = false;
  let sessions = 0;

  async function pass(): Promise<void> {
    const startedAt = clock.now();
    await watermarks.begin(FIRST, idAt(startedAt));
    const first = (await watermarks.of(FIRST)) ?? idAt(startedAt);
    // Once: what this process is asking must not be offered again.
    if (!isResumed) await lists.resume();
    isResumed = true;
    const since = newestOf(first, idAt(startedAt - windowMs));
    const places = await movedPlaces(around, { ...options, history, client }, since);
    const found: Message[] = [];
    for (const place of places) found.push(...(await read(place)));
    await reading.noteListed(startedAt);
    await clock.sleep(SETTLE_MS, signal);
    const young = await dealWith(found);
    log.info({ places: places.length, prompts: found.length }, "looked for missed messages");
    if (young.length === 0) return;
    await clock.sleep(ORPHAN_MS, signal);
    await dealWith(young);
  }

  /** One place that cannot be read keeps the others from nothing. */
  async function read(place: MovedPlace): Promise<readonly Message[]> {
    try {
      return await reading.prompts(place);
    } catch (err) {
      signal.throwIfAborted();
      log.warn({ err, channelId: place.channelId }, "a place could not be read for missed messages");
      return [];
    }
  }

  /** Resolves with those that somebody may still be dealing with. */
  async function dealWith(messages: readonly Message[]): Promise<readonly Message[]> {
    const asked = await known();
    const young: Message[] = [];
    const taken: Message[] = [];
    for (const message of messages) {
      const state = asked.has(message.id) ? "known" : await claim(message);
      if (state === "young") young.push(message);
      if (state === "taken") taken.push(message);
    }
    for (const [place, mine] of byPlace(taken)) {
      log.info({ channelId: place.channelId, messages: mine.length, mode }, "missed messages found");
      await lists.enter(place, mine.map(toMissed));
    }
    return young;
  }

  async function claim(message: Message): Promise<"known" | "young" | "taken"> {
    const key = seenKey(message.id);
    if (await seen.claim(key, false, SEEN_TTL_MS)) return "taken";
    const isHandedOver = await seen.get(key);
    const { channelId, id: messageId } = message;
    if (isHandedOver !== false || watermarks.isOpen({ channelId, messageId })) return "known";
    if (timeOf(messageId) > clock.now() - ORPHAN_MS) return "young";
    return (await seen.cas(key, false, true, SEEN_TTL_MS)) ? "taken" : "known";
  }

  function toMissed(message: Message) {
    return {
      messageId: message.id,
      actorId: message.author.id,
      name: message.member?.displayName ?? message.author.displayName,
      text: promptText(message, around.botId()).slice(0, QUOTE_LENGTH),
      asking: mode === "run",
    };
  }

  return {
    sessionBegan() {
      sessions += 1;
      watermarks.hold();
    },
    look() {
      const session = sessions;
      underWay = underWay
        .then(() => (mode === "off" || signal.aborted ? undefined : pass()))
        // A session that began meanwhile may have lost more.
        .then(() => (session === sessions ? watermarks.release() : undefined))
        .catch((err: unknown) => {
          if (!signal.aborted) log.error({ err }, "missed messages could not be looked for");
        });
    },
    click(interaction) {
      const action = readCustomId(interaction.customId);
      return action?.act === "missed" ? lists.click(interaction, action.listId, action.yes) : undefined;
    },
    async close() {
      closing.abort();
      await underWay;
    },
  };
}

function byPlace(messages: readonly Message[]): readonly (readonly [Place, readonly Message[]])[] {
  const groups = new Map<string, Message[]>();
  for (const message of messages)
    groups.set(message.channelId, [...(groups.get(message.channelId) ?? []), message]);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [[placeOf(first.channel), group] as const] : [];
  });
}
