import { describe, expect, it } from "vitest";
import { configCheck } from "../../src/cli/config.ts";
import { misspeltVariables } from "../../src/config/unknown-variables.ts";
import { VARIABLES } from "../../src/config/variables.ts";
import { MINIMUM, reading } from "./setting.ts";

const hints = (...names: readonly string[]) =>
  misspeltVariables({
    KAGENT_CLUSTERS: "eu-west",
    ...Object.fromEntries(names.map((name) => [name, "x"])),
  });

describe("variables that nothing reads", () => {
  it.each([
    ["KAGENT_BASEURL", "KAGENT_BASE_URL"],
    ["DISCORD_GUILD_ID", "DISCORD_GUILD_IDS"],
    ["DISCORD_TOKEN", "DISCORD_BOT_TOKEN"],
    ["KAGENT_TOKEN_FIL", "KAGENT_TOKEN_FILE"],
    ["KAGENT_EU_WEST_BASEURL", "KAGENT_EU_WEST_BASE_URL"],
    ["APPROVER_ROLE", "APPROVER_ROLES"],
  ])("are named with what was probably meant: %s", (typed, meant) => {
    expect(hints(typed)).toEqual([`${typed}: Nothing reads this variable. Did you mean ${meant}?`]);
  });

  it("stay unmentioned where they are read, another cluster's, Kubernetes' own, like nothing, or empty", () => {
    const read = VARIABLES.map(({ name }) => name.replace("<CLUSTER>", "EU_WEST"));
    const kubernetes = [
      "KAGENT_PORT",
      "KAGENT_PORT_8083_TCP",
      "KAGENT_PORT_8083_TCP_ADDR",
      "KAGENT_SERVICE_HOST",
      "KAGENT_SERVICE_PORT_HTTP",
      "KAGENT_CONTROLLER_SERVICE_HOST",
      "DISCORD_PORT",
    ];
    const others = ["KAGENT_PROD_BASE_URL", "KAGENT_PROD_TOKEN_FILE", "DISCORD_SOMETHING_ELSE", "LOGNAME"];
    expect(hints(...read, "KAGENT_TOKEN_FILE", ...kubernetes, ...others)).toEqual([]);
    expect(misspeltVariables({ KAGENT_BASEURL: "" })).toEqual([]);
  });

  it("do not make a sound configuration fail, and are said beside the mistakes of another", () => {
    const sound = configCheck({ ...MINIMUM, DISCORD_GUILD_ID: "1" }, reading({}));
    expect(sound.exitCode).toBe(0);
    expect(sound.text).toMatch(/^The configuration is sound\.[\s\S]*\nDISCORD_GUILD_ID: .*GUILD_IDS\?\n$/);
    const { DISCORD_BOT_TOKEN } = MINIMUM;
    const broken = configCheck({ DISCORD_BOT_TOKEN, KAGENT_BASEURL: "http://kagent:8083" }, reading({}));
    expect(broken.exitCode).toBe(1);
    expect(broken.text).toMatch(/KAGENT_BASE_URL: Set it [\s\S]*\nKAGENT_BASEURL: .*KAGENT_BASE_URL\?\n$/);
  });
});
