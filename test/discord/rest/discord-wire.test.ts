import { REST } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import type { LocalDiscord } from "../../../emulator/discord/local-discord.ts";
import type { GuildHandle } from "../../../emulator/discord/people/guild-handle.ts";
import type { Channel } from "../../../emulator/discord/world/model.ts";
import type { Clock } from "../../../src/conversation/ports.ts";
import { createDiscordWire, REST_OPTIONS } from "../../../src/discord/rest/discord-wire.ts";
import { createPainter } from "../../../src/discord/rest/painter.ts";
import { createScheduler, type Scheduler } from "../../../src/discord/rest/scheduler.ts";
import type { TurnView } from "../../../src/discord/view/message.ts";
import { systemClock } from "../../../src/telemetry/clock.ts";
import { text } from "./easel.ts";

let discord: LocalDiscord;
let guild: GuildHandle;
let channel: Channel;
let rest: REST;
let scheduler: Scheduler;

beforeEach(async () => {
  discord = await startDiscord();
  guild = discord.createGuild({ name: "acme" });
  channel = guild.createChannel({ name: "ops" });
  rest = new REST({ ...REST_OPTIONS, api: discord.apiUrl }).setToken(discord.token);
  scheduler = createScheduler({ wire: createDiscordWire(rest), clock: systemClock });
});

/** Ten times as fast: a retry's back-off is not what is waited for here. */
const began = Date.now();
const fastClock: Clock = {
  now: () => began + (Date.now() - began) * 10,
  sleep: (ms, signal) => systemClock.sleep(ms / 10, signal),
};

afterEach(async () => {
  scheduler.close();
  await discord.stop();
});

/** A painter in a channel, and how to change what it shows. */
function paint(channelId: string, turnId = "turn") {
  let view: TurnView = { messages: [] };
  const painter = createPainter({ scheduler, clock: systemClock, channelId, turnId, render: () => view });
  return {
    painter,
    show(...contents: readonly string[]) {
      view = { messages: contents.map(text) };
      painter.show();
    },
    async settle(...contents: readonly string[]) {
      view = { messages: contents.map(text) };
      await painter.settle();
    },
  };
}

const contents = (place = channel) => discord.messages(place).map((message) => message.content);
const shown = (content: string) => discord.until(() => contents().includes(content));

describe("the painter on discord.js and a strict Discord", () => {
  it("posts, edits and settles", async () => {
    const { show, settle } = paint(channel.id);
    show("one");
    await shown("one");
    await settle("one and two", "three");
    expect(contents()).toEqual(["one and two", "three"]);
    expect(discord.counts()).toMatchObject({ creates: 2, edits: 1, refused: 0, tooMany: 0 });
  });

  it("sends buttons and files as Discord takes them", async () => {
    const file = { name: "a.txt", mediaType: "text/plain", bytes: new TextEncoder().encode("hello") };
    const button = { label: "Stop", customId: "stop:1", style: "danger" as const, emoji: "⏹️" };
    const view = { messages: [{ content: "with a file", files: [file], buttons: [button] }] };
    const options = { scheduler, clock: systemClock, channelId: channel.id, turnId: "turn" };
    await createPainter({ ...options, render: () => view }).settle();
    const [message] = discord.messages(channel);
    expect(message?.attachments.map(({ filename }) => filename)).toEqual(["a.txt"]);
    expect(discord.transcript(channel)).toContain("Stop");
    expect(discord.counts().refused).toBe(0);
  });

  it.each(["POST", "PATCH"])("loses and doubles nothing when %s goes wrong", async (method) => {
    scheduler = createScheduler({ wire: createDiscordWire(rest), clock: fastClock });
    const { show, settle } = paint(channel.id);
    if (method === "PATCH") {
      show("one");
      await shown("one");
    }
    const match = { method, route: /\/messages/ };
    discord.faults.add(match, { kind: "status", status: 502 });
    discord.faults.add({ ...match, skip: 1 }, { kind: "reset", when: "before" });
    discord.faults.add({ ...match, skip: 2 }, { kind: "reset", when: "after" });
    discord.faults.add({ ...match, skip: 3 }, { kind: "too-many", retryAfterMs: 300, scope: "global" });
    await settle("the end", "of it");
    expect(contents()).toEqual(["the end", "of it"]);
  });

  it("continues in a new message when edits of the old one are refused", async () => {
    const { painter, show, settle } = paint(channel.id);
    show("one");
    await shown("one");
    const [old] = painter.painted().messageIds;
    discord.clock.advance(2 * 3_600_000);
    discord.faults.add({ method: "PATCH" }, { kind: "status", status: 429, code: 30046 });
    await settle("one and two");
    await discord.until(() => discord.messages(channel).length === 1);
    expect(contents()).toEqual(["one and two"]);
    expect(painter.painted().messageIds).not.toContain(old);
  });

  it("reopens an archived thread to bring the last state", async () => {
    const ana = discord.createPerson({ name: "ana" });
    const question = await ana.says(channel, "why?");
    await scheduler.request({
      kind: "thread",
      channelId: channel.id,
      priority: "acknowledgement",
      repeatable: true,
      call: () => ({
        method: "POST",
        path: `/channels/${channel.id}/messages/${question.id}/threads`,
        body: { name: "why" },
      }),
    });
    const [thread] = discord.threads(channel);
    if (!thread) throw new Error("no thread");
    const { show, settle } = paint(thread.id);
    show("one");
    await discord.until(() => contents(thread).includes("one"));
    await scheduler.request({
      kind: "other:channel",
      channelId: thread.id,
      priority: "progress",
      repeatable: true,
      call: () => ({ method: "PATCH", path: `/channels/${thread.id}`, body: { archived: true } }),
    });
    await settle("one and two");
    expect(contents(thread)).toContain("one and two");
  });

  it("says at once when a limit asks for more patience than a request has", async () => {
    discord.faults.add(
      { method: "POST", route: /threads/ },
      {
        kind: "too-many",
        retryAfterMs: 240_000,
        scope: "shared",
      },
    );
    const ask = () =>
      scheduler.request({
        kind: "thread",
        channelId: channel.id,
        priority: "acknowledgement",
        repeatable: true,
        patienceMs: 2_000,
        call: () => ({
          method: "POST",
          path: `/channels/${channel.id}/threads`,
          body: { name: "why", type: 11 },
        }),
      });
    expect(await ask()).toMatchObject({ kind: "limited" });
    const before = discord.requests.length;
    expect(await ask()).toMatchObject({ kind: "limited" });
    expect(discord.requests.length).toBe(before);
  });

  it("hands on what Discord refuses, without our request", async () => {
    const outcome = await scheduler.request({
      kind: "other:read",
      channelId: channel.id,
      priority: "progress",
      repeatable: true,
      call: () => ({ method: "GET", path: `/channels/${channel.id}/messages/100000000000000000` }),
    });
    expect(outcome).toMatchObject({ kind: "refused", code: 10008, status: 404 });
  });
});

describe("many painters at once", () => {
  it("cause no 429, and all end with their last state", async () => {
    const channels = Array.from({ length: 40 }, (_, index) => guild.createChannel({ name: `ops-${index}` }));
    const painters = channels.map((place, index) => paint(place.id, `turn-${index}`));
    for (let step = 1; step <= 30; step++) {
      for (const { show } of painters) show(`step ${step}`);
      await systemClock.sleep(50);
    }
    await Promise.all(painters.map(({ settle }) => settle("first", "second")));
    expect(channels.map((place) => contents(place))).toEqual(channels.map(() => ["first", "second"]));
    expect(discord.counts().tooMany).toBe(0);
  });
});
