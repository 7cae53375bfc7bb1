import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { configOf } from "./setting.ts";

const guide = await readFile(new URL("../../docs/approvals.md", import.meta.url), "utf8");
const blocks = [...guide.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(([, indent = "", yaml = ""]) =>
  yaml.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
);

const agent = z.object({
  apiVersion: z.literal("kagent.dev/v1alpha2"),
  kind: z.literal("Agent"),
  spec: z.object({
    declarative: z.object({
      tools: z.array(
        z.object({
          mcpServer: z
            .object({ toolNames: z.array(z.string()).max(50), requireApproval: z.array(z.string()).max(50) })
            .optional(),
        }),
      ),
    }),
  }),
});

describe("the guide to approvals", () => {
  it("has examples that the reader of the configuration accepts", () => {
    const examples = blocks.filter((yaml) => yaml.startsWith("approvals:"));
    expect(examples.length).toBe(4);
    const rules = examples.map((yaml) => configOf({}, yaml).approvals.rules);
    expect(rules.map((all) => all.length)).toEqual([4, 2, 1, 0]);
  });

  it("has agents that ask for approval only of tools that they have", () => {
    const agents = blocks
      .filter((yaml) => yaml.startsWith("apiVersion:"))
      .map((yaml) => agent.parse(parse(yaml)));
    expect(agents.length).toBe(3);
    for (const { mcpServer } of agents.flatMap(({ spec }) => spec.declarative.tools)) {
      if (!mcpServer) continue;
      expect(mcpServer.toolNames).toEqual(expect.arrayContaining(mcpServer.requireApproval));
    }
  });
});
