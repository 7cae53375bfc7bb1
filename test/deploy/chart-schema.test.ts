import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withGenerated } from "../config/reference.ts";
import { needsProgram } from "../needs.ts";
import { filesBelow, read } from "../pages.ts";
import { CHART, outputOf, VALUES } from "./chart.ts";
import { merged } from "./merged.ts";
import { configForHelm, documentedValues, valuesSchema } from "./values-schema.ts";

const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(valuesSchema()));

const withDefaults = (yaml: string) => merged(parse(read(VALUES)), parse(yaml));

/** Values that must be refused, each with the path that the refusal names. */
const REFUSED: readonly (readonly [what: string, yaml: string, path: string])[] = [
  ["a key that does not exist", "replicaCount: 2", ""],
  ["a misspelt key below another", "image: { tga: v1 }", "/image"],
  ["a key that the bot's configuration does not have", "config: { kagent: { url: x } }", "/config/kagent"],
  ["another version of the configuration", "config: { apiVersion: v2 }", "/config/apiVersion"],
  [
    "an id as a number",
    "config: { access: { guildIds: [112233445566778899] } }",
    "/config/access/guildIds/0",
  ],
  ["a token in an environment variable", "env: { DISCORD_BOT_TOKEN: t }", "/env"],
  ["a cluster's token there", "env: { KAGENT_PROD_TOKEN: t }", "/env"],
  ["credentials of a collector there", "env: { OTEL_EXPORTER_OTLP_HEADERS: t }", "/env"],
  ["a variable that the chart sets", "env: { STORE_URL: 'memory:' }", "/env"],
  ["a variable that is no string", "env: { DISCORD_MENTION_ONLY: true }", "/env/DISCORD_MENTION_ONLY"],
  ["a Secret without the bot's token", "secret: { keys: { DISCORD_BOT_TOKEN: null } }", "/secret/keys"],
  [
    "a volume that many pods write",
    "persistence: { accessModes: [ReadWriteMany] }",
    "/persistence/accessModes/0",
  ],
  ["a level that does not exist", "logLevel: trace", "/logLevel"],
  ["a tag with a digest in it", "image: { tag: 'v1@sha256:0' }", "/image/tag"],
  ["a privileged port", "http: { port: 80 }", "/http/port"],
  [
    "a grace period shorter than a stop",
    "terminationGracePeriodSeconds: 10",
    "/terminationGracePeriodSeconds",
  ],
  [
    "a budget that blocks every drain",
    "podDisruptionBudget: { maxUnavailable: 0 }",
    "/podDisruptionBudget/maxUnavailable",
  ],
  [
    "an address that is no range",
    "networkPolicy: { discord: { except: [10.0.0.0] } }",
    "/networkPolicy/discord/except/0",
  ],
];

// After a change of the configuration or of values.yaml, `npm run schema` writes these files anew.
describe("the chart's values", () => {
  it("have their schema in step with values.yaml and the bot's configuration", async () => {
    await expect(valuesSchema()).toMatchFileSnapshot(`../../${CHART}/values.schema.json`);
  });

  it("have the table of the chart's README in step", async () => {
    const rows = documentedValues().map(({ path, fallback, what }) => {
      return `| \`${path}\` | ${what.replaceAll("|", "\\|")} | \`${JSON.stringify(fallback)}\` |`;
    });
    const table = ["| value | what it is for | default |", "|---|---|---|", ...rows].join("\n");
    const page = `${CHART}/README.md`;
    await expect(withGenerated(read(page), "values", table)).toMatchFileSnapshot(`../../${page}`);
  });

  it("are all described", () => {
    const described = documentedValues().map(({ path }) => path);
    const sections = Object.keys(parse(read(VALUES)));
    expect(described.length).toBeGreaterThan(60);
    const missing = sections.filter(
      (name) => !described.some((path) => path === name || path.startsWith(`${name}.`)),
    );
    expect(missing).toEqual([]);
  });

  it("have in the schema the description of each value, and of no other", () => {
    const schema = JSON.parse(valuesSchema());
    for (const { path, what } of documentedValues()) {
      const value = path.split(".").reduce((node, key) => node.properties[key], schema);
      expect({ path, what: value.description }).toEqual({ path, what });
    }
    expect(schema.properties.networkPolicy.properties.otlp.properties.enabled).toEqual({ type: "boolean" });
  });

  it.each([VALUES, ...filesBelow(`${CHART}/ci`, ".yaml")])("accept %s", (path) => {
    expect(validate(withDefaults(read(path))), JSON.stringify(validate.errors, null, 2)).toBe(true);
  });

  it("accept the bot's own sample, but for ids without quotes", () => {
    const sample = read("examples/config.yaml").replaceAll(/\b\d{17,20}\b/g, '"$&"');
    const config = JSON.stringify(parse(sample));
    expect(validate(withDefaults(`config: ${config}`)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(REFUSED)("refuse %s", (_, yaml, path) => {
    expect(validate(withDefaults(yaml))).toBe(false);
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain(path);
  });

  it("use no expression that Helm cannot read", () => {
    expect(valuesSchema()).not.toMatch(/\(\?[=!<]/);
    expect(configForHelm({ pattern: "^(?=a)b$", type: "string" })).toEqual({ type: "string" });
  });

  it("are refused by Helm itself", ({ skip }) => {
    needsProgram(skip, "helm", "version");
    const render = (set: string) => () =>
      outputOf("helm", ["template", CHART, "--kube-version", "1.33.0", "--set", set]);
    expect(render("config.kagent.url=x")).toThrow(/additional properties 'url' not allowed/);
    expect(render("env.DISCORD_BOT_TOKEN=t")).toThrow(/env/);
    expect(render("logLevel=debug")).not.toThrow();
  });
});
