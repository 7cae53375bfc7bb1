import { describe, expect, it, onTestFinished } from "vitest";
import { loadAdapter } from "../../src/store/sqlite.ts";
import { jumpingClock, type PausedStory, paused, runtimes, scaler } from "./pausing.ts";
import { sqliteStore } from "./story.ts";

/** Writes of the store that fail: the claim on a decision, or its move to a state. */
type Fault = "claim" | "sending" | "delivered";

const MESSAGE = "the disk is full";

/** A second connection to the bot's store, through which the test lets the bot's own writes fail. */
async function faultyStore(url: string) {
  const adapter = new (await loadAdapter())({ uri: url, busyTimeout: 5_000 });
  onTestFinished(() => adapter.close());
  return {
    async fail(what: Fault): Promise<void> {
      const [verb, which] =
        what === "claim" ? ["INSERT", ""] : ["UPDATE", `AND NEW.value LIKE '%"state":"${what}"%'`];
      await adapter.query(
        `CREATE TRIGGER fault BEFORE ${verb} ON keyv WHEN NEW.key LIKE 'decision:%' ${which} BEGIN SELECT RAISE(ABORT, '${MESSAGE}'); END`,
      );
    },
    async mend(): Promise<void> {
      await adapter.query("DROP TRIGGER fault");
    },
  };
}

type Runtime = (typeof runtimes)[number];

/** A card that waits; its bot's clock runs, and minutes pass in moments. */
async function waits(runtime: Runtime) {
  const url = sqliteStore();
  const clock = jumpingClock();
  const story = await paused({
    agents: [scaler(runtime.agent)],
    kagent: runtime.kagent,
    env: () => ({ STORE_URL: url }),
    clock,
    expects: /pause could not be attended to|an event could not be handled|store|disk/i,
  });
  const store = await faultyStore(url);
  const timer = setInterval(() => clock.advance(1_000), 25);
  onTestFinished(() => clearInterval(timer));
  return { ...story, store };
}

/** The log complains so often, all in all. */
async function complaints({ discord, errors }: PausedStory, count: number): Promise<void> {
  await discord.until(() => errors().length >= count, { what: `${count} complaints`, within: 15_000 });
}

/** What people see in the end, and that the agent heard once. */
async function isDecidedOnce(story: PausedStory): Promise<void> {
  const { discord, place, sees, hasDecided, kagent } = story;
  await discord.until(() => /k8s-agent · \d.* tool/.test(discord.transcript(place)), { within: 15_000 });
  const shown = await sees(place, "**Approved**");
  expect(shown.match(/Decided: scaled to 4\./g)).toHaveLength(1);
  expect(shown.match(/✅ approved by boss/g)).toHaveLength(1);
  expect(shown).not.toMatch(/elsewhere|\[Approve\]|Send again|on its way/);
  expect(await hasDecided(1)).toEqual(["approved"]);
  expect(kagent.toolRuns).toHaveLength(1);
}

describe.each(runtimes)("a store that fails while people decide for a $name agent", (runtime) => {
  it("at the claim: whoever clicked reads so, nothing leaves, and the vote counts once the store is back", async () => {
    const story = await waits(runtime);
    const { boss, control, place, store, discord, kagent } = story;
    await store.fail("claim");
    const card = await control("Approve");
    await boss.clicks(card, "Approve");
    await complaints(story, 3);
    expect(discord.transcript(place, { as: boss })).toMatch(/store|reference|again/i);
    expect(kagent.decisions).toEqual([]);
    await store.mend();
    await isDecidedOnce(story);
  });

  it("before it is sent: the card says that it is on its way, and it leaves once the store is back", async () => {
    const story = await waits(runtime);
    const { boss, control, sees, place, store, kagent } = story;
    await store.fail("sending");
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "The decision is on its way to the agent.");
    await complaints(story, 2);
    expect(kagent.decisions).toEqual([]);
    await store.mend();
    await isDecidedOnce(story);
  });

  it("after it arrived: it is not sent again, and its answer is shown once the store is back", async () => {
    const story = await waits(runtime);
    const { boss, control, store, hasDecided, kagent } = story;
    await store.fail("delivered");
    await boss.clicks(await control("Approve"), "Approve");
    await hasDecided(1);
    await complaints(story, 2);
    expect(kagent.decisions).toHaveLength(1);
    await store.mend();
    await isDecidedOnce(story);
  });
});
