import { REST } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import type { LocalDiscord } from "../../../emulator/discord/local-discord.ts";
import type { GuildHandle } from "../../../emulator/discord/people/guild-handle.ts";
import type { Channel, Message } from "../../../emulator/discord/world/model.ts";
import { createThread } from "../../../emulator/discord/world/threads.ts";
import type { ApprovalRow, Card, CardState } from "../../../src/conversation/approval-row.ts";
import type { Cards } from "../../../src/conversation/cards.ts";
import { createCards } from "../../../src/discord/rest/cards.ts";
import { createDiscordWire, REST_OPTIONS } from "../../../src/discord/rest/discord-wire.ts";
import { createScheduler, type Scheduler } from "../../../src/discord/rest/scheduler.ts";
import { systemClock } from "../../../src/telemetry/clock.ts";
import { silentLog } from "../../silent-log.ts";
import { aCard, LOOK, operation, vote } from "../view/a-card.ts";

let discord: LocalDiscord;
let guild: GuildHandle;
let ops: Channel;
let thread: Channel;
let news: Channel;
let scheduler: Scheduler;
let cards: Cards;
/** When the rows of these tests were entered. */
let now = 1_700_000_000_000;
const clock = { now: () => now };

beforeEach(async () => {
  now = 1_700_000_000_000;
  discord = await startDiscord({ checkResponses: true });
  guild = discord.createGuild({ name: "acme" });
  ops = guild.createChannel({ name: "ops" });
  news = guild.createChannel({ name: "approvals" });
  const owned = { owner: discord.world.bot, kind: "public-thread", autoArchiveMinutes: 1440 } as const;
  thread = createThread(discord.world, ops, { name: "scale", ...owned });
  const rest = new REST({ ...REST_OPTIONS, api: discord.apiUrl }).setToken(discord.token);
  scheduler = createScheduler({ wire: createDiscordWire(rest), clock: systemClock });
  cards = createCards({ scheduler, log: silentLog, clock, look: LOOK, channelId: news.id });
});

afterEach(async () => {
  await scheduler.close();
  expect(discord.requests.filter((request) => request.misfit !== undefined)).toEqual([]);
  await discord.stop();
});

const ITEMS = [operation("a", { name: "checkout", replicas: 4 })];
const DECIDED: CardState = {
  kind: "decided",
  outbox: {
    state: "delivered",
    decision: { verdicts: [{ itemId: "a", approved: true }] },
    by: "people",
    decidedAt: 1_700_000_100_000,
    attempts: 1,
  },
};

function card(more: Partial<ApprovalRow> = {}, state?: CardState): Card {
  const place = { kind: "thread", guildId: guild.id, channelId: thread.id, parentId: ops.id } as const;
  return aCard(ITEMS, { place, ...more }, state);
}

const shown = (channel: Channel) => discord.messages(channel).map((message) => discord.messageText(message));
const one = (channel: Channel): Message => {
  const [message, ...others] = discord.messages(channel);
  if (!message || others.length > 0) throw new Error(`expected one message:\n${shown(channel).join("\n")}`);
  return message;
};
const noPings = () =>
  [thread, ops, news]
    .flatMap((channel) => discord.messages(channel))
    .every((message) => message.pings.length === 0);

