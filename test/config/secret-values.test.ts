import { expect, it } from "vitest";
import { secretValues } from "../../src/config/secret-values.ts";

const files: Readonly<Record<string, string>> = { "/run/token": "from-a-file\n" };
const read = (path: string) => {
  const text = files[path];
  if (text === undefined) throw new Error("no such file");
  return text;
};

it("finds secrets in the environment under their names, under misspelt ones and in files", () => {
  const found = secretValues(
    {
      DISCORD_BOT_TOKEN: " bot-token ",
      DISCORD_BOT_TOKN: "misspelt-token",
      KAGENT_EU_WEST_TOKEN: "cluster-token",
      KAGENT_TOKEN_FILE: "/run/token",
      AUDIT_KEY: "key",
      CF_ACCESS_CLIENT_SECRET: "access",
      HTTPS_PROXY: "http://bot:pass@proxy:3128",
      OTEL_EXPORTER_OTLP_HEADERS: "x-key=one,authorization=Bearer two",
    },
    read,
  );
  const wanted = ["bot-token", "misspelt-token", "cluster-token", "from-a-file", "key", "access"];
  expect(found).toEqual(expect.arrayContaining([...wanted, "pass", "one", "two"]));
});

it("leaves alone what is no secret, or nothing of ours", () => {
  const variables = {
    KAGENT_BASE_URL: "http://kagent:8083",
    STORE_URL: "memory:",
    AUDIT_DIR: "data/audit",
    LOG_LEVEL: "info",
    GITHUB_TOKEN: "of another program",
    KAGENT_TOKEN: "",
    DISCORD_BOT_TOKEN_FILE: "/not/there",
  };
  expect(secretValues(variables, read)).toEqual([]);
});
