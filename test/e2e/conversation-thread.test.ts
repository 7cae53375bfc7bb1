import { describe, expect, it } from "vitest";
import { say, script } from "../../emulator/agent/script.ts";
import { agent, roomy, tell } from "./story.ts";

const remembering = (name: string) =>
  agent(name, undefined, {
    answer: (turn) => script(say(`${name} knows ${turn.history.length} before: ${turn.text}`)),
  });

describe("the thread of a conversation", () => {
  it("takes every message as the next prompt, in the same context", async () => {
    const { ana, ops, thread, sees, kagent } = await tell({ agents: [remembering("k8s-agent")] });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "knows 0 before: one");
    await ana.says(place, "two");
    await sees(place, "knows 1 before: two");
    await ana.says(place, "@bot three");
    await sees(place, "knows 2 before: three");
    const contexts = new Set(kagent.runs().map((run) => run.contextId));
    const users = new Set(kagent.runs().map((run) => run.userId));
    const messages = kagent.requests.flatMap((one) => /"messageId":"([^"]+)"/.exec(one.body)?.[1] ?? []);
    expect(contexts.size).toBe(1);
    expect([...contexts][0]).not.toContain("/");
    expect(users.size).toBe(1);
    expect(new Set(messages).size).toBe(3);
  });

  it("hears everybody in it, and keeps one user for the agent", async () => {
    const { ana, ops, thread, sees, kagent, discord } = await tell({ agents: [remembering("k8s-agent")] });
    const ben = discord.createPerson({ name: "ben" });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "knows 0 before: one");
    await ben.says(place, "two");
    await sees(place, "knows 1 before: two");
    expect(new Set(kagent.runs().map((run) => run.userId)).size).toBe(1);
    expect(kagent.requests.at(-1)?.body).toContain(ben.id);
  });

  it("switches the agent with a command, says so, and keeps a context for each", async () => {
    const { ana, ops, thread, sees, kagent } = await tell({
      agents: [remembering("k8s-agent"), remembering("istio-agent")],
      discord: roomy,
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "k8s-agent knows 0 before: one");
    await ana.runs(place, "/istio", { prompt: "two" });
    await sees(place, "istio-agent knows 0 before: two");
    expect(await sees(place, "✅ done · istio-agent")).toContain(
      "switched here from k8s-agent to istio-agent",
    );
    await ana.says(place, "three");
    await sees(place, "istio-agent knows 1 before: three");
    await ana.runs(place, "/k8s", { prompt: "four" });
    await sees(place, "k8s-agent knows 1 before: four");
    const contexts = kagent.runs().map((run) => run.contextId);
    expect(contexts[0]).toBe(contexts[3]);
    expect(contexts[1]).toBe(contexts[2]);
    expect(contexts[0]).not.toBe(contexts[1]);
  });

  it("takes only mentions where the bot is set to", async () => {
    const { ana, ops, thread, sees, asked } = await tell({ env: () => ({ DISCORD_MENTION_ONLY: "true" }) });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "heard: one");
    await ana.says(place, "just talking");
    await ana.says(place, "@bot two");
    await sees(place, "heard: two");
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: two"]);
  });

  it("takes a reply to the bot as a mention where only mentions count", async () => {
    const { ana, ops, thread, sees, asked, message } = await tell({
      env: () => ({ DISCORD_MENTION_ONLY: "true" }),
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, /k8s-agent · \d/);
    const answer = await message(place, "heard: one");
    await ana.says(place, "quietly", { replyTo: answer, ping: false });
    await ana.says(place, "two", { replyTo: answer });
    await sees(place, "heard: two");
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: two"]);
  });

  it("goes on where it was after it was archived", async () => {
    const { ana, ops, thread, sees, discord } = await tell({ agents: [remembering("k8s-agent")] });
    const boss = discord.createPerson({ name: "boss", manager: true });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(ops, "✅ done");
    await boss.changesThread(place, { archived: true });
    await ana.says(place, "two");
    await sees(place, "knows 1 before: two");
    expect(place.thread?.archived).toBe(false);
    expect(discord.threads(ops)).toHaveLength(1);
  });
});
