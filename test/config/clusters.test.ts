import { describe, expect, it } from "vitest";
import { chooseAgent } from "../../src/conversation/routing.ts";
import { configOf, mistakes } from "./setting.ts";

const TWO = { KAGENT_CLUSTERS: "test,eu-prod" };
const PATTERN = { ...TWO, KAGENT_AGENT_PATTERN: "{agent}-{cluster}" };

describe("several clusters", () => {
  it("share a controller when a pattern tells their agents apart", () => {
    const config = configOf(PATTERN);
    expect(config.clusters.map((cluster) => cluster.baseUrl)).toEqual([
      "http://kagent:8083",
      "http://kagent:8083",
    ]);
    expect(config.routing).toMatchObject({ agentPattern: "{agent}-{cluster}", defaultCluster: "test" });
  });

  it("have controllers and tokens of their own, in variables with underscores", () => {
    const config = configOf({
      ...TWO,
      KAGENT_EU_PROD_BASE_URL: "https://kagent.prod.example/",
      KAGENT_EU_PROD_TOKEN: "prod-token",
      KAGENT_TOKEN: "shared-token",
    });
    expect(config.clusters).toMatchObject([
      { name: "test", baseUrl: "http://kagent:8083", headers: { authorization: "Bearer shared-token" } },
      {
        name: "eu-prod",
        baseUrl: "https://kagent.prod.example",
        headers: { authorization: "Bearer prod-token" },
      },
    ]);
  });

  it.each([
    [TWO, "KAGENT_AGENT_PATTERN: The clusters test and eu-prod have the same controller"],
    [
      { ...PATTERN, KAGENT_AGENT_PATTERN: "{agent}" },
      "KAGENT_AGENT_PATTERN: “{agent}” is not understood. A pattern needs {cluster}",
    ],
    [
      { ...PATTERN, KAGENT_DEFAULT_CLUSTER: "tset" },
      "KAGENT_DEFAULT_CLUSTER: There is no cluster “tset”. Did you mean “test”?",
    ],
    [
      { ...PATTERN, KAGENT_PRODUCTION_CLUSTERS: "prod" },
      "KAGENT_PRODUCTION_CLUSTERS: There is no cluster “prod”.",
    ],
    [
      { ...PATTERN, KAGENT_EU_PRDO_BASE_URL: "http://x" },
      "KAGENT_EU_PRDO_BASE_URL: There is no cluster “eu-prdo”. Did you mean “eu-prod”?",
    ],
    [{ KAGENT_CLUSTERS: "Test" }, "KAGENT_CLUSTERS: “Test” is not understood. A cluster's name"],
    [{ ENABLE_MULTI_CLUSTER: "true" }, "ENABLE_MULTI_CLUSTER: It is true, but no cluster is named."],
    [
      { ...TWO, KAGENT_BASE_URL: undefined, KAGENT_TEST_BASE_URL: "http://t" },
      "KAGENT_EU_PROD_BASE_URL: The cluster eu-prod has no address",
    ],
    [{ ...TWO, KAGENT_BASE_URL: undefined }, "KAGENT_BASE_URL: Set it to the address of kagent's controller"],
  ])("says in one sentence what is wrong with %j", (variables, sentence) => {
    expect(mistakes(variables)).toEqual([expect.stringContaining(sentence)]);
  });

  it("are ignored altogether when they are switched off", () => {
    const config = configOf({
      ...PATTERN,
      ENABLE_MULTI_CLUSTER: "false",
      KAGENT_DEFAULT_CLUSTER: "eu-prod",
      KAGENT_PRODUCTION_CLUSTERS: "eu-prod",
      KAGENT_EU_PROD_BASE_URL: "http://x",
    });
    expect(config.clusters).toMatchObject([{ name: "default", baseUrl: "http://kagent:8083" }]);
    expect(config.routing.agentPattern).toBeUndefined();
  });

  it("are production only when said so, and then not the default unless named", () => {
    const named = configOf({ ...PATTERN, KAGENT_CLUSTERS: "prod,production" });
    expect(named.routing.clusters.map((cluster) => cluster.production)).toEqual([false, false]);
    const marked = configOf({ ...PATTERN, KAGENT_CLUSTERS: "prod,test", KAGENT_PRODUCTION_CLUSTERS: "prod" });
    expect(marked.routing).toMatchObject({
      defaultCluster: "test",
      clusters: [{ production: true }, { production: false }],
    });
    const both = {
      ...PATTERN,
      KAGENT_CLUSTERS: "prod,test",
      KAGENT_PRODUCTION_CLUSTERS: "prod",
      KAGENT_DEFAULT_CLUSTER: "prod",
    };
    expect(configOf(both).routing.defaultCluster).toBe("prod");
  });

  it("join those of the file, which add label, colour and headers", () => {
    const yaml =
      'clusters:\n  - { name: test, label: "Test (EU)", color: "#d64545", headers: { X-A: b } }\n  - { name: lab, production: true }\n';
    const config = configOf(PATTERN, yaml);
    expect(config.routing.clusters).toEqual([
      { name: "test", label: "Test (EU)", color: 0xd64545, production: false },
      { name: "eu-prod", label: "eu-prod", production: false },
      { name: "lab", label: "lab", production: true },
    ]);
    expect(config.clusters[0]?.headers).toEqual({ "x-a": "b" });
  });

  it.each([
    ["why is checkout failing on eu-prod?", "eu-prod"],
    ["Prüf das bitte auf EU-Prod", "eu-prod"],
    ["what runs in the eu-prod cluster", "eu-prod"],
    ["look at the eu-prod cluster", "eu-prod"],
    ["eu-prodで何が動いていますか", "eu-prod"],
    ["check Test (EU)", "test"],
    ["run a eu-prod smoke", "test"],
    ["deploy on eu-prod-2", "test"],
  ])("are chosen by the words of “%s”: %s", (text, cluster) => {
    const { routing } = configOf(PATTERN, 'clusters: [{ name: test, label: "Test (EU)" }]');
    expect(chooseAgent(routing, { text, channelIds: [] }).agent.cluster).toBe(cluster);
  });
});
