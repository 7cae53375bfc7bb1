import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import type { LocalDiscord } from "../../../emulator/discord/local-discord.ts";
import { discordLimits } from "../../../emulator/discord/rest/limits.ts";
import type { Channel } from "../../../emulator/discord/world/model.ts";
import { openStage } from "./stage.ts";

let discord: LocalDiscord;
let general: Channel;

beforeEach(async () => {
  discord = await startDiscord();
  general = discord.createGuild({ name: "ops" }).createChannel({ name: "general" });
});
afterEach(() => discord.stop());

function request(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${discord.token}`,
      "user-agent": "DiscordBot (test, 1)",
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

const post = (channel = general) => request("POST", `/channels/${channel.id}/messages`, { content: "x" });

describe("rate limits", () => {
  it("count five messages in five seconds for each channel, and say so in headers", async () => {
    const first = await post();
    expect(first.headers.get("x-ratelimit-limit")).toBe("5");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("4");
    expect(Number(first.headers.get("x-ratelimit-reset-after"))).toBeGreaterThan(4);
    for (let n = 0; n < 4; n += 1) await post();
    const refused = await post();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-ratelimit-scope")).toBe("user");
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.headers.get("retry-after")).toMatch(/^[1-5]$/);
    expect(await refused.json()).toMatchObject({ global: false, retry_after: expect.any(Number) });
    expect(discord.counts()).toMatchObject({ creates: 5, tooMany: 1, invalid: 1, total: 6 });
    discord.clock.advance(5000);
    expect((await post()).status).toBe(200);
  });

  it("keep creates, edits and typing apart", async () => {
    for (let n = 0; n < 5; n += 1) await post();
    const [message] = discord.messages(general);
    const edit = await request("PATCH", `/channels/${general.id}/messages/${message?.id}`, { content: "y" });
    const typing = await request("POST", `/channels/${general.id}/typing`);
    expect([edit.status, typing.status, typing.headers.get("x-ratelimit-remaining")]).toEqual([
      200,
      204,
      "4",
    ]);
    expect(edit.headers.get("x-ratelimit-bucket")).not.toBe(typing.headers.get("x-ratelimit-bucket"));
  });

  it("let fifty requests through in any second, over all channels", async () => {
    expect(discordLimits.global).toEqual({ limit: 50, perMs: 1_000 });
    await discord.stop();
    // A second that a busy machine cannot miss.
    discord = await startDiscord({ limits: { global: { limit: 50, perMs: 60_000 } } });
    const guild = discord.createGuild({ name: "large" });
    const channels = Array.from({ length: 11 }, (_, n) => guild.createChannel({ name: `c${n}` }));
    const answers = await Promise.all(
      channels.flatMap((channel) => Array.from({ length: 5 }, () => post(channel))),
    );
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.headers.get("x-ratelimit-global")).toBe("true");
    expect(refused[0]?.headers.get("x-ratelimit-scope")).toBe("global");
    discord.clock.advance(60_001);
    expect((await request("GET", "/users/@me")).status).toBe(200);
  });

  it("make a real client wait, so that it is never refused", async () => {
    const stage = await openStage({ limits: { buckets: { create: { limit: 2, perMs: 150 } } } });
    await Promise.all(Array.from({ length: 7 }, (_, n) => stage.channel.send(`${n}`)));
    expect(stage.discord.messages(stage.general).map((message) => message.content)).toEqual([..."0123456"]);
    expect(stage.discord.counts()).toMatchObject({ creates: 7, tooMany: 0 });
    await stage.close();
  });
});

describe("the door", () => {
  it("turns away wrong tokens, nameless clients, other versions and unknown routes", async () => {
    const ask = (path: string, headers: Record<string, string>) =>
      fetch(`${discord.apiUrl}${path}`, { headers });
    const agent = { "user-agent": "DiscordBot (test, 1)" };
    const token = { authorization: `Bot ${discord.token}` };
    expect((await ask("/v10/users/@me", agent)).status).toBe(401);
    expect((await ask("/v10/users/@me", { ...token, "user-agent": "curl" })).status).toBe(403);
    expect((await ask("/v9/users/@me", { ...agent, ...token })).status).toBe(400);
    expect((await ask("/v10/nowhere", { ...agent, ...token })).status).toBe(404);
    expect((await request("DELETE", "/users/@me")).status).toBe(405);
    expect((await request("GET", `/channels/${general.id}/messages?limit=101`)).status).toBe(400);
  });
});
