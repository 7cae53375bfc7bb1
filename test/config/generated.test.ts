import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configSchema } from "../../src/cli/config.ts";
import { readConfig } from "../../src/config/read.ts";
import { envExample, fileTables, variableTable, withGenerated } from "./reference.ts";

const root = new URL("../../", import.meta.url);
const at = (path: string) => new URL(path, root);
const read = (path: string) => readFile(at(path), "utf8");

// After a change of the configuration, `npm run schema` writes these files anew.
describe("generated files", () => {
  it("has the published JSON Schema in step with the reader", async () => {
    await expect(configSchema().text).toMatchFileSnapshot("../../schema/config.schema.json");
  });

  it("has the tables of docs/configuration.md in step with the reader", async () => {
    const document = await read("docs/configuration.md");
    const expected = withGenerated(
      withGenerated(document, "variables", variableTable()),
      "file",
      fileTables(),
    );
    await expect(expected).toMatchFileSnapshot("../../docs/configuration.md");
  });

  it("has .env.example in step with the reader", async () => {
    await expect(envExample()).toMatchFileSnapshot("../../.env.example");
  });
});

describe("the sample configuration", () => {
  it("is accepted by the reader and by the published schema", async () => {
    const sample = await read("examples/config.yaml");
    const variables = {
      DISCORD_BOT_TOKEN: "token",
      CONFIG_FILE: "config.yaml",
      GRAFANA_TOKEN: "secret",
    };
    const config = readConfig(variables, () => sample);
    expect(config.routing.clusters.map((cluster) => cluster.name)).toEqual(["test", "prod"]);
    const validate = new Ajv({ strict: false }).compile(JSON.parse(await read("schema/config.schema.json")));
    expect(validate(parse(sample)), JSON.stringify(validate.errors)).toBe(true);
  });

  it("names the published schema for editors", async () => {
    expect(await read("examples/config.yaml")).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schema\/config\.schema\.json\n/,
    );
  });
});
