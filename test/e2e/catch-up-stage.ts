import { SnowflakeUtil } from "discord.js";
import type { Person } from "../../emulator/discord/people/person.ts";
import { readAllowedMentions } from "../../emulator/discord/world/mentions.ts";
import { createMessage } from "../../emulator/discord/world/messages.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";
import type { Clock } from "../../src/conversation/ports.ts";
import { readWatermark } from "../../src/store/catch-up-rows.ts";
import { openStore } from "../../src/store/open.ts";
import { readFlag } from "../../src/store/rows.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { silentLog } from "../silent-log.ts";
import { type Story, type StoryOptions, sqliteStore, tell } from "./story.ts";

/** A story with a store that outlives the bot. */
export interface CatchUpStory extends Story {
  /** Waits until the bot has looked for what it missed, so many times since its last start. */
  hasLooked(times?: number): Promise<void>;
  /** Somebody wrote this so many minutes ago, while the bot was away. */
  wrote(who: Person, channel: Channel, text: string, minutesAgo: number): Message;
  /** Notes in the store that it has known what was heard since so many minutes ago. */
  knowsSince(minutesAgo: number): Promise<void>;
  /** Notes in the store that a process heard this message, and ended before it handed it over. */
  heardAndLost(message: Message): Promise<void>;
  /** The bot's messages that list what it missed. */
  lists(channel: Channel): readonly Message[];
}

/** The real clock, on which a second in which nothing is expected is short: events arrive at once here. */
const briskClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms <= 1_000 ? ms / 10 : ms, signal),
};

/** Sets the stage; the bot runs. */
export async function tellCatchUp(options: StoryOptions = {}): Promise<CatchUpStory> {
  const url = sqliteStore();
  const story = await tell({
    clock: briskClock,
    ...options,
    env: (place) => ({ STORE_URL: url, ...options.env?.(place) }),
  });
  const { discord, logLines } = story;
  let begin = 0;
  const inStore = async (work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<void>) => {
    const store = await openStore(url, { clock: { now: Date.now }, log: silentLog });
    await work(store);
    await store.close();
  };
  return {
    ...story,
    async startBot() {
      begin = logLines.length;
      await story.startBot();
    },
    async hasLooked(times = 1) {
      const looked = () =>
        logLines.slice(begin).filter((line) => line.includes("looked for missed messages"));
      await story.discord.until(() => looked().length === times, {
        what: `${times} looks for missed messages`,
      });
    },
    wrote(who, channel, text, minutesAgo) {
      const id = idOf(minutesAgo);
      const allowed = readAllowedMentions(undefined, "message");
      return createMessage(discord.world, channel, { author: who.user, id, content: text, allowed });
    },
    knowsSince: (minutesAgo) =>
      inStore(async (store) => {
        const rows = store.collection("watermark", readWatermark);
        for (const { key } of await rows.list("")) await rows.delete(key);
        await rows.set("first", { messageId: idOf(minutesAgo) });
      }),
    heardAndLost: (message) =>
      inStore((store) => store.collection("seen", readFlag).set(`message/${message.id}`, false, 60_000)),
    lists: (channel) => discord.messages(channel).filter((one) => /^While I was away/.test(one.content)),
  };
}

/** The same, after one answered question in a thread of its own; the bot is away. */
export async function awayFrom(options: StoryOptions = {}) {
  const story = await tellCatchUp(options);
  await story.ana.says(story.ops, "@bot one");
  const place = await story.thread();
  await story.sees(place, /heard: one[\s\S]*k8s-agent · \d/);
  await story.stopBot();
  return { ...story, place };
}

function idOf(minutesAgo: number): string {
  return String(SnowflakeUtil.generate({ timestamp: Date.now() - minutesAgo * 60_000 }));
}
