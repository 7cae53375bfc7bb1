import { describe, expect, it } from "vitest";
import { agent, closedGate, heldAt, tell } from "./story.ts";

const env = () => ({
  KAGENT_CLUSTERS: "test,dev,prod",
  KAGENT_AGENT_PATTERN: "{agent}-{cluster}",
  KAGENT_PRODUCTION_CLUSTERS: "prod",
});
const agents = ["k8s-agent-test", "k8s-agent-dev", "k8s-agent-prod"].map((name) => agent(name));

describe("a cluster named in the question's words", () => {
  it("is chosen, and the reply names it before anything runs", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, asked } = await tell({
      env,
      agents: [agent("k8s-agent-test"), agent("k8s-agent-dev", heldAt(gate)), agent("k8s-agent-prod")],
    });
    await ana.says(ops, "@bot why is checkout failing on dev?");
    const place = await thread();
    const shown = await sees(place, "Looking.");
    expect(shown.indexOf("→ asking k8s-agent-dev on dev")).toBeGreaterThan(-1);
    expect(shown.indexOf("→ asking")).toBeLessThan(shown.indexOf("Looking."));
    gate.open();
    await sees(place, "All is well.");
    expect(asked()).toEqual(["k8s-agent-dev: why is checkout failing on dev?"]);
  });

  it("follows the configured rules", async () => {
    const { ana, ops, sees, asked } = await tell({
      env,
      agents,
      yaml: () => "rules:\n  - words: [staging]\n    cluster: dev\n",
    });
    await ana.runs(ops, "/k8s", { prompt: "is Staging up?" });
    await sees(ops, "✅ done · k8s-agent-dev on dev");
    expect(asked()).toEqual(["k8s-agent-dev: is Staging up?"]);
  });

  it("that is a production cluster is asked only after the asker confirmed it, exactly once", async () => {
    const { ana, ops, thread, sees, asked, message, discord } = await tell({ env, agents });
    const ben = discord.createPerson({ name: "ben" });
    await ana.says(ops, "@bot restart checkout on prod");
    const question = await message(ops, "production cluster");
    expect(asked()).toEqual([]);
    expect(discord.threads(ops)).toEqual([]);
    await (await ben.clicks(question, "Ask on prod")).response();
    await sees(ops, "Only the person who asked can answer this.", ben);
    expect(asked()).toEqual([]);
    const clicks = [await ana.clicks(question, "Ask on prod"), await ana.clicks(question, "Ask on prod")];
    await Promise.all(clicks.map((click) => click.response()));
    await sees(await thread(), "k8s-agent-prod heard: restart checkout on prod");
    expect(await sees(ops, "Confirmed")).toContain("prod");
    expect(asked()).toEqual(["k8s-agent-prod: restart checkout on prod"]);
    expect(discord.threads(ops)).toHaveLength(1);
  });

  it("is not asked when the asker declines", async () => {
    const { ana, ops, sees, asked, message, discord } = await tell({ env, agents });
    await ana.says(ops, "@bot restart checkout on prod");
    await ana.clicks(await message(ops, "production cluster"), "Do not ask");
    await sees(ops, "Not asked.");
    expect(asked()).toEqual([]);
    expect(discord.threads(ops)).toEqual([]);
  });

  it("needs the same confirmation for a slash command, seen by the asker alone", async () => {
    const { ana, ops, sees, asked } = await tell({ env, agents });
    const used = await ana.runs(ops, "/k8s", { prompt: "restart checkout on prod" });
    const { message, isEphemeral } = await used.response();
    expect(isEphemeral).toBe(true);
    expect(asked()).toEqual([]);
    if (!message) throw new Error("no question");
    await ana.clicks(message, "Ask on prod");
    await sees(ops, /✅ done · k8s-agent-prod on prod ⚠️ production · asked by ana/);
    expect(asked()).toEqual(["k8s-agent-prod: restart checkout on prod"]);
  });

  it("needs no confirmation when the option names it", async () => {
    const { ana, ops, sees } = await tell({ env, agents });
    await ana.runs(ops, "/k8s", { prompt: "restart checkout", cluster: "prod" });
    await sees(ops, "✅ done · k8s-agent-prod on prod");
  });

  it("goes on in the thread without being named or confirmed again", async () => {
    const { ana, ops, thread, sees, asked } = await tell({ env, agents });
    await ana.runs(ops, "/k8s", { prompt: "restart checkout", cluster: "prod" });
    await sees(ops, "✅ done");
    const place = await thread();
    await ana.says(place, "and now on prod again");
    await sees(place, "k8s-agent-prod heard: and now on prod again");
    await ana.says(place, "and on dev?");
    const shown = await sees(place, "k8s-agent-dev heard: and on dev?");
    expect(shown).toContain("→ asking k8s-agent-dev on dev, no longer k8s-agent-prod on prod");
    expect(asked()).toHaveLength(3);
  });
});
