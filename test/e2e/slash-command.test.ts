import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { agent, closedGate, heldAt, tell } from "./story.ts";

describe("a slash command", () => {
  it("shows the question at once, opens a thread named after it, and streams the answer there", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, asked, discord, kagent } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
    });
    const used = await ana.runs(ops, "/k8s", { prompt: "why is **checkout** failing?" });
    const { message, isEphemeral } = await used.response();
    expect(isEphemeral).toBe(false);
    expect(message?.content).toContain("⏳ working · k8s-agent · asked by ana");
    const place = await thread();
    await sees(place, "Looking.");
    expect(discord.transcript(ops)).toContain("⏳ working");
    gate.open();
    await sees(ops, "✅ done · k8s-agent · asked by ana");
    expect(await sees(place, "k8s-agent · ")).toContain("Looking. All is well.");
    expect(place.name).toBe("why is checkout failing?");
    expect(place.thread?.autoArchiveMinutes).toBe(7 * 24 * 60);
    expect(asked()).toEqual(["k8s-agent: why is **checkout** failing?"]);
    expect(kagent.requests.find((one) => one.rpc)?.path).toBe("/api/a2a/kagent/k8s-agent/");
  });

  it.each([
    ["/k8s", "k8s-agent"],
    ["/istio", "istio-agent"],
    ["/security", "security-agent"],
  ])("%s asks %s", async (command, name) => {
    const agents = ["k8s-agent", "istio-agent", "security-agent"].map((one) => agent(one));
    const { ana, ops, sees, asked } = await tell({ agents });
    await ana.runs(ops, command, { prompt: "hello" });
    await sees(ops, `✅ done · ${name}`);
    expect(asked()).toEqual([`${name}: hello`]);
  });

  it("asks the agent of a configured route, in another namespace too", async () => {
    const { ana, ops, sees, kagent, discord } = await tell({
      agents: [agent("net", undefined, { namespace: "mesh" })],
      env: () => ({ KAGENT_ROUTES: "mesh=mesh/net" }),
    });
    expect(ana.offers(ops)).toContain("/mesh");
    expect(ana.offers(ops)).not.toContain("/k8s");
    await ana.runs(ops, "/mesh", { prompt: "hello" });
    await sees(ops, "✅ done · net");
    expect(kagent.requests.find((one) => one.rpc)?.path).toBe("/api/a2a/mesh/net/");
    expect(discord.counts().invalid).toBe(0);
  });

  it("keeps a long question short in the channel and in the thread's name", async () => {
    const { ana, ops, thread, sees, asked } = await tell();
    const prompt = `${"Why? ".repeat(300)}\n# The end`;
    await ana.runs(ops, "/k8s", { prompt });
    const shown = await sees(ops, "✅ done");
    expect(shown.length).toBeLessThan(700);
    const place = await thread();
    expect([...place.name].length).toBeLessThanOrEqual(80);
    expect(place.name).not.toContain("\n");
    expect(asked()).toEqual([`k8s-agent: ${prompt}`]);
  });

  it("answers with the nearest names when the route's agent is not there", async () => {
    const { ana, ops, sees, asked, discord } = await tell({
      agents: [agent("istio-agents"), agent("k8s-agent")],
    });
    await ana.runs(ops, "/istio", { prompt: "hello" });
    const shown = await sees(ops, "There is no agent", ana);
    expect(shown).toContain("`istio-agents`");
    expect(shown).toContain("apply an Agent");
    expect(discord.threads(ops)).toEqual([]);
    expect(discord.transcript(ops)).not.toContain("There is no agent");
    expect(asked()).toEqual([]);
  });

  it("shows in the channel when the agent failed", async () => {
    const { ana, ops, sees } = await tell({
      agents: [
        agent("k8s-agent", function* () {
          yield { step: "fail", text: "model overloaded", code: "API_ERROR" };
        }),
      ],
    });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(ops, "❌ failed · k8s-agent");
  });

  it("is visible in Discord's time although kagent is silent", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((ready) => silent.listen(0, "127.0.0.1", ready));
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { ana, ops, sees, thread } = await tell({
      env: () => ({ KAGENT_BASE_URL: `http://127.0.0.1:${port}` }),
    });
    const { message, isEphemeral } = await (await ana.runs(ops, "/k8s", { prompt: "hello" })).response();
    expect(isEphemeral).toBe(false);
    expect(message?.content).toContain("⏳ working");
    expect((await thread()).name).toBe("hello");
    await sees(ops, "⏳ working");
  });

  it("says so in the channel when kagent cannot be reached", async () => {
    const { ana, ops, sees } = await tell({ env: () => ({ KAGENT_BASE_URL: "http://127.0.0.1:9" }) });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(ops, "❌ failed · k8s-agent");
  });
});