describe("a card", () => {
  it("is one message with controls and the whole request attached", async () => {
    const at = await cards.show(card());
    expect(at).toEqual({ channelId: thread.id, messageId: one(thread).id });
    expect(shown(thread)[0]).toContain("replicas: 4");
    expect(shown(thread)[0]).toContain("Reject with reason…");
    const [file] = one(thread).attachments;
    expect(JSON.parse(new TextDecoder().decode(file?.bytes))).toMatchObject({
      items: [{ tool: "scale_thing", arguments: { name: "checkout", replicas: 4 } }],
    });
    expect(discord.counts()).toMatchObject({ creates: 1, refused: 0 });
    expect(noPings()).toBe(true);
  });

  it("is edited as votes come, and keeps no controls when it is decided", async () => {
    const at = await cards.show(card());
    if (!at) throw new Error("not shown");
    const votes = [vote("a", "ben")];
    expect(await cards.show(card({ card: at, votes }, DECIDED))).toEqual(at);
    expect(shown(thread)[0]).toContain("approved by ben");
    expect(shown(thread)[0]).not.toContain("Reject");
    expect(one(thread).attachments).toHaveLength(1);
    expect(discord.counts()).toMatchObject({ creates: 1, edits: 1, refused: 0 });
  });

  it("that is shown again after a crash is the same message, as it stands now", async () => {
    const at = await cards.show(card());
    expect(await cards.show(card({ votes: [vote("a", "ben")] }, DECIDED))).toEqual(at);
    expect(shown(thread)[0]).toContain("approved by ben");
  });

  it("that was deleted is posted again", async () => {
    const at = await cards.show(card());
    guild.deleteMessage(one(thread));
    const again = await cards.show(card(at ? { card: at } : {}));
    expect(again?.messageId).toBe(one(thread).id);
    expect(again?.messageId).not.toBe(at?.messageId);
  });

  it("wakes an archived thread up for a week", async () => {
    const at = await cards.show(card());
    guild.changeThread(thread, { archived: true });
    expect(
      await cards.show(card({ ...(at ? { card: at } : {}), votes: [vote("a", "ben")] }, DECIDED)),
    ).toEqual(at);
    expect(thread.thread).toMatchObject({ archived: false, autoArchiveMinutes: 10_080 });
    expect(shown(thread)[0]).toContain("approved by ben");
  });

  it("moves to the parent channel when its thread is locked, and says where it went", async () => {
    const at = await cards.show(card());
    guild.changeThread(thread, { locked: true });
    const moved = await cards.show(card(at ? { card: at } : {}));
    expect(moved).toEqual({ channelId: ops.id, messageId: one(ops).id });
    expect(shown(ops)[0]).toContain("Approve");
    expect(shown(thread)[0]).toContain(`channels/${guild.id}/${ops.id}/${one(ops).id}`);
    expect(shown(thread)[0]).not.toContain("Reject");
  });

  it("goes to the parent channel where the thread takes no messages, or is gone", async () => {
    guild.setPermissions(ops, [{ for: "bot", deny: ["SEND_MESSAGES_IN_THREADS"] }]);
    expect(await cards.show(card())).toMatchObject({ channelId: ops.id });
    guild.deleteChannel(thread);
    expect(await cards.show(card({ id: "otherRequest1234" }))).toMatchObject({ channelId: ops.id });
  });

  it("that nobody can see anywhere has no address", async () => {
    guild.setPermissions(ops, [{ for: "bot", deny: ["SEND_MESSAGES_IN_THREADS", "SEND_MESSAGES"] }]);
    expect(await cards.show(card())).toBeUndefined();
  });

  it("comes without its file where files are forbidden, and says so", async () => {
    guild.setPermissions(ops, [{ for: "bot", deny: ["ATTACH_FILES"] }]);
    expect(await cards.show(card())).toMatchObject({ channelId: thread.id });
    expect(shown(thread)[0]).toContain("could not be attached");
    expect(one(thread).attachments).toEqual([]);
  });

  it("survives lost answers without a second message", async () => {
    const match = { method: "POST", route: /\/messages/ };
    discord.faults.add(match, { kind: "status", status: 502 });
    discord.faults.add({ ...match, skip: 1 }, { kind: "reset", when: "after" });
    expect(await cards.show(card())).toEqual({ channelId: thread.id, messageId: one(thread).id });
  });

  it("is not taken for invisible when the process ends", async () => {
    const closing = scheduler.close();
    await expect(cards.show(card())).rejects.toThrow("could not be asked");
    await closing;
  });
});

describe("the approvals channel", () => {
  it("hears of a request with a link to its card, and how it ended, in one message", async () => {
    const at = await cards.show(card());
    const announcement = await cards.announce(card());
    expect(announcement).toEqual({ channelId: news.id, messageId: one(news).id });
    expect(one(news).content).toContain(
      `https://discord.com/channels/${guild.id}/${thread.id}/${at?.messageId}`,
    );
    expect(one(news).content).toContain("wants to run `scale_thing`");
    const over = card({ ...(at ? { card: at } : {}), ...(announcement ? { announcement } : {}) }, DECIDED);
    expect(await cards.announce(over)).toEqual(announcement);
    expect(one(news).content).toContain("**Approved**");
    expect(noPings()).toBe(true);
  });

  it("is not told of what was never announced and is over, nor of anything it refuses", async () => {
    expect(await cards.announce(card({}, DECIDED))).toBeUndefined();
    expect(discord.messages(news)).toEqual([]);
    guild.setPermissions(news, [{ for: "bot", deny: ["SEND_MESSAGES"] }]);
    expect(await cards.announce(card())).toBeUndefined();
  });

  it("is told again where somebody deleted the message while the request waits", async () => {
    const announcement = await cards.announce(card());
    guild.deleteMessage(one(news));
    const again = await cards.announce(card(announcement ? { announcement } : {}));
    expect(again?.messageId).toBe(one(news).id);
  });

  it("is reminded with a ping of the roles that are mentionable, and of nobody else", async () => {
    const sre = guild.createRole({ name: "sre", mentionable: true });
    const lead = guild.createRole({ name: "lead *@everyone*" });
    await cards.remind(card(), [sre.id, lead.id, guild.id]);
    const { content, pings } = one(news);
    expect(content).toContain(`<@&${sre.id}>`);
    expect(content).not.toContain(lead.id);
    expect(content).toContain("@lead \\*@\u200beveryone\\*");
    expect(pings).toMatchObject([{ roleIds: [sre.id], userIds: [], everyone: false }]);
  });
});

describe("a card whose process was killed before it knew its message", () => {
  it("is found again by its controls, however late", async () => {
    const first = await cards.show(card());
    now += 600_000;
    discord.clock.advance(600_000);
    expect(await cards.show(card())).toEqual(first);
    expect(discord.messages(thread)).toHaveLength(1);
  });
});
