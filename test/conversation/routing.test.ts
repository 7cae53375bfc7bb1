import { describe, expect, it } from "vitest";
import {
  agentRef,
  chooseAgent,
  commandFor,
  isReachable,
  type RoutingConfig,
} from "../../src/conversation/routing.ts";

const route = (command: string, agent: string) => ({
  command,
  agent,
  description: command,
  descriptions: {},
  examples: [],
});
const config: RoutingConfig = {
  namespace: "kagent",
  clusters: [
    { name: "dev", label: "Dev", production: false },
    { name: "prod", label: "Production", production: true },
  ],
  defaultCluster: "dev",
  routes: [route("k8s", "k8s-agent"), route("security", "sec/security-agent")],
  defaultAgent: "k8s-agent",
  bindings: [{ channelId: "mesh", agent: "istio-agent", cluster: "prod" }],
  rules: [
    { words: ["prod", "production"], cluster: "prod" },
    { words: ["/mtls|sidecar/"], agent: "istio-agent" },
  ],
};
const ask = (text: string, more: object = {}) => chooseAgent(config, { text, channelIds: ["ops"], ...more });

describe("choosing an agent", () => {
  it("asks the default agent on the default cluster", () => {
    expect(ask("why?")).toEqual({
      agent: { cluster: "dev", namespace: "kagent", name: "k8s-agent" },
      byWords: false,
      confirm: false,
    });
  });

  it("asks the agent and cluster that the channel is bound to", () => {
    expect(ask("why?", { channelIds: ["thread", "mesh"] }).agent).toEqual({
      cluster: "prod",
      namespace: "kagent",
      name: "istio-agent",
    });
  });

  it("takes a cluster from whole words only, and asks for a confirmation when it is production", () => {
    expect(ask("restart checkout on prod!")).toMatchObject({ agent: { cluster: "prod" }, confirm: true });
    expect(ask("what is a product?")).toMatchObject({ agent: { cluster: "dev" }, confirm: false });
  });

  it("needs no confirmation when an option names production", () => {
    expect(ask("on prod", { cluster: "prod" })).toMatchObject({ byWords: false, confirm: false });
  });

  it("needs no second confirmation in a conversation that is on production already", () => {
    const current = { cluster: "prod", namespace: "kagent", name: "k8s-agent" };
    expect(ask("and prod again", { current })).toMatchObject({ agent: current, confirm: false });
  });

  it("lets a pattern in the words choose the agent of a new conversation, not of a running one", () => {
    expect(ask("is mTLS on?").agent.name).toBe("istio-agent");
    const current = { cluster: "dev", namespace: "kagent", name: "k8s-agent" };
    expect(ask("is mTLS on?", { current }).agent).toEqual(current);
  });

  it("keeps a namespace that a route names", () => {
    expect(ask("x", { agent: "sec/security-agent" }).agent.namespace).toBe("sec");
  });

  it("refuses a cluster that nobody configured, naming the known ones", () => {
    expect(() => ask("x", { cluster: "stage" })).toThrow(/dev, prod/);
  });
});

describe("agents by pattern", () => {
  const patterned = { ...config, agentPattern: "{agent}-{cluster}" };

  it("puts the cluster into every agent's name, once", () => {
    expect(agentRef(patterned, "istio-agent", "prod").name).toBe("istio-agent-prod");
    expect(agentRef(patterned, "istio-agent-prod", "prod").name).toBe("istio-agent-prod");
  });

  it("moves a conversation's agent to another cluster", () => {
    const current = agentRef(patterned, "k8s-agent", "dev");
    expect(chooseAgent(patterned, { text: "", channelIds: [], current, cluster: "prod" }).agent.name).toBe(
      "k8s-agent-prod",
    );
  });

  it("applies a pattern that spells one agent to that agent alone", () => {
    const one = { ...config, agentPattern: "k8s-agent-{cluster}" };
    expect(agentRef(one, "k8s-agent", "prod").name).toBe("k8s-agent-prod");
    expect(agentRef(one, "istio-agent", "prod").name).toBe("istio-agent");
  });

  it.each(["{agent}-{cluster}", "k8s-agent-{cluster}"])(
    "leaves with %s no way into a cluster but its own",
    (agentPattern) => {
      const guarded = { ...config, agentPattern };
      const named = chooseAgent(guarded, { text: "", channelIds: [], agent: "k8s-agent-prod" }).agent;
      expect(named).toEqual({ cluster: "prod", namespace: "kagent", name: "k8s-agent-prod" });
      const forced = { text: "", channelIds: [], agent: "k8s-agent-prod", cluster: "dev" };
      expect(chooseAgent(guarded, forced).agent.name).toBe("k8s-agent-dev");
      expect(isReachable(guarded, { ...named, cluster: "dev" })).toBe(false);
      expect(isReachable(guarded, named)).toBe(true);
    },
  );

  it("finds the command that reaches a patterned agent", () => {
    expect(commandFor(patterned, agentRef(patterned, "k8s-agent", "prod"))).toBe("k8s");
    expect(commandFor(patterned, agentRef(patterned, "other", "prod"))).toBeUndefined();
  });
});
