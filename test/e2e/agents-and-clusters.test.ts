import { describe, expect, it } from "vitest";
import { agent, tell } from "./story.ts";

const clusters = () => ({ KAGENT_CLUSTERS: "test,prod", KAGENT_AGENT_PATTERN: "{agent}-{cluster}" });
const agents = ["k8s-agent-test", "k8s-agent-prod", "istio-agent-test"].map((name) => agent(name));

describe("choosing an agent and a cluster", () => {
  it("offers no cluster option where there is one cluster", async () => {
    const { ana, ops } = await tell();
    await expect(ana.runs(ops, "/k8s", { prompt: "hi", cluster: "x" })).rejects.toThrow("no option");
  });

  it("completes the cluster and asks the agent of that cluster", async () => {
    const { ana, ops, sees, asked, discord } = await tell({ agents, env: clusters });
    expect(await ana.completes(ops, "/k8s", "cluster", "")).toEqual([
      { name: "prod", value: "prod" },
      { name: "test", value: "test" },
    ]);
    expect(await ana.completes(ops, "/k8s", "cluster", "pr")).toEqual([{ name: "prod", value: "prod" }]);
    await ana.runs(ops, "/k8s", { prompt: "hello", cluster: "prod" });
    await sees(ops, "✅ done · k8s-agent-prod on prod");
    await ana.runs(ops, "/k8s", { prompt: "again" });
    await sees(ops, "✅ done · k8s-agent-test on test");
    expect(asked()).toEqual(["k8s-agent-prod: hello", "k8s-agent-test: again"]);
    expect(discord.threads(ops)).toHaveLength(2);
  });

  it("refuses a cluster that nobody configured, and names those there are", async () => {
    const { ana, ops, sees, asked } = await tell({ agents, env: clusters });
    await ana.runs(ops, "/k8s", { prompt: "hello", cluster: "moon" });
    expect(await sees(ops, "“moon”", ana)).toContain("test, prod");
    expect(asked()).toEqual([]);
  });

  it("asks one kagent per cluster where each has its own address", async () => {
    const { ana, ops, sees, kagent } = await tell({
      agents: [agent("k8s-agent")],
      env: () => ({ KAGENT_CLUSTERS: "here,there", KAGENT_THERE_BASE_URL: "http://127.0.0.1:9" }),
    });
    await ana.runs(ops, "/k8s", { prompt: "one", cluster: "here" });
    await sees(ops, "✅ done · k8s-agent on here");
    await ana.runs(ops, "/k8s", { prompt: "two", cluster: "there" });
    await sees(ops, "❌ failed · k8s-agent on there");
    expect(kagent.runs()).toHaveLength(1);
  });

  it("completes /ask with what the controller has, and asks it", async () => {
    const { ana, ops, sees, asked } = await tell({
      agents: [agent("k8s-agent"), agent("helm-agent"), agent("prom", undefined, { namespace: "obs" })],
    });
    await sees(ops, "#ops");
    const names = (await ana.completes(ops, "/ask", "agent", "", { prompt: "x" })).map((one) => one.value);
    expect(names).toEqual(["helm-agent", "k8s-agent", "obs/prom"]);
    expect(await ana.completes(ops, "/ask", "agent", "PRO")).toEqual([
      { name: "obs/prom", value: "obs/prom" },
    ]);
    await ana.runs(ops, "/ask", { prompt: "hello", agent: "obs/prom" });
    await sees(ops, "✅ done · prom");
    await ana.runs(ops, "/ask", { prompt: "hello" });
    await sees(ops, "✅ done · k8s-agent");
    expect(asked()).toEqual(["prom: hello", "k8s-agent: hello"]);
  });

  it("offers and lists only what the person may use", async () => {
    let sre = "";
    const { ana, guild, discord, ops, sees, asked } = await tell({
      agents,
      env: clusters,
      furnish: (_discord, home) => {
        sre = home.createRole({ name: "sre" }).id;
      },
      yaml: () => `access:\n  rules:\n    - clusters: [prod]\n      roleIds: ["${sre}"]\n`,
    });
    const role = guild.guild.roles.get(sre);
    const ben = discord.createPerson({ name: "ben", roles: role ? [role] : [] });
    const offered = async (who: typeof ana) =>
      (await who.completes(ops, "/ask", "agent", "k8s")).map((one) => one.value);
    expect(await offered(ben)).toEqual(["k8s-agent-prod", "k8s-agent-test"]);
    expect(await offered(ana)).toEqual(["k8s-agent-test"]);
    expect(await ana.completes(ops, "/k8s", "cluster", "")).toEqual([{ name: "test", value: "test" }]);
    await ana.runs(ops, "/agents");
    const list = await sees(ops, "k8s-agent-test", ana);
    expect(list).not.toContain("k8s-agent-prod");
    await ana.runs(ops, "/k8s", { prompt: "restart it", cluster: "prod" });
    expect(await sees(ops, "Only members of @sre may ask", ana)).toContain("on prod");
    expect(discord.threads(ops)).toEqual([]);
    await ben.runs(ops, "/k8s", { prompt: "restart it", cluster: "prod" });
    await sees(ops, "✅ done · k8s-agent-prod on prod");
    expect(asked()).toEqual(["k8s-agent-prod: restart it"]);
  });
});
