import { describe, expect, it } from "vitest";
import { pause, type Script, say } from "../../emulator/agent/script.ts";
import { paused, runtimes, scaler, scaling } from "./pausing.ts";
import { agent, sqliteStore } from "./story.ts";

describe.each(runtimes)("a decision for a $name agent", (runtime) => {
  const options = { agents: [scaler(runtime.agent, [scaling(4, 50)])], kagent: runtime.kagent };

  it("is one, however often its button is pressed", async () => {
    const { boss, place, control, sees, hasDecided, kagent } = await paused(options);
    const card = await control("Approve");
    await Promise.all([boss.clicks(card, "Approve"), boss.clicks(card, "Approve")]);
    await sees(place, "Decided: scaled to 4.");
    await sees(place, /k8s-agent · .* tool/);
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("is the first of two people at the same moment, and the card tells everybody which", async () => {
    const { boss, discord, place, control, sees, hasDecided, kagent } = await paused(options);
    const other = discord.createPerson({ name: "other", manager: true });
    const card = await control("Approve");
    await Promise.all([boss.clicks(card, "Reject"), other.clicks(card, "Approve")]);
    const shown = await sees(place, "Decided: ");
    const done = await hasDecided(1);
    const outcome = shown.includes("Decided: scaled") ? "approved" : "rejected";
    expect(done).toEqual([outcome]);
    expect(kagent.toolRuns).toHaveLength(outcome === "approved" ? 1 : 0);
    await sees(place, `${outcome} by ${outcome === "approved" ? "other" : "boss"}`);
  });

  it("is one when Discord delivers its click twice", async () => {
    const { boss, discord, place, control, sees, hasDecided, kagent } = await paused(options);
    const click = await boss.clicks(await control("Approve"), "Approve");
    discord.redeliver(click);
    await sees(place, "Decided: scaled to 4.");
    discord.redeliver(click);
    await sees(place, /k8s-agent · .* tool/);
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("is one although two processes share the store, and its answer is shown once", async () => {
    const store = sqliteStore();
    const env = () => ({ STORE_URL: store });
    const story = await paused({ ...options, env });
    const { boss, place, control, sees, hasDecided, kagent, startBot } = story;
    await startBot();
    await boss.clicks(await control("Approve"), "Approve");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown.match(/Decided: scaled to 4\./g)).toHaveLength(1);
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
    expect(shown).not.toContain("[Approve]");
  });
});

describe("what waits when a new process starts beside the old one", () => {
  it("is decided once after the old one has gone", async () => {
    const store = sqliteStore();
    const env = () => ({ STORE_URL: store });
    const { boss, place, control, sees, hasDecided, startBot, stopBot } = await paused({ env });
    await startBot();
    await stopBot();
    await boss.clicks(await control("Approve"), "Approve");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown.match(/Decided: scaled to 4\./g)).toHaveLength(1);
    expect(shown.match(/wanted to run/g)).toHaveLength(1);
    expect(await hasDecided(1)).toEqual(["approved"]);
  });
});

describe.each(runtimes)("a task of a $name agent that pauses many times", (runtime) => {
  it("gets one decision for each pause, each with a card and an answer of its own", async () => {
    const many: Script = function* () {
      for (const replicas of [2, 3, 4, 5]) {
        const reply = yield pause("", scaling(replicas));
        yield say(`Step: ${reply?.decided?.[0]?.result}.`);
      }
      yield say("All done.");
    };
    const story = await paused({
      agents: [agent("k8s-agent", many, runtime.agent)],
      kagent: runtime.kagent,
    });
    const { boss, place, discord, sees, hasDecided, kagent } = story;
    for (const replicas of [2, 3, 4, 5]) {
      const card = await discord.until(
        () =>
          discord.messages(place).find((one) => {
            const text = discord.messageText(one);
            return text.includes("[Approve]") && text.includes(String(replicas));
          }),
        { what: `the card for ${replicas}` },
      );
      await boss.clicks(card, "Approve");
      await sees(place, `Step: scaled to ${replicas}.`);
    }
    const shown = await sees(place, "All done.");
    expect(shown.match(/\n {2}Step: scaled to 3\./g)).toHaveLength(1);
    expect(await hasDecided(4)).toEqual(["approved", "approved", "approved", "approved"]);
    expect(kagent.runs()).toHaveLength(1);
    expect(kagent.toolRuns).toHaveLength(4);
  });
});
