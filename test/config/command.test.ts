import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configCheck, configPrint } from "../../src/cli/config.ts";
import { MINIMUM, reading } from "./setting.ts";

describe("config check", () => {
  it("says what a sound configuration does", () => {
    expect(configCheck(MINIMUM, reading({}))).toEqual({
      text: "The configuration is sound.\nCommands: /k8s → k8s-agent, /istio → istio-agent, /security → security-agent\nClusters: default\nApprovals: no rule, so members with Manage Server decide\nAudit: data/audit, without a key\nTraces: off\n",
      exitCode: 0,
    });
  });

  it.each([
    [
      { APPROVER_ROLES: "112233445566778899", AUDIT_KEY: "k".repeat(32) },
      /1 rule; .*\nAudit: data\/audit, with a key/,
    ],
    [{ AUDIT_DIR: "off" }, /Audit: off\nTraces: off\n$/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" },
      /Traces: http:\/\/collector:4318\/v1\/traces\n$/,
    ],
    [
      {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector/own",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://elsewhere",
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true",
      },
      /Traces: http:\/\/collector\/own, with what people and agents say\n$/,
    ],
  ])("says who decides and what is recorded with %j", (variables, expected) => {
    expect(configCheck({ ...MINIMUM, ...variables }, reading({})).text).toMatch(expected);
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
      AUDIT_KEY: "MARKER-key-of-at-least-32-characters",
      CONFIG_FILE: "config.yaml",
    };
    const file = "kagent: { headers: { X-Plain: MARKER-plain } }";
    const { text, exitCode } = configPrint(variables, reading({ "config.yaml": file }));
    expect(exitCode).toBe(0);
    expect(text).not.toContain("MARKER");
    expect(parse(text)).toMatchObject({
      discord: { token: "***" },
      audit: { dir: "data/audit", key: "***", stdout: false },
      clusters: [{ headers: { authorization: "***", "cf-access-client-id": "***", "x-plain": "***" } }],
    });
  });
});
