import { describe, expect, it } from "vitest";
import type { Channel } from "../../emulator/discord/world/model.ts";
import { agent, roomy, tell } from "./story.ts";

describe("places beside channels", () => {
  it("answers direct messages where they are switched on, in one conversation", async () => {
    const { ana, sees, kagent, asked } = await tell({
      discord: roomy,
      env: () => ({ DISCORD_DIRECT_MESSAGES: "true" }),
    });
    const dm = ana.dm();
    await ana.says(dm, "hello");
    await sees(dm, "k8s-agent heard: hello");
    await ana.says(dm, "again");
    await sees(dm, "k8s-agent heard: again");
    await ana.runs(dm, "/k8s", { prompt: "and now?" });
    await sees(dm, "✅ done");
    expect(asked()).toHaveLength(3);
    expect(new Set(kagent.runs().map((run) => run.contextId)).size).toBe(1);
  });

  it("refuses direct messages where they are switched off, and says where to ask", async () => {
    const { ana, sees, asked } = await tell();
    await ana.says(ana.dm(), "hello");
    await sees(ana.dm(), "Direct messages are switched off. Ask me in a channel");
    expect(asked()).toEqual([]);
  });

  it("takes direct messages only from people on the list", async () => {
    let allowed = "";
    const { ana, discord, sees, asked } = await tell({
      furnish: (local, guild) => {
        allowed = local.createPerson({ name: "ben", guild }).id;
      },
      yaml: () => `access:\n  directMessages:\n    enabled: true\n    userIds: ["${allowed}"]\n`,
    });
    await ana.says(ana.dm(), "hello");
    await sees(ana.dm(), "You are not on the list");
    const ben = discord.world.users.get(allowed);
    expect(ben).toBeDefined();
    expect(asked()).toEqual([]);
  });

  it("takes a post in a bound forum as the prompt and its thread as the conversation", async () => {
    let forum: Channel | undefined;
    const { ana, sees, asked, discord } = await tell({
      agents: [agent("k8s-agent"), agent("istio-agent")],
      furnish: (_discord, guild) => {
        forum = guild.createChannel({ name: "help", kind: "forum" });
      },
      yaml: () => `bindings:\n  - channelId: ${forum?.id}\n    agent: istio-agent\n`,
    });
    if (!forum) throw new Error("no forum");
    const post = await ana.posts(forum, "Gateway gives 503", "Since noon, on /cart");
    await sees(post, "istio-agent heard: Gateway gives 503");
    await ana.says(post, "more on this");
    await sees(post, "istio-agent heard: more on this");
    expect(asked()).toEqual([
      "istio-agent: Gateway gives 503\n\nSince noon, on /cart",
      "istio-agent: more on this",
    ]);
    expect(discord.threads(forum)).toHaveLength(1);
  });

  it("takes a mention in a forum that is not bound", async () => {
    const { ana, guild, sees, asked } = await tell();
    const forum = guild.createChannel({ name: "help", kind: "forum" });
    await ana.posts(forum, "Just talking", "nothing for the bot");
    const post = await ana.posts(forum, "Question", "@bot are you there?");
    await sees(post, "k8s-agent heard: Question");
    expect(asked()).toEqual(["k8s-agent: Question\n\nare you there?"]);
  });

  it("takes every message of a listed channel as a prompt, each in its own thread", async () => {
    const { ana, ops, guild, sees, discord, asked } = await tell({
      env: ({ ops: channel }) => ({ DISCORD_CHANNEL_ONLY: channel.id }),
    });
    await ana.says(ops, "one");
    await discord.until(() => discord.threads(ops)[0]);
    await ana.says(ops, "two");
    const second = await discord.until(() => discord.threads(ops)[1]);
    await sees(second, "heard: two");
    const other = guild.createChannel({ name: "random" });
    await ana.says(other, "@bot three");
    await sees(other, "I answer only in #ops");
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: two"]);
  });
});
