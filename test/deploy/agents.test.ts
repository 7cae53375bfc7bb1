import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DEFAULT_ROUTES } from "../../src/config/default-routes.ts";
import { filesBelow, read } from "../pages.ts";
import { type Manifest, manifestsOf } from "./chart.ts";

/** What kagent's tool server can only read with. Everything else changes something, or starts something. */
const READING =
  /^(k8s_(get|describe)_\w+|helm_(list_releases|get_release)|istio_(version|proxy_status|proxy_config|analyze_cluster_configuration|list_waypoints|waypoint_status|ztunnel_config|remote_clusters|generate_manifest|generate_waypoint)|kubescape_(check_health|(list|get)_\w+)|datetime_get_current_time)$/;

interface McpServer {
  readonly name: string;
  readonly toolNames: readonly string[];
  readonly requireApproval?: readonly string[];
}

const files = filesBelow("deploy/agents", ".yaml").filter((path) => !path.endsWith("kustomization.yaml"));
const agents = files.flatMap((path) => manifestsOf(read(path))).filter(({ kind }) => kind === "Agent");
const nameOf = (agent: Manifest): string => Object(agent.metadata).name;
const toolsOf = (agent: Manifest): readonly { mcpServer?: McpServer; agent?: { name: string } }[] =>
  Object(agent.spec).declarative.tools;
const serversOf = (agent: Manifest) => toolsOf(agent).flatMap(({ mcpServer }) => mcpServer ?? []);

describe("the agents to start with", () => {
  it("are those that the bot's default routes ask", () => {
    const { resources } = parse(read("deploy/agents/kustomization.yaml"));
    const routed = DEFAULT_ROUTES.map(({ agent }) => agent);
    expect(resources).toEqual(routed.map((name) => `${name}.yaml`));
    expect(agents.map(nameOf)).toEqual(expect.arrayContaining([...routed]));
  });

  it.each(agents.map((agent) => [nameOf(agent), agent] as const))(
    "%s lets a person decide about everything that changes something",
    (_, agent) => {
      for (const { toolNames, requireApproval = [] } of serversOf(agent)) {
        const changing = toolNames.filter((name) => !READING.test(name));
        expect(requireApproval).toEqual(changing);
        expect(new Set(toolNames).size).toBe(toolNames.length);
      }
    },
  );

  it("offer no shell, and say so where people look", () => {
    const offered = agents.flatMap(serversOf).flatMap(({ toolNames }) => toolNames);
    expect(offered.filter((name) => /shell|execute|uninstall/.test(name))).toEqual([]);
    expect(read("deploy/agents/README.md")).toContain("left out on purpose");
  });

  it("ask only sub-agents that are here", () => {
    const asked = agents.flatMap(toolsOf).flatMap(({ agent }) => agent?.name ?? []);
    expect(asked).toEqual(["k8s-agent"]);
    expect(agents.map(nameOf)).toContain("k8s-agent");
  });
});
