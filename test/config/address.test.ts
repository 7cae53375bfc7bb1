import { describe, expect, it } from "vitest";
import { configOf, mistakes } from "./setting.ts";

describe("Discord's address", () => {
  it.each([
    "http://127.0.0.1:3000/api",
    "http://localhost:3000/api/",
    "http://[::1]:3000/api",
    "https://proxy.example/api",
  ])("may be %s", (url) => {
    expect(configOf({ DISCORD_API_URL: url }).discord.apiUrl).toBe(url.replace(/\/$/, ""));
  });

  it.each(["http://discord.example/api", "http://localhost.example/api", "http://127.0.0.1.example/api"])(
    "may not be %s, where the token could be read on the way, unless that is switched on",
    (url) => {
      expect(mistakes({ DISCORD_API_URL: url })).toEqual([
        expect.stringContaining("DISCORD_API_ALLOW_HTTP=true"),
      ]);
      expect(configOf({ DISCORD_API_URL: url, DISCORD_API_ALLOW_HTTP: "true" }).discord.apiUrl).toBe(url);
    },
  );
});

describe("the address of one agent", () => {
  const only = (url: string, more = {}) => ({ KAGENT_BASE_URL: undefined, KAGENT_A2A_URL: url, ...more });

  it.each([
    ["http://k:8083/api/a2a/kagent/k8s-agent/", "kagent", "k8s-agent", "k8s"],
    ["http://k:8083/api/a2a/ops/helm-agent", "ops", "helm-agent", "helm"],
    ["https://agents.example/travel", "kagent", "travel", "travel"],
    ["http://k8s-agent.kagent:8080/", "kagent", "agent", "agent"],
    ["https://agents.example/My%20Agent", "kagent", "agent", "agent"],
    ["https://agents.example/stop-agent", "kagent", "stop-agent", "agent"],
  ])("%s: the agent answers mentions and gets a command named after it", (url, namespace, name, command) => {
    const config = configOf(only(url));
    expect(config.clusters).toEqual([
      { name: "default", agentUrl: url, agent: { namespace, name }, headers: {}, protocol: "auto" },
    ]);
    expect(config.routing).toMatchObject({
      namespace,
      defaultAgent: name,
      routes: [{ command, agent: name }],
    });
  });

  it("excludes a controller's address, several clusters and routes to other agents", () => {
    const url = "http://k/api/a2a/kagent/k8s-agent/";
    expect(mistakes({ KAGENT_A2A_URL: url })).toEqual([
      expect.stringContaining("KAGENT_A2A_URL: Set only one"),
    ]);
    expect(mistakes(only(url, { KAGENT_CLUSTERS: "a,b" }))).toEqual([
      expect.stringContaining("one agent; several clusters"),
    ]);
    expect(mistakes(only(url, { KAGENT_ROUTES: "x=k8s-agent,y=other" }))).toEqual([
      expect.stringContaining("KAGENT_ROUTES: KAGENT_A2A_URL reaches only k8s-agent, not other."),
    ]);
  });
});
