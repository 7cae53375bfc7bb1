import { describe, expect, it } from "vitest";
import { say, script } from "../../emulator/agent/script.ts";
import { agent, closedGate, heldAt, tell } from "./story.ts";

const remembering = agent("k8s-agent", undefined, {
  answer: (turn) => script(say(`knows ${turn.history.length} before: ${turn.text}`)),
});

describe("the commands beside asking", () => {
  it("/agents lists who is there, what for, whether ready, and which command reaches it", async () => {
    const { ana, ops, sees, kagent } = await tell({
      agents: [agent("k8s-agent"), agent("helm-agent"), agent("istio-agent")],
    });
    kagent.agent("istio-agent").down();
    await ana.runs(ops, "/agents");
    const list = await sees(ops, "k8s-agent", ana);
    expect(list).toMatch(/🟢 \*\*k8s-agent\*\* · `\/k8s` — Knows about k8s-agent/);
    expect(list).toMatch(/🟢 \*\*helm-agent\*\* · `\/ask agent:helm-agent`/);
    expect(list).toContain("only you can see this");
  });

  it("/agents says when a cluster cannot be read", async () => {
    const { ana, ops, sees } = await tell({ env: () => ({ KAGENT_BASE_URL: "http://127.0.0.1:9" }) });
    await ana.runs(ops, "/agents");
    expect(await sees(ops, "⚠️", ana)).toContain("default");
  });

  it("/new begins a fresh context, and the agent forgets", async () => {
    const { ana, ops, thread, sees, kagent } = await tell({ agents: [remembering] });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "knows 0 before: one");
    await ana.runs(place, "/new");
    await sees(place, "k8s-agent starts afresh here", ana);
    await ana.says(place, "two");
    await sees(place, "knows 0 before: two");
    const [first, second] = kagent.runs().map((run) => run.contextId);
    expect(first).not.toBe(second);
  });

  it("/new says so where there is no conversation", async () => {
    const { ana, ops, sees } = await tell();
    await ana.runs(ops, "/new");
    await sees(ops, "There is no conversation here yet", ana);
  });

  it("/status tells what runs and waits here, and how the bot is", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, kagent } = await tell({ agents: [agent("k8s-agent", heldAt(gate))] });
    await ana.runs(ops, "/k8s", { prompt: "first question" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.says(place, "second question");
    await sees(place, "queued · position 1");
    await ana.runs(place, "/status");
    const status = await sees(place, "**This conversation**", ana);
    expect(status).toContain("k8s-agent in kagent on default");
    expect(status).toContain(kagent.runs()[0]?.contextId);
    expect(status).toMatch(/Running since .*first question/);
    expect(status).toMatch(/1\. second question/);
    expect(status).toContain("gateway connected");
    expect(status).toMatch(/🟢 default: 1 agents?/);
    gate.open();
    await sees(place, "second question");
  });

  it("/status says when kagent is not reachable", async () => {
    const { ana, ops, sees } = await tell({ env: () => ({ KAGENT_BASE_URL: "http://127.0.0.1:9" }) });
    await ana.runs(ops, "/status");
    const status = await sees(ops, "no conversation yet", ana);
    expect(status).toContain("🔴 default");
  });

  it("/help tells what can be done here", async () => {
    const { ana, ops, sees } = await tell();
    await ana.runs(ops, "/help");
    const help = await sees(ops, "Ask a question", ana);
    for (const name of ["/k8s", "/istio", "/security", "/ask", "/agents", "/stop", "/new", "/status"]) {
      expect(help).toContain(`\`${name}\``);
    }
  });

  it("are offered in the person's language", async () => {
    const { ops, discord, sees } = await tell({ agents: [remembering] });
    const jun = discord.createPerson({ name: "jun", locale: "ja" });
    const eva = discord.createPerson({ name: "eva", locale: "de" });
    await jun.runs(ops, "/質問", { prompt: "こんにちは" });
    await sees(ops, "✅ done");
    await eva.runs(ops, "/hilfe");
    await sees(ops, "Ask a question", eva);
    const offered = discord.world.commands.list(undefined).map((one) => one.definition);
    const untranslated = offered.filter(({ type, description_localizations, name_localizations }) => {
      const texts = Object(type === 1 ? description_localizations : name_localizations);
      return !("de" in texts && "ja" in texts);
    });
    expect(offered.length).toBeGreaterThan(8);
    expect(untranslated).toEqual([]);
  });
});
