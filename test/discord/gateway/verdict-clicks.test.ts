import { describe, expect, it } from "vitest";
import { operation } from "./waiting-rows.ts";
import { stageWaiting } from "./waiting-stage.ts";

const CALLBACK = { method: "POST", route: /\/callback$/ } as const;
const one = [operation(0)];
const three = [operation(0), operation(1), operation(2)];

describe("deciding on a card", () => {
  it("refuses a stranger privately and names the role that may", async () => {
    const { eve, card, sees, row, book } = await stageWaiting({ rule: { role: "sre" }, items: one });
    const click = await eve.clicks(await card(), "Approve");
    await sees("Only @sre may decide this. Ask one of them.", eve);
    expect((await click.response()).type).toBe("deferred-update");
    expect((await row()).votes).toEqual([]);
    expect(await book.decision("request-0")).toBeUndefined();
  });

  it("approves with the roles of the click itself, given after the bot had seen the person", async () => {
    const { eve, guild, role, card, sees, decision } = await stageWaiting({
      rule: { role: "sre" },
      items: one,
    });
    await eve.clicks(await card(), "Approve");
    await sees("Only @sre may decide this.", eve);
    if (role) guild.giveRole(eve, role);
    await eve.clicks(await card(), "Approve");
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: true }]);
    await sees("approved by eve");
  });

  it("refuses a role that was taken away since the last click", async () => {
    const rule = { role: "sre", count: 2 };
    const { ben, guild, role, card, sees, discord, row } = await stageWaiting({ rule, items: three });
    await ben.clicks(await card(), "Approve all");
    await sees("1 of 2 approvals");
    if (role) guild.takeRole(ben, role);
    await ben.clicks(await card(), "Reject all");
    await sees("Only @sre may decide this.", ben);
    expect((await row()).votes.every((vote) => vote.approved)).toBe(true);
    expect(
      discord.transcript(discord.world.channels.get((await row()).place.channelId) ?? unknown()),
    ).not.toContain("rejected by");
  });

  it("rejects with the reason from a form, and asks who somebody is again when it comes back", async () => {
    const { ben, guild, role, card, sees, decision, row } = await stageWaiting({
      rule: { role: "sre" },
      items: one,
    });
    const form = await (await ben.clicks(await card(), "Reject with reason…")).modal();
    if (role) guild.takeRole(ben, role);
    await ben.submits(form, { Reason: "wrong cluster" });
    await sees("Only @sre may decide this.", ben);
    expect((await row()).votes).toEqual([]);
    if (role) guild.giveRole(ben, role);
    const again = await (await ben.clicks(await card(), "Reject with reason…")).modal();
    await ben.submits(again, { Reason: "wrong cluster" });
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: false, reason: "wrong cluster" }]);
    await sees("rejected by ben");
  });

  it("opens no form for somebody who may not decide", async () => {
    const { eve, card, sees } = await stageWaiting({ rule: { role: "sre" }, items: one });
    const click = await eve.clicks(await card(), "Reject with reason…");
    expect(await click.response()).toMatchObject({ type: "message", isEphemeral: true });
    await sees("Only @sre may decide this.", eve);
  });

  it("takes no reason longer than 500 characters", async () => {
    const { ben, card } = await stageWaiting({ items: one });
    const form = await (await ben.clicks(await card(), "Reject with reason…")).modal();
    await expect(ben.submits(form, { Reason: "x".repeat(501) })).rejects.toThrow("too long");
  });

  it("counts two people who click at the same moment, and decides once", async () => {
    const rule = { role: "sre", count: 2 };
    const { ben, discord, role, card, decision, sees } = await stageWaiting({ rule, items: one });
    const cat = discord.createPerson({ name: "cat", roles: role ? [role] : [] });
    const shown = await card();
    await Promise.all([ben.clicks(shown, "Approve"), cat.clicks(shown, "Approve")]);
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: true }]);
    await sees(/approved by (ben, cat|cat, ben)/);
  });

  it("tells the slower of two opposite clicks what was decided", async () => {
    const { ben, discord, card, sees, decision } = await stageWaiting({ items: one });
    const cat = discord.createPerson({ name: "cat", manager: true });
    const shown = await card();
    const stale = { ...shown, components: [...shown.components] };
    await ben.clicks(shown, "Reject");
    await sees("rejected by ben");
    await cat.clicks(stale, "Approve");
    await sees("This was rejected by ben.", cat);
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: false }]);
  });

  it("counts a double click once", async () => {
    const { ben, card, sees, row } = await stageWaiting({ rule: { role: "sre", count: 2 }, items: one });
    const shown = await card();
    await Promise.all([ben.clicks(shown, "Approve"), ben.clicks(shown, "Approve")]);
    await sees("1 of 2 approvals");
    await sees(/You have decided this already|1 of 2/, ben);
    expect(new Set((await row()).votes.map((vote) => vote.actorId)).size).toBe(1);
  });

  it("runs a click once that Discord delivers twice", async () => {
    const { ben, eve, discord, card, sees, row } = await stageWaiting({
      rule: { role: "sre", count: 2 },
      items: one,
    });
    const shown = await card();
    const click = await ben.clicks(shown, "Approve");
    discord.redeliver(click);
    await sees("1 of 2 approvals");
    // Heard after the second delivery.
    await eve.clicks(shown, "Approve");
    await sees("Only @sre may decide this.", eve);
    expect((await row()).votes).toHaveLength(1);
    expect(click.followups).toEqual([]);
  });

  it.each([
    { name: "unknown to Discord", code: 10062, status: 404 },
    { name: "given before", code: 40060, status: 400 },
  ])("loses no vote when its acknowledgement is $name", async ({ code, status }) => {
    const { ben, discord, card, decision, sees } = await stageWaiting({ items: one });
    const shown = await card();
    const lost = discord.faults.add(CALLBACK, { kind: "status", status, code, message: "lost" });
    await ben.clicks(shown, "Approve");
    expect(await decision()).toEqual([{ itemId: "confirm-0", approved: true }]);
    await sees("approved by ben");
    expect(lost.hits).toBe(1);
  });

  it("tells a stranger why even when only the answer to the acknowledgement was lost", async () => {
    const { eve, discord, card, sees } = await stageWaiting({ items: one });
    const shown = await card();
    discord.faults.add(CALLBACK, { kind: "reset", when: "after" });
    await eve.clicks(shown, "Approve");
    await sees("Only members with Manage Server may decide this.", eve);
  });

  it("decides nothing of a form that Discord did not open", async () => {
    const { ben, discord, card, book } = await stageWaiting({ items: one });
    const shown = await card();
    const lost = discord.faults.add(CALLBACK, { kind: "status", status: 404, code: 10062, message: "lost" });
    await ben.clicks(shown, "Reject with reason…");
    await discord.until(() => lost.hits > 0);
    expect(await book.decision("request-0")).toBeUndefined();
    await ben.clicks(shown, "Reject");
    await discord.until(() => book.decision("request-0"));
  });
});

