import { describe, expect, it } from "vitest";
import { pause, type Script, say } from "../../emulator/agent/script.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";
import { type PausedStory, paused, scaler, scaling } from "./pausing.ts";
import { agent, closedGate, sqliteStore } from "./story.ts";

/** The card, once the bot knows which message it is: `/approvals` has its link. */
async function knownCard({ boss, ops, control, discord }: PausedStory, of?: Channel): Promise<Message> {
  const card = await control("Approve", of);
  for (;;) {
    const list = await boss.runs(ops, "/approvals");
    const reply = await discord.until(() =>
      list.message && !discord.messageText(list.message).includes("thinking") ? list.message : undefined,
    );
    if (discord.messageText(reply).includes(card.id)) return card;
  }
}

describe.each(["go", "python"] as const)("where the card of a %s agent stands", (runtime) => {
  const options = () => {
    const url = sqliteStore();
    return { agents: [scaler({ runtime })], env: () => ({ STORE_URL: url }) };
  };

  it("it is posted again when somebody deletes it, and works", async () => {
    const story = await paused(options());
    const { boss, place, guild, sees, hasDecided, discord } = story;
    const first = await knownCard(story);
    guild.deleteMessage(first);
    const second = await discord.until(
      () => discord.messages(place).find((one) => discord.messageText(one).includes("[Approve]")),
      { what: "another card" },
    );
    expect(second.id).not.toBe(first.id);
    await boss.clicks(second, "Approve");
    await sees(place, "approved by boss");
    await sees(place, "Decided: scaled to 4.");
    expect(await hasDecided(1)).toEqual(["approved"]);
  });

  it("it is posted again when it was deleted while the bot was down", async () => {
    const { boss, place, guild, control, sees, startBot, stopBot, hasDecided } = await paused(options());
    const first = await control("Approve");
    await stopBot();
    guild.deleteMessage(first);
    await startBot();
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "Decided: scaled to 4.");
    expect(await hasDecided(1)).toEqual(["approved"]);
  });

  it("a deleted thread rejects what waits in it, with that reason", async () => {
    const { guild, place, hasDecided, kagent, discord } = await paused(options());
    guild.deleteChannel(place);
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.decisions[0]?.body).toContain("thread was deleted");
    expect(kagent.toolRuns).toEqual([]);
    await discord.until(() => kagent.runs()[0]?.task.state() === "completed");
  });

  it("a thread deleted while the bot was down rejects it, too", async () => {
    const { guild, place, hasDecided, kagent, stopBot, startBot } = await paused(options());
    await stopBot();
    guild.deleteChannel(place);
    await startBot();
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.decisions[0]?.body).toContain("thread was deleted");
  });

  it("a bot removed from the server rejects it", async () => {
    const { guild, hasDecided, kagent } = await paused({ ...options(), expects: /./ });
    guild.removeBot();
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.decisions[0]?.body).toContain("removed from the server");
  });

  it("a thread deleted, or a card, in a session that could not be resumed is found", async () => {
    const story = await paused(options());
    const { ana, boss, discord, guild, ops, place, control, sees, hasDecided, kagent } = story;
    await ana.runs(ops, "/k8s", { prompt: "scale it twice" });
    const other = await discord.until(() => discord.threads(ops).find((one) => one.id !== place.id));
    const card = await control("Approve", other);
    await control("Approve");
    discord.gateway.refuseConnections(true);
    discord.gateway.drop();
    await boss.deletes(card);
    guild.deleteChannel(place);
    discord.gateway.refuseResumes();
    discord.gateway.refuseConnections(false);
    const again = await discord.until(() =>
      discord
        .messages(other)
        .find((one) => one.id !== card.id && discord.messageText(one).includes("[Approve]")),
    );
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.decisions[0]?.body).toContain("thread was deleted");
    await boss.clicks(again, "Approve");
    await sees(other, "approved by boss");
    expect(await hasDecided(2)).toEqual(["rejected", "approved"]);
  });

  it("an outage of the server does not reject it", async () => {
    const { boss, guild, place, control, sees, hasDecided } = await paused(options());
    guild.goAway();
    guild.comeBack();
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "approved by boss");
    expect(await hasDecided(1)).toEqual(["approved"]);
  });

  it("an archived thread is opened again while it waits, so that phones can decide", async () => {
    const story = await paused(options());
    const { discord, guild, place, control, sees, hasDecided } = story;
    await knownCard(story);
    const pam = discord.createPerson({ name: "pam", manager: true, phone: true });
    guild.changeThread(place, { archived: true });
    await sees(place, /^# scale checkout$/m);
    await discord.until(() => !("thread" in place && place.thread.archived), { what: "an open thread" });
    await pam.clicks(await control("Approve"), "Approve");
    await sees(place, "approved by pam");
    expect(await hasDecided(1)).toEqual(["approved"]);
  });

  it("a locked thread moves the card to its channel, where it decides", async () => {
    const story = await paused(options());
    const { boss, guild, place, ops, control, sees, hasDecided, kagent } = story;
    await knownCard(story);
    guild.changeThread(place, { locked: true });
    const card = await control("Approve", ops);
    await boss.clicks(card, "Approve");
    await sees(ops, "approved by boss");
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("a thread that the bot cannot write in shows the card in its channel", async () => {
    const { boss, guild, ops, control, sees, hasDecided, place } = await paused(options());
    await boss.clicks(await control("Reject"), "Reject");
    await sees(place, "Decided:");
    await sees(ops, "✅ done");
    guild.setPermissions(ops, [{ for: "bot", deny: ["SEND_MESSAGES_IN_THREADS"] }]);
    await boss.runs(ops, "/k8s", { prompt: "scale again" });
    const card = await control("Approve", ops);
    await boss.clicks(card, "Approve");
    await sees(ops, "approved by boss");
    expect(await hasDecided(2)).toEqual(["rejected", "approved"]);
  });
});

describe("a request that can be shown nowhere", () => {
  it("is rejected with that reason, and logged", async () => {
    const gate = closedGate();
    const slow: Script = async function* () {
      yield say("I look at it.");
      await gate.opened;
      yield pause("", scaling());
    };
    const story = await paused({ agents: [agent("k8s-agent", slow)] }, "");
    const { guild, ops, place, sees, hasDecided, kagent } = story;
    await sees(place, "I look at it.");
    guild.setPermissions(ops, [{ for: "bot", deny: ["SEND_MESSAGES_IN_THREADS", "SEND_MESSAGES"] }]);
    gate.open();
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.decisions[0]?.body).toContain("could not be shown to anybody in Discord");
    expect(story.logLines.join("")).toContain("cannot be shown anywhere");
  });
});
