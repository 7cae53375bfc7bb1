import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, refusal, type Stage } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({}, { rest: { retries: 0 } });
});
afterEach(() => stage.close());

const creates = { method: "POST", route: /^\/channels\/\d+\/messages$/ };

describe("faults", () => {
  it("answer with a Discord error as often as asked, after letting some requests pass", async () => {
    const { discord, channel } = stage;
    const fault = discord.faults.add(
      { ...creates, skip: 1, times: 2 },
      { kind: "status", status: 403, code: 50013 },
    );
    const codes = [];
    for (let n = 0; n < 4; n += 1) codes.push(await refusal(channel.send("x")));
    expect(codes).toEqual(["accepted", 50013, 50013, "accepted"]);
    expect(fault.hits).toBe(2);
  });

  it("hit only requests with a certain content", async () => {
    const { discord, channel } = stage;
    discord.faults.add({ ...creates, body: /unlucky/ }, { kind: "status", status: 500 });
    expect(await refusal(channel.send("lucky"))).toBe("accepted");
    await expect(channel.send("unlucky")).rejects.toThrow("Internal Server Error");
  });

  it("lose a request before its effect, or only its answer after it", async () => {
    const { discord, channel, general } = stage;
    discord.faults.add(creates, { kind: "reset", when: "before" });
    await expect(channel.send("before")).rejects.toThrow();
    expect(discord.messages(general)).toEqual([]);
    discord.faults.add(creates, { kind: "reset", when: "after" });
    await expect(channel.send("after")).rejects.toThrow();
    expect(discord.messages(general).map((message) => message.content)).toEqual(["after"]);
  });

  it("make a retried create with an enforced nonce happen once", async () => {
    await stage.close();
    stage = await openStage();
    stage.discord.faults.add(creates, { kind: "reset", when: "after" });
    await stage.channel.send({ content: "once", nonce: "n", enforceNonce: true });
    expect(stage.discord.messages(stage.general)).toHaveLength(1);
    expect(stage.discord.requests.filter((request) => request.method === "POST")).toHaveLength(2);
  });

  it("ask a client to wait, with a scope", async () => {
    const { discord, channel } = stage;
    discord.faults.add(creates, { kind: "too-many", retryAfterMs: 1000, scope: "shared" });
    await channel.send("x");
    expect(discord.counts()).toMatchObject({ tooMany: 1, invalid: 0, creates: 1 });
  });

  it("make a request take longer, half of it before the effect", async () => {
    const { discord, channel, general } = stage;
    discord.faults.add(creates, { kind: "latency", ms: 100 });
    const sent = channel.send("slow");
    const message = await discord.until(() => discord.messages(general)[0]);
    expect(discord.counts().creates).toBe(0);
    expect((await sent).id).toBe(message.id);
    expect(discord.requests.at(-1)?.ms).toBeGreaterThan(95);
  });

  it("leave a request without an answer", async () => {
    await stage.close();
    stage = await openStage({}, { rest: { retries: 0, timeout: 100 } });
    stage.discord.faults.add(creates, { kind: "hang", when: "before" });
    await expect(stage.channel.send("x")).rejects.toThrow("aborted");
  });

  it("do not keep it from stopping", async () => {
    const { discord, channel } = stage;
    discord.faults.add(creates, { kind: "hang", when: "after" });
    const sent = channel.send("x").catch(() => "cut");
    await discord.until(() => discord.messages(stage.general).length === 1);
    await stage.close();
    expect(await sent).toBe("cut");
    stage = await openStage();
  });
});

describe("the latency of a round trip", () => {
  it("is spread over its range", async () => {
    await stage.close();
    stage = await openStage({ latency: { minMs: 20, maxMs: 40 } });
    for (let n = 0; n < 5; n += 1) await stage.bot.rest.get("/users/@me");
    const times = stage.discord.requests.slice(-5).map((request) => request.ms);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(18);
    expect(new Set(times.map(Math.round)).size).toBeGreaterThan(1);
  });
});
