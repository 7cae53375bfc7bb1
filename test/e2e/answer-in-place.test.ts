import { describe, expect, it } from "vitest";
import { tell } from "./story.ts";

const THREADS = { method: "POST", route: /\/threads$/ } as const;

describe("where no thread can be opened, the answer", () => {
  it("names the missing permission and comes as a reply", async () => {
    const { ana, ops, guild, sees, discord } = await tell();
    guild.setPermissions(ops, [{ for: "bot", deny: ["CREATE_PUBLIC_THREADS"] }]);
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const shown = await sees(ops, "✅ done");
    expect(shown).toContain("I lack Create Public Threads here");
    expect(shown).toMatch(/↳ to kagent: > hello\nkagent BOT: k8s-agent heard: hello/);
    await ana.says(ops, "@bot again");
    expect(await sees(ops, "heard: again")).toMatch(
      /↳ to ana: @kagent again\nkagent BOT: k8s-agent heard: again/,
    );
    expect(discord.counts().invalid).toBe(0);
  });

  it("remembers, since the channel is the conversation then", async () => {
    const { ana, ops, guild, sees, kagent } = await tell();
    guild.setPermissions(ops, [{ for: "bot", deny: ["CREATE_PUBLIC_THREADS"] }]);
    await ana.runs(ops, "/k8s", { prompt: "one" });
    await sees(ops, "heard: one");
    await ana.says(ops, "@bot two");
    await sees(ops, "heard: two");
    expect(new Set(kagent.runs().map((run) => run.contextId)).size).toBe(1);
  });

  it("comes in somebody else's thread as a reply", async () => {
    const { ana, ops, sees, asked, discord } = await tell();
    const place = await ana.opensThread(ops, "Incident 42");
    await ana.says(place, "just talking");
    await ana.says(place, "@bot what is wrong?");
    expect(await sees(place, "heard: what is wrong?")).toContain(
      "↳ to ana: @kagent what is wrong?\nkagent BOT: ",
    );
    await ana.runs(place, "/k8s", { prompt: "and now?" });
    await sees(place, "✅ done");
    expect(asked()).toEqual(["k8s-agent: what is wrong?", "k8s-agent: and now?"]);
    expect(discord.threads(ops)).toHaveLength(1);
  });

  it("comes in the text of a voice channel", async () => {
    const { ana, guild, sees } = await tell();
    const voice = guild.createChannel({ name: "war room", kind: "voice" });
    await ana.says(voice, "@bot hello");
    await sees(voice, /↳ to ana: @kagent hello\nkagent BOT: k8s-agent heard: hello/);
    await ana.runs(voice, "/k8s", { prompt: "again" });
    await sees(voice, "✅ done");
  });

  it.each([
    ["the guild has too many active threads", 400, 160006, "Maximum number of active threads reached"],
    ["the permission was just taken", 403, 50013, "Missing Permissions"],
  ])("comes as a reply when %s", async (_why, status, code, message) => {
    const { ana, ops, sees, discord, asked } = await tell();
    discord.faults.add(THREADS, { kind: "status", status, code, message });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const shown = await sees(ops, "✅ done");
    expect(shown).toMatch(/↳ to kagent: > hello\nkagent BOT: k8s-agent heard: hello/);
    expect(shown.includes("I lack Create Public Threads")).toBe(code === 50013);
    expect(discord.threads(ops)).toEqual([]);
    expect(asked()).toEqual(["k8s-agent: hello"]);
  });

  it("comes at once when threads are limited for minutes", async () => {
    const { ana, ops, sees, discord } = await tell();
    discord.faults.add(THREADS, { kind: "too-many", retryAfterMs: 180_000, scope: "shared" });
    await ana.says(ops, "@bot hello");
    await sees(ops, /↳ to ana: @kagent hello\nkagent BOT: k8s-agent heard: hello/);
    expect(discord.threads(ops)).toEqual([]);
  });

  it("comes as a reply when somebody else opened a thread from the message first", async () => {
    const { ana, ops, sees, discord } = await tell();
    const ben = discord.createPerson({ name: "ben" });
    const slow = discord.faults.add(THREADS, { kind: "latency", ms: 100 });
    const message = await ana.says(ops, "@bot hello");
    const place = await ben.opensThread(message, "mine");
    await sees(ops, /↳ to ana: @kagent hello\nkagent BOT: k8s-agent heard: hello/);
    expect(slow.hits).toBe(1);
    expect(discord.transcript(place)).not.toContain("heard");
  });

  it("goes on in the thread whose opening was only not confirmed", async () => {
    const { ana, ops, thread, sees, discord } = await tell();
    discord.faults.add(THREADS, { kind: "reset", when: "after" });
    await ana.says(ops, "@bot hello");
    await sees(await thread(), "heard: hello");
    expect(discord.threads(ops)).toHaveLength(1);
    expect(discord.transcript(ops)).not.toContain("heard");
  });

  it("is not begun at all where the bot may not write", async () => {
    const { ana, ops, guild, sees, asked } = await tell();
    guild.setPermissions(ops, [{ for: "bot", deny: ["SEND_MESSAGES", "CREATE_PUBLIC_THREADS"] }]);
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(ops, "I lack Send Messages", ana);
    expect(asked()).toEqual([]);
  });
});
