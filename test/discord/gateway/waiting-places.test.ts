import { describe, expect, it } from "vitest";
import { operation } from "./waiting-rows.ts";
import { stageWaiting } from "./waiting-stage.ts";

const one = [operation(0)];

describe("the place of something that waits", () => {
  it("has the card again when somebody deleted it", async () => {
    const { ben, guild, discord, card, decision } = await stageWaiting({ items: one });
    const first = await card();
    guild.deleteMessage(first);
    const again = await discord.until(async () => {
      const shown = await card();
      return shown.id === first.id ? undefined : shown;
    });
    await ben.clicks(again, "Approve");
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: true }]);
  });

  it("is reopened when it is archived", async () => {
    const { guild, thread, discord } = await stageWaiting({ items: one });
    guild.changeThread(thread, { archived: true });
    await discord.until(() => thread.thread?.archived === false, { what: "the thread to be open" });
  });

  it("stays archived when nothing waits there any more", async () => {
    const { guild, ops, ana, thread, discord } = await stageWaiting({ items: one });
    const other = await ana.opensThread(ops, "other");
    guild.changeThread(other, { archived: true });
    guild.changeThread(thread, { archived: true });
    await discord.until(() => thread.thread?.archived === false, { what: "the thread to be open" });
    expect(other.thread?.archived).toBe(true);
  });

  it("gives its card to the channel when the thread is locked", async () => {
    const { ben, guild, thread, ops, card, decision, rejections } = await stageWaiting({ items: one });
    guild.changeThread(thread, { locked: true });
    await ben.clicks(await card(ops), "Approve");
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: true }]);
    expect(rejections).toEqual([]);
  });

  it.each([
    { what: "a deleted thread", reason: "The thread was deleted.", gone: "thread" as const },
    { what: "a deleted channel", reason: "The channel was deleted.", gone: "ops" as const },
  ])("rejects for $what, and says so to the agent", async ({ reason, gone }) => {
    const stage = await stageWaiting({ items: one });
    stage.guild.deleteChannel(stage[gone]);
    await stage.discord.until(() => stage.rejections.length > 0, { what: "a rejection" });
    expect(stage.rejections).toEqual([reason]);
    await stage.discord.until(() => stage.left.some((isGone) => isGone(stage.place)));
  });

  it("rejects when the bot is removed from the server", async () => {
    const { guild, discord, rejections } = await stageWaiting({ items: one });
    guild.removeBot();
    await discord.until(() => rejections.length > 0, { what: "a rejection" });
    expect(rejections).toEqual(["The bot was removed from the server."]);
  });

  it("waits on through an outage of the server", async () => {
    const { ben, guild, card, rejections, decision, left, place } = await stageWaiting({ items: one });
    const shown = await card();
    guild.goAway();
    guild.comeBack();
    // The click comes after both events, so they were heard.
    await ben.clicks(shown, "Approve");
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: true }]);
    expect(rejections).toEqual([]);
    expect(left.some((isGone) => isGone(place))).toBe(false);
  });
});

describe("what happened while the bot was away", () => {
  it("to the thread is found at the start: deleted", async () => {
    const { guild, thread, discord, stopBot, startBot, rejections } = await stageWaiting({ items: one });
    await stopBot();
    guild.deleteChannel(thread);
    await startBot();
    await discord.until(() => rejections.length > 0, { what: "a rejection" });
    expect(rejections).toEqual(["The thread was deleted."]);
  });

  it("to the thread is found at the start: archived", async () => {
    const { guild, thread, discord, stopBot, startBot } = await stageWaiting({ items: one });
    await stopBot();
    guild.changeThread(thread, { archived: true });
    await startBot();
    await discord.until(() => thread.thread?.archived === false, { what: "the thread to be open" });
  });

  it("to the thread is found at the start: locked", async () => {
    const { guild, thread, ops, card, stopBot, startBot } = await stageWaiting({ items: one });
    await stopBot();
    guild.changeThread(thread, { locked: true });
    await startBot();
    await card(ops);
  });

  it("to the server is found at the start: the bot was removed", async () => {
    const { guild, discord, stopBot, startBot, rejections } = await stageWaiting({ items: one });
    discord.createGuild({ name: "other" });
    await stopBot();
    guild.removeBot();
    await startBot();
    await discord.until(() => rejections.length > 0, { what: "a rejection" });
    expect(rejections).toEqual(["The bot was removed from the server."]);
  });

  it("to the server is found at the start: an outage is none of that", async () => {
    const { ben, guild, card, stopBot, startBot, decision, rejections, left, place } = await stageWaiting({
      items: one,
    });
    const shown = await card();
    await stopBot();
    guild.goAway();
    await startBot();
    guild.comeBack();
    await ben.clicks(shown, "Approve");
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: true }]);
    expect(rejections).toEqual([]);
    expect(left.some((isGone) => isGone(place))).toBe(false);
  });
});
