import { describe, expect, it } from "vitest";
import { lookAtAgents } from "../../../src/a2a/doctor/agents.ts";
import { lookAtDialect } from "../../../src/a2a/doctor/dialect.ts";
import { readAgentSpecs } from "../../../src/a2a/kagent/agent-spec.ts";
import { CHANGING_TOOLS } from "../../../src/a2a/kagent/changing-tools.ts";

const listed = (name: string, spec: object, tools: unknown = []) => ({
  agent: { kind: "Agent", metadata: { namespace: "kagent", name }, spec: { declarative: spec } },
  tools,
  accepted: true,
  deploymentReady: true,
});
const server = (toolNames?: readonly string[], requireApproval?: readonly string[]) => ({
  type: "McpServer",
  mcpServer: { name: "kagent-tool-server", toolNames, requireApproval },
});
const said = (version: string, configured: "auto" | "0.3" | "1.0", runtime: string) =>
  lookAtDialect(
    "kagent",
    configured,
    version,
    readAgentSpecs({ data: [listed("k8s-agent", { runtime })] }),
  ).map(({ level, sentence }) => `${level}: ${sentence}`);

describe("a kagent's version", () => {
  it.each([
    ["0.9.12", "auto", "ok: A2A 0.3."],
    ["0.9.6", "1.0", "problem: A2A 1.0 is configured, and this kagent speaks 0.3."],
    ["v0.9.7", "1.0", "ok: A2A 1.0."],
    ["", "auto", "ok: A2A 1.0."],
    ["1.0.0", "0.3", "problem: A2A 0.3 is configured, and this kagent speaks 1.0."],
    ["0.10.0-rc3", "auto", "ok: A2A 0.3."],
    ["dev", "auto", "ok: A2A 0.3."],
  ] as const)("%j with protocol %s: %s", (version, configured, expected) => {
    expect(said(version, configured, "go")[0]).toBe(expected);
  });

  it.each([
    ["0.7.19", "python", "warning: This kagent has no approvals."],
    ["0.8.2", "go", "warning: Go agents of this kagent have no approvals."],
    ["0.8.2", "python", "ok: Approvals travel as confirmations (adk_request_confirmation)."],
    [
      "0.10.0",
      "python",
      "problem: Python agents of kagent 0.10.0 cannot resume after an approval: kagent/k8s-agent.",
    ],
    ["0.10.0", "go", "ok: Approvals travel as confirmations (adk_request_confirmation)."],
    ["0.10.4", "python", "ok: Approvals travel as confirmations (adk_request_confirmation)."],
    ["", "go", "ok: Approvals travel by the extension hitl/v1."],
  ])("%j with a %s agent: %3$s", (version, runtime, expected) => {
    expect(said(version, "auto", runtime)[1]).toBe(expected);
  });
});

describe("an agent's tools", () => {
  const tools = (...servers: readonly object[]) =>
    lookAtAgents("kagent", readAgentSpecs({ data: [listed("k8s-agent", {}, servers)] }), false)
      .filter(({ check }) => check === "kagent: tools")
      .map(({ level, sentence }) => `${level}: ${sentence}`);

  it("are named where they change something and wait for nobody", () => {
    expect(tools(server(["k8s_scale", "k8s_get_events", "shell"], ["k8s_scale"]))).toEqual([
      "warning: kagent/k8s-agent changes things without asking anybody: shell.",
    ]);
    expect(tools(server(["k8s_get_events"]), server(["k8s_scale"], ["k8s_scale"]))).toEqual([
      "ok: Every tool that is known to change something waits for an approval.",
    ]);
  });

  it("may be all of a server where none is named", () => {
    expect(tools(server())).toEqual([
      "warning: kagent/k8s-agent names no tools of kagent-tool-server, so it may get all of them.",
    ]);
  });

  it("are judged by a list without reading tools in it", () => {
    const reading = [...CHANGING_TOOLS].filter((name) =>
      /_(get|list|describe|show|display|query)(_|$)/.test(name),
    );
    expect(reading).toEqual([]);
    expect(CHANGING_TOOLS.size).toBe(46);
  });

  it("are read from whatever the controller sends", () => {
    for (const value of [undefined, null, [], { data: null }, { data: [1, {}, { agent: {} }] }])
      expect(readAgentSpecs(value)).toEqual([]);
    const odd = listed("odd", { runtime: 7 }, [
      { mcpServer: { toolNames: "shell", requireApproval: [1] } },
      null,
    ]);
    expect(readAgentSpecs({ data: [odd] })).toMatchObject([{ name: "odd", ungated: [] }]);
  });
});