describe("deciding one by one", () => {
  it("leads through every operation privately, shows everybody how far it is, and sends all of it", async () => {
    const { ben, ana, discord, card, step, sees, decision } = await stageWaiting({ items: three });
    await ben.clicks(await card(), "Decide one by one");
    await ben.clicks(await step(ben, "**1 of 3**"), "▶");
    await ben.clicks(await step(ben, "**2 of 3**"), "◀");
    await ben.clicks(await step(ben, "**1 of 3**"), "Approve");
    const second = await step(ben, "**2 of 3**");
    expect(await sees("approved by ben", ana)).not.toContain("2 of 3");
    const form = await (await ben.clicks(second, "Reject with reason…")).modal();
    await ben.submits(form, { Reason: "still needed" });
    await ben.clicks(await step(ben, "**3 of 3**"), "Approve");
    const end = await step(ben, "That is all. The agent hears of it.");
    expect(discord.messageText(end)).toContain("2 approved, 1 rejected");
    expect(await decision()).toEqual([
      { itemId: "confirm-0", approved: true },
      { itemId: "confirm-1", approved: false, reason: "still needed" },
      { itemId: "confirm-2", approved: true },
    ]);
  });

  it("works after a restart, from ids alone", async () => {
    const { ben, card, step, stopBot, startBot, decision } = await stageWaiting({ items: three });
    await ben.clicks(await card(), "Decide one by one");
    await step(ben, "**1 of 3**");
    await stopBot();
    await startBot();
    for (const at of [1, 2, 3]) await ben.clicks(await step(ben, `**${at} of 3**`), "Approve");
    await step(ben, "That is all.");
    expect(await decision()).toHaveLength(3);
  });

  it("says that others are still needed where more approvals are", async () => {
    const rule = { role: "sre", count: 2 };
    const { ben, discord, card, step } = await stageWaiting({ rule, items: [operation(0), operation(1)] });
    await ben.clicks(await card(), "Decide one by one");
    await ben.clicks(await step(ben, "**1 of 2**"), "Approve");
    await ben.clicks(await step(ben, "**2 of 2**"), "Approve");
    const end = await step(ben, "That is all from you; others are still needed.");
    expect(discord.messageText(end)).toContain("2 still open");
  });

  it("takes the controls away when somebody else decided meanwhile", async () => {
    const { ben, discord, card, step, sees } = await stageWaiting({ items: three });
    const cat = discord.createPerson({ name: "cat", manager: true });
    const shown = await card();
    await ben.clicks(shown, "Decide one by one");
    const mine = await step(ben, "**1 of 3**");
    await cat.clicks(shown, "Approve all");
    await sees("approved by cat");
    await ben.clicks(mine, "Reject");
    const end = await step(ben, "This was approved by cat.");
    expect(JSON.stringify(end.components)).not.toContain("custom_id");
  });

  it("is refused privately to a stranger", async () => {
    const { eve, card, sees } = await stageWaiting({ rule: { role: "sre" }, items: three });
    await eve.clicks(await card(), "Decide one by one");
    await sees("Only @sre may decide this.", eve);
  });
});

function unknown(): never {
  throw new Error("no such channel");
}
