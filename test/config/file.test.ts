import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/config/problem.ts";
import { configOf, mistakes, problemsOf } from "./setting.ts";

describe("the file", () => {
  it("may be empty, hold only comments, or any single section", () => {
    for (const yaml of [
      "",
      "# nothing\n",
      "---\n",
      "limits: { queueLength: 0 }\n",
      "apiVersion: kagent-discord/v1\n",
    ]) {
      expect(mistakes({}, yaml)).toEqual([]);
    }
  });

  it("keeps ids exact that stand without quotes", () => {
    const yaml = `
bindings: [{ channelId: 1234567890123456789, agent: k8s-agent }]
access:
  guildIds: [998877665544332211]
  channelIds: ["112233445566778899"]
  rules: [{ agents: [k8s-*], userIds: [12345678901234567] }]
`;
    const config = configOf({}, yaml);
    expect(config.routing.bindings).toEqual([{ channelId: "1234567890123456789", agent: "k8s-agent" }]);
    expect(config.access).toMatchObject({
      guildIds: ["998877665544332211"],
      channelIds: ["112233445566778899"],
      rules: [{ agents: ["k8s-*"], clusters: ["*"], roleIds: [], userIds: ["12345678901234567"] }],
    });
    expect(config.discord.guildIds).toEqual(["998877665544332211"]);
  });

  it("gives way to the environment", () => {
    const yaml =
      "kagent: { namespace: file, baseUrl: http://file }\ndiscord: { mentionOnly: true }\nroutes: [{ command: a, agent: b }]\n";
    expect(configOf({ KAGENT_BASE_URL: undefined }, yaml)).toMatchObject({
      clusters: [{ baseUrl: "http://file" }],
      discord: { mentionOnly: true },
      routing: { namespace: "file", defaultAgent: "b" },
    });
    const variables = { KAGENT_NAMESPACE: "env", DISCORD_MENTION_ONLY: "false", KAGENT_ROUTES: "c=d" };
    expect(configOf(variables, yaml)).toMatchObject({
      clusters: [{ baseUrl: "http://kagent:8083" }],
      discord: { mentionOnly: false },
      routing: { namespace: "env", defaultAgent: "d" },
    });
  });

  it("lends the texts of its routes to the same routes of the environment", () => {
    const yaml = "routes: [{ command: k8s, agent: k8s-agent, description: Ask Kay }]";
    const { routes } = configOf({ KAGENT_ROUTES: "k8s=k8s-agent" }, yaml).routing;
    expect(routes).toMatchObject([{ command: "k8s", description: "Ask Kay", descriptions: {} }]);
  });

  it("takes headers from the environment, a cluster's own before the shared ones", () => {
    const yaml = [
      `kagent: { headers: { X-Team: 'team \${TEAM}', Authorization: 'Basic \${BASIC}' } }`,
      "clusters: [{ name: test, headers: { x-team: own } }]",
    ].join("\n");
    const variables = { TEAM: "blue", BASIC_FILE: "/run/basic", KAGENT_TEST_TOKEN: "t" };
    const config = configOf(variables, yaml, { "/run/basic": "dXNlcg==\n" });
    expect(config.clusters[0]?.headers).toEqual({ "x-team": "own", authorization: "Bearer t" });
    const shared = configOf({ ...variables, KAGENT_TEST_TOKEN: undefined }, yaml, {
      "/run/basic": "dXNlcg==\n",
    });
    expect(shared.clusters[0]?.headers).toEqual({ "x-team": "own", authorization: "Basic dXNlcg==" });
  });

  it("tells every mistake at once, with line, column and the name that was meant", () => {
    const yaml = `discord:
  mentonOnly: true
clusters:
  - name: test
    color: #ff0000
routes:
  - command: K8s
    agent: k8s-agent
    descriptions: { de-DE: hallo }
  - command: ask
bindings:
  - channelId: 12
    agnt: x
rules:
  - words: ["/(/"]
    cluster: test
limits:
  queueLength: many
  maxMessages: 99
access: [1]
kagnet: {}
`;
    expect(mistakes({ LOG_LEVEL: "loud" }, yaml)).toEqual([
      "2:3 discord.mentonOnly: There is no “mentonOnly” here. Did you mean “mentionOnly”?",
      expect.stringMatching(/^5:12 clusters\[0\]\.color: A colour is six hexadecimal digits in quotes/),
      expect.stringMatching(/^7:14 routes\[0\]\.command: A command's name/),
      expect.stringMatching(/^9:21 routes\[0\]\.descriptions\.de-DE: There is no “de-DE” here\./),
      expect.stringMatching(/^10:5 routes\[1\]\.agent: This is missing\. An agent is/),
      "10:14 routes[1].command: /ask is a command of the bot itself; choose another name.",
      expect.stringMatching(/^12:5 bindings\[0\]\.agent: This is missing\./),
      expect.stringMatching(/^12:16 bindings\[0\]\.channelId: A Discord id is a number of 17 to 20 digits/),
      "13:5 bindings[0].agnt: There is no “agnt” here. Did you mean “agent”?",
      "15:13 rules[0].words[0]: This is no valid regular expression.",
      "18:16 limits.queueLength: Must be a number, not text.",
      "19:16 limits.maxMessages: Must be at most 50.",
      "20:9 access: Must be a section with keys, not a list.",
      "21:1 kagnet: There is no “kagnet” here. Did you mean “kagent”?",
      expect.stringContaining("LOG_LEVEL: “loud” is not understood."),
    ]);
  });

  it("tells what contradicts itself, with its place", () => {
    const yaml = `kagent: { defaultCluster: prdo, agentPattern: "{agent}-{cluster}", headers: { Host: x, X-A: "\${NOT_SET}" } }
clusters:
  - name: prod
  - name: test
  - name: prod
routes:
  - { command: a, agent: b, cluster: tset }
  - { command: a, agent: c }
bindings:
  - { channelId: 112233445566778899, agent: b, cluster: prodd }
  - { channelId: 112233445566778899, agent: c }
rules:
  - { words: [live], cluster: staging }
  - { words: [live] }
access:
  rules:
    - { clusters: [prod, "staging*"], roleIds: [112233445566778899] }
`;
    const found = mistakes({}, yaml);
    expect(found).toEqual([
      "1:27 kagent.defaultCluster: There is no cluster “prdo”. Did you mean “prod”?",
      expect.stringContaining("kagent.headers.Host: This header is set by the protocol"),
      expect.stringContaining(
        "kagent.headers.X-A: The environment variable NOT_SET (or NOT_SET_FILE) is not set.",
      ),
      "5:11 clusters[2].name: The cluster “prod” is listed twice.",
      "7:38 routes[0].cluster: There is no cluster “tset”. Did you mean “test”?",
      "8:16 routes[1].command: The command “a” is listed twice.",
      "10:57 bindings[0].cluster: There is no cluster “prodd”. Did you mean “prod”?",
      "11:18 bindings[1].channelId: The channel 112233445566778899 is bound twice.",
      "14:5 rules[1]: A rule needs a cluster or an agent.",
      "17:26 access.rules[0].clusters[1]: There is no cluster “staging*”. Known: prod, test.",
    ]);
  });

  it.each([
    ["a: [1\nb: 2\n", /^\d+:\d+ : This is not valid YAML: /],
    ["limits: {}\nlimits: {}\n", /^2:1 : This is not valid YAML: Map keys must be unique/],
    ["- a\n- b\n", /^1:1 : Must be a section with keys, not a list\.$/],
    ["just text", /^1:1 : Must be a section with keys, not text\.$/],
    ["apiVersion: kagent-discord/v2", /^1:13 apiVersion: Must be “kagent-discord\/v1”\. Did you mean/],
    [
      "clusters: [{ name: a, protocol: 0.3 }]",
      /^1:33 clusters\[0\]\.protocol: Must be one of auto, 0\.3, 1\.0/,
    ],
    ["kagent: { headers: { X-A: 5 } }", /^1:27 kagent\.headers\.X-A: The value of an HTTP header/],
    ["access: { rules: [{ agents: [a] }] }", /A rule needs somebody who may pass/],
  ])("refuses %j with a place and a sentence", (yaml, sentence) => {
    expect(mistakes({}, yaml)).toEqual([expect.stringMatching(sentence)]);
  });

  it("does not report what may only follow from a broken section", () => {
    const yaml =
      "clusters: [{ name: prod, colour: x }]\nkagent: { defaultCluster: prod }\nbindings: [{ channelId: 112233445566778899, agent: a, cluster: prod }]\n";
    expect(mistakes({ KAGENT_BASE_URL: undefined, KAGENT_PROD_TOKEN: "t" }, yaml)).toEqual([
      "1:26 clusters[0].colour: There is no “colour” here. Did you mean “color”?",
    ]);
  });

  it("is named in the message that lists the mistakes", () => {
    const problems = problemsOf(() => configOf({}, "limits: { queueLength: -1 }"));
    expect(new ConfigError(problems, "config.yaml").message).toBe(
      "The configuration has a mistake:\n  config.yaml:1:24 limits.queueLength: Must be at least 0.",
    );
  });
});
