import { describe, expect, it } from "vitest";
import { readVerificationConfig } from "../../src/config/audit.ts";
import { configOf, mistakes, reading } from "./setting.ts";

const KEY = "MARKER-key-of-at-least-32-characters";

describe("the audit trail's configuration", () => {
  it("is read from the environment, which counts before the file", () => {
    const yaml = "audit: { dir: file, stdout: true, arguments: true, maxFileMb: 1 }";
    expect(configOf({}, yaml).audit).toEqual({
      dir: "file",
      stdout: true,
      args: true,
      maxFileBytes: 1_048_576,
    });
    const variables = {
      AUDIT_DIR: "/var/audit",
      AUDIT_KEY_FILE: "/run/key",
      AUDIT_STDOUT: "false",
      AUDIT_ARGUMENTS: "no",
    };
    expect(configOf(variables, yaml, { "/run/key": `${KEY}\n` }).audit).toEqual({
      dir: "/var/audit",
      key: KEY,
      stdout: false,
      args: false,
      maxFileBytes: 1_048_576,
    });
  });

  it("can be switched off", () => {
    expect(configOf({ AUDIT_DIR: "off" }).audit.dir).toBeUndefined();
    expect(configOf({}, "audit: { dir: 'off' }").audit.dir).toBeUndefined();
  });

  it.each([
    [{ AUDIT_KEY: "MARKER-short" }, "AUDIT_KEY: A key is at least 32 characters without blanks"],
    [{ AUDIT_KEY: `${KEY} and blanks` }, "AUDIT_KEY: A key is at least 32 characters without blanks"],
    [{ AUDIT_DIR: "off", AUDIT_STDOUT: "true" }, "AUDIT_STDOUT: It copies the records of the audit files"],
  ])("says in one sentence what is wrong with %j", (variables, sentence) => {
    const found = mistakes(variables);
    expect(found).toEqual([expect.stringContaining(sentence)]);
    expect(found.join()).not.toContain("MARKER");
  });
});

describe("what a verification needs", () => {
  it("is the key and the directory, without anything of Discord or kagent", () => {
    const files = { "config.yaml": "audit: { dir: trail }\nkagnet: {}", "/run/key": KEY };
    const variables = { AUDIT_KEY_FILE: "/run/key", CONFIG_FILE: "config.yaml", STORE_URL: "memory:" };
    expect(readVerificationConfig(variables, reading(files))).toEqual({
      dir: "trail",
      key: KEY,
      storeUrl: "memory:",
      problems: [],
    });
    expect(readVerificationConfig({}, reading({}))).toEqual({ dir: "data/audit", problems: [] });
    expect(readVerificationConfig({ AUDIT_DIR: "off" }, reading({}))).toEqual({ problems: [] });
  });

  it("has mistakes of its own", () => {
    const variables = { AUDIT_KEY_FILE: "/run/none", CONFIG_FILE: "none.yaml" };
    expect(readVerificationConfig(variables, reading({})).problems.map((problem) => problem.path)).toEqual([
      "AUDIT_KEY_FILE",
      "CONFIG_FILE",
    ]);
  });
});

describe("the catch-up", () => {
  it("is read from the file", () => {
    expect(configOf({}, "catchUp: { mode: run, windowMinutes: 5 }").catchUp).toEqual({
      mode: "run",
      windowMs: 300_000,
    });
    expect(mistakes({}, "catchUp: { mode: lst, windowMinutes: 0 }")).toEqual([
      "1:18 catchUp.mode: Must be one of list, run, off. Did you mean “list”?",
      "1:38 catchUp.windowMinutes: Must be at least 1.",
    ]);
  });
});
