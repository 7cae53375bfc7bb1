import { describe, expect, it } from "vitest";
import { type StoryOptions, sqliteStore, tell } from "./story.ts";

/** A thread in which one question was answered, a store that outlives the bot, and no bot. */
async function awayFrom(options: StoryOptions = {}) {
  const store = sqliteStore();
  const story = await tell({ ...options, env: (place) => ({ STORE_URL: store, ...options.env?.(place) }) });
  await story.ana.says(story.ops, "@bot one");
  const place = await story.thread();
  await story.sees(place, /heard: one[\s\S]*k8s-agent · \d/);
  await story.stopBot();
  return { ...story, place };
}

describe("questions that came while the bot was down", () => {
  it("are listed in their thread, once, and answered in order when their author wishes", async () => {
    const { ana, place, startBot, stopBot, sees, message, asked, hasAsked, discord } = await awayFrom();
    await ana.says(place, "two");
    await ana.says(place, "three");
    await startBot();
    const shown = await sees(place, "While I was away, 2 questions came here:");
    expect(shown).toContain("> **ana**: two");
    expect(shown).toContain("> **ana**: three");
    expect(shown).toContain("[Answer now] [Dismiss]");
    expect(asked()).toEqual(["k8s-agent: one"]);
    await ana.clicks(await message(place, "While I was away"), "Answer now");
    expect(await hasAsked(3)).toEqual(["k8s-agent: one", "k8s-agent: two", "k8s-agent: three"]);
    await sees(place, "heard: three");
    expect(await sees(place, "they are asked now")).not.toContain("[Answer now]");
    await stopBot();
    await startBot();
    await ana.says(place, "four");
    await sees(place, "heard: four");
    expect(discord.messages(place).filter((one) => one.content.includes("away"))).toHaveLength(1);
    expect(asked()).toHaveLength(4);
  });
});
