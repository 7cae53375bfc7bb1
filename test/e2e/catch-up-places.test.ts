import { describe, expect, it } from "vitest";
import { awayFrom, tellCatchUp } from "./catch-up-stage.ts";
import { roomy } from "./story.ts";

describe("what the bot missed", () => {
  it("in a channel are mentions, and only people's", async () => {
    const { ana, ops, startBot, stopBot, sees, message, hasAsked, hasLooked, discord, lists } =
      await tellCatchUp();
    await hasLooked();
    await stopBot();
    const robot = discord.createBot({ name: "Robot" });
    await ana.says(ops, "not for the bot");
    await robot.says(ops, "@bot I am a machine");
    discord.postByWebhook(ops, { name: "Grafana", content: "firing" });
    await ana.says(ops, "@bot");
    await ana.says(ops, "@bot why is checkout failing?");
    await startBot();
    const shown = await sees(ops, "While I was away, a question came here:");
    expect(shown).toContain("> **ana**: why is checkout failing?");
    await ana.clicks(await message(ops, "While I was away"), "Answer now");
    const place = await discord.until(() => discord.threads(ops)[0]);
    await sees(place, "heard: why is checkout failing?");
    expect(await hasAsked(1)).toEqual(["k8s-agent: why is checkout failing?"]);
    expect(lists(ops)).toEqual([]);
  });

  it("in a listed channel are all messages since it was listed", async () => {
    const { ana, ops, startBot, stopBot, sees, hasLooked, wrote, knowsSince, lists } = await tellCatchUp({
      env: ({ ops: channel }) => ({ DISCORD_CHANNEL_ONLY: channel.id }),
    });
    await stopBot();
    wrote(ana, ops, "chatter of before", 2);
    await knowsSince(10);
    await startBot();
    await hasLooked();
    expect(lists(ops)).toEqual([]);
    await stopBot();
    await ana.says(ops, "why is checkout failing?");
    await startBot();
    const shown = await sees(ops, "While I was away, a question came here:");
    expect(shown).toContain("> **ana**: why is checkout failing?");
  });

  it("in a thread that was archived meanwhile is found", async () => {
    const { ana, guild, place, startBot, sees, message, hasAsked, discord } = await awayFrom();
    await ana.says(place, "two");
    guild.changeThread(place, { archived: true });
    const before = discord.requests.length;
    await startBot();
    const shown = await sees(place, "While I was away, a question came here:");
    expect(shown).toContain("> **ana**: two");
    await ana.clicks(await message(place, "While I was away"), "Answer now");
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: two"]);
    await sees(place, "heard: two");
    const looks = discord.requests
      .slice(before)
      .filter((one) => one.path.endsWith("/threads/archived/public"));
    expect(looks).toHaveLength(1);
  });

  it("in channels where nobody may ask stays there", async () => {
    const { ana, guild, startBot, stopBot, hasLooked, lists } = await tellCatchUp({
      env: ({ ops }) => ({ DISCORD_CHANNEL_ONLY: ops.id }),
    });
    const other = guild.createChannel({ name: "other" });
    await hasLooked();
    await stopBot();
    await ana.says(other, "@bot hello");
    await startBot();
    await hasLooked();
    expect(lists(other)).toEqual([]);
  });

  it("in direct messages is found", async () => {
    const { ana, startBot, stopBot, sees, message } = await tellCatchUp({
      env: () => ({ DISCORD_DIRECT_MESSAGES: "true" }),
    });
    const direct = ana.dm();
    await ana.says(direct, "one");
    await sees(direct, "heard: one");
    await stopBot();
    await ana.says(direct, "two");
    await startBot();
    await sees(direct, "> **ana**: two");
    await ana.clicks(await message(direct, "While I was away"), "Answer now");
    await sees(direct, "heard: two");
  });

  it("without the Message Content intent is what mentions it", async () => {
    const { ana, place, startBot, sees, message, asked } = await awayFrom({
      discord: { ...roomy, messageContent: false },
    });
    await ana.says(place, "two");
    await ana.says(place, "@bot three");
    await startBot();
    const shown = await sees(place, "While I was away, a question came here:");
    expect(shown).toContain("> **ana**: three");
    expect((await message(place, "While I was away")).content).not.toContain("two");
    expect(asked()).toEqual(["k8s-agent: one"]);
  });

  it("in a session that could not be resumed is found, and nothing that was heard", async () => {
    const { ana, ops, thread, sees, discord, message, hasAsked, hasLooked } = await tellCatchUp();
    await ana.says(ops, "@bot one");
    const place = await thread();
    await sees(place, /heard: one[\s\S]*k8s-agent · \d/);
    await hasLooked();
    discord.gateway.refuseResumes();
    discord.gateway.drop();
    await ana.says(place, "two");
    await discord.until(() => /While I was away/.test(discord.transcript(place)));
    expect(discord.gateway.stats).toMatchObject({ identifies: 2, resumes: 0 });
    await ana.says(place, "three");
    await sees(place, "heard: three");
    await ana.clicks(await message(place, "While I was away, a question came here:"), "Answer now");
    expect(await hasAsked(3)).toEqual(["k8s-agent: one", "k8s-agent: three", "k8s-agent: two"]);
  });

  it("in a session that is resumed is heard, and not listed", async () => {
    const { ana, ops, thread, sees, discord, hasLooked, lists } = await tellCatchUp();
    await hasLooked();
    discord.gateway.drop();
    await ana.says(ops, "@bot hello");
    await discord.until(() => discord.threads(ops)[0]);
    await sees(await thread(), "heard: hello");
    expect(lists(ops)).toEqual([]);
    await hasLooked(1);
  });

  it("in thirty threads is found without a 429, a list in each", async () => {
    const { ana, ops, startBot, stopBot, discord, sees, hasLooked, lists } = await tellCatchUp({
      discord: { limits: { buckets: { ...roomy.limits?.buckets, read: { limit: 5, perMs: 1000 } } } },
    });
    for (let index = 0; index < 30; index++) await ana.says(ops, `@bot ${index}`);
    const threads = await discord.until(() =>
      discord.threads(ops).length === 30 ? discord.threads(ops) : undefined,
    );
    for (const thread of threads) await sees(thread, /k8s-agent · \d/);
    await stopBot();
    for (const thread of threads) await ana.says(thread, "still?");
    // What the last process asked for does not count any more.
    discord.clock.advance(1_000);
    const before = discord.requests.length;
    await startBot();
    await hasLooked();
    await discord.until(() => threads.every((thread) => lists(thread).length === 1));
    const made = discord.requests.slice(before);
    const reads = made.filter((one) => one.method === "GET" && /\/messages$|\/active$/.test(one.path));
    expect(made.filter((one) => one.status === 429)).toEqual([]);
    expect(reads.length).toBeLessThanOrEqual(32);
  });
});
