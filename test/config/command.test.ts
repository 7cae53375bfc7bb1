import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configCheck, configPrint } from "../../src/cli/config.ts";
import { MINIMUM, reading } from "./setting.ts";

describe("config check", () => {
  it("says what a sound configuration does", () => {
    expect(configCheck(MINIMUM, reading({}))).toEqual({
      text: "The configuration is sound.\nCommands: /k8s → k8s-agent, /istio → istio-agent, /security → security-agent\nClusters: default\n",
      exitCode: 0,
    });
  });

  it("fails with every mistake", () => {
    const { text, exitCode } = configCheck({ LOG_LEVEL: "loud" }, reading({}));
    expect(exitCode).toBe(1);
    expect(text).toMatch(
      /^The configuration has 3 mistakes:\n {2}DISCORD_BOT_TOKEN: .*\n {2}KAGENT_BASE_URL: .*\n {2}LOG_LEVEL: .*\n$/,
    );
  });
});

describe("config print", () => {
  it("shows what is in effect as YAML, without any secret", () => {
    const variables = {
      ...MINIMUM,
      KAGENT_TOKEN: "MARKER-kagent",
      CF_ACCESS_CLIENT_ID: "MARKER-id",
      CF_ACCESS_CLIENT_SECRET: "MARKER-secret",
      CONFIG_FILE: "config.yaml",
    };
    const file = "kagent: { headers: { X-Plain: MARKER-plain } }";
    const { text, exitCode } = configPrint(variables, reading({ "config.yaml": file }));
    expect(exitCode).toBe(0);
    expect(text).not.toContain("MARKER");
    expect(parse(text)).toMatchObject({
      discord: { token: "***" },
      clusters: [{ headers: { authorization: "***", "cf-access-client-id": "***", "x-plain": "***" } }],
    });
  });
});
