import { describe, expect, it } from "vitest";
import { secretsOf } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/problem.ts";
import { readConfig } from "../../src/config/read.ts";
import { configOf, mistakes, problemsOf, reading } from "./setting.ts";

const KEY = "MARKER-key-of-at-least-32-characters";

describe("the environment alone", () => {
  it("is enough with a token and kagent's address; the rest has defaults", () => {
    const config = configOf();
    expect(config).toMatchObject({
      discord: { token: "MARKER-token", mentionOnly: false, guildIds: [], notify: "off" },
      access: {
        guildIds: [],
        channelIds: [],
        directMessages: { enabled: false, userIds: [] },
        botIds: [],
        rules: [],
      },
      clusters: [{ name: "default", baseUrl: "http://kagent:8083", headers: {}, protocol: "auto" }],
      store: { url: "sqlite://data/kagent-discord.sqlite" },
      log: { level: "info" },
      limits: { queueLength: 10, silenceMs: 900_000, maxMessages: 8 },
      approvals: { rules: [], expiresAfterMs: 86_400_000 },
      audit: { dir: "data/audit", stdout: false, args: false, maxFileBytes: 16 * 1024 * 1024 },
      catchUp: { windowMs: 3_600_000, mode: "list" },
    });
    expect(config.routing).toMatchObject({
      namespace: "kagent",
      defaultCluster: "default",
      defaultAgent: "k8s-agent",
    });
    expect(config.routing.routes.map((route) => [route.command, route.agent])).toEqual([
      ["k8s", "k8s-agent"],
      ["istio", "istio-agent"],
      ["security", "security-agent"],
    ]);
    expect(config.routing.rules).toEqual([]);
  });

  it("describes every default route in English, German and Japanese within Discord's 100 characters", () => {
    for (const route of configOf().routing.routes) {
      expect(Object.keys(route.descriptions)).toEqual(["de", "ja"]);
      for (const text of [route.description, ...Object.values(route.descriptions)]) {
        expect(text.length).toBeGreaterThan(10);
        expect(text.length).toBeLessThanOrEqual(100);
      }
    }
  });

  it("names everything that is missing at once", () => {
    const problems = problemsOf(() => readConfig({}, reading({})));
    expect(problems.map((problem) => [problem.source, problem.path])).toEqual([
      ["env", "DISCORD_BOT_TOKEN"],
      ["env", "KAGENT_BASE_URL"],
    ]);
  });

  it("takes an empty variable as unset", () => {
    const config = configOf({
      KAGENT_NAMESPACE: "",
      LOG_LEVEL: " ",
      DISCORD_GUILD_IDS: "",
      KAGENT_A2A_URL: "",
    });
    expect(config.routing.namespace).toBe("kagent");
    expect(config.log.level).toBe("info");
    expect(mistakes({ DISCORD_BOT_TOKEN: "" })).toEqual([
      expect.stringContaining("DISCORD_BOT_TOKEN: This is missing."),
    ]);
  });

  it("reads switches and lists", () => {
    const config = configOf({
      DISCORD_MENTION_ONLY: "TRUE",
      DISCORD_DIRECT_MESSAGES: "1",
      DISCORD_CHANNEL_ONLY: " 112233445566778899 , 223344556677889900,",
      DISCORD_GUILD_IDS: "998877665544332211",
      LOG_PRETTY: "no",
      LOG_LEVEL: "DEBUG",
    });
    expect(config.discord).toMatchObject({ mentionOnly: true, guildIds: ["998877665544332211"] });
    expect(config.access.channelIds).toEqual(["112233445566778899", "223344556677889900"]);
    expect(config.access.directMessages.enabled).toBe(true);
    expect(config.log).toEqual({ level: "debug", pretty: false });
  });

  it.each([
    [
      { DISCORD_MENTION_ONLY: "maybe" },
      "DISCORD_MENTION_ONLY: “maybe” is not understood. Write true or false.",
    ],
    [
      { LOG_LEVEL: "inof" },
      "LOG_LEVEL: “inof” is not understood. Write one of debug, info, warn, error, silent. Did you mean “info”?",
    ],
    [
      { DISCORD_CHANNEL_ONLY: "#general" },
      "DISCORD_CHANNEL_ONLY: “#general” is not understood. A Discord id",
    ],
    [{ KAGENT_NAMESPACE: "Kagent" }, "KAGENT_NAMESPACE: “Kagent” is not understood. A namespace is"],
    [{ KAGENT_BASE_URL: "kagent:8083" }, "KAGENT_BASE_URL: This is no http or https address."],
    [
      { KAGENT_BASE_URL: "http://kagent/api/a2a/kagent/k8s-agent" },
      "KAGENT_BASE_URL: This is the address of one agent: set KAGENT_A2A_URL",
    ],
    [{ KAGENT_BASE_URL: "http://kagent?key=1" }, "KAGENT_BASE_URL: An address must not have a query"],
    [
      { STORE_URL: "mysql://x" },
      "STORE_URL: It is not understood. Write memory: or sqlite://path/to/file.sqlite.",
    ],
    [{ CONFIG_FILE: "none.yaml" }, "CONFIG_FILE: The file none.yaml cannot be read."],
    [
      { CF_ACCESS_CLIENT_ID: "id" },
      "CF_ACCESS_CLIENT_SECRET: CF_ACCESS_CLIENT_ID is set, so this must be too.",
    ],
    [{ DISCORD_BOT_TOKEN: "Bot abc" }, "DISCORD_BOT_TOKEN: It holds blanks"],
    [{ KAGENT_ROUTES: "k8s" }, "KAGENT_ROUTES: “k8s” is not understood. Write command=agent."],
    [{ KAGENT_ROUTES: "K8s=a" }, "KAGENT_ROUTES: “K8s=a” is not understood. A command's name"],
    [
      { KAGENT_ROUTES: "stop=a" },
      "KAGENT_ROUTES: “stop=a” is not understood. /stop is a command of the bot itself",
    ],
    [{ KAGENT_ROUTES: "a=x/y/z" }, "KAGENT_ROUTES: “a=x/y/z” is not understood. An agent is"],
    [{ KAGENT_ROUTES: "a=x,a=y" }, "KAGENT_ROUTES: The command “a” is listed twice."],
  ])("says in one sentence what is wrong with %j", (variables, sentence) => {
    expect(mistakes(variables)).toEqual([expect.stringContaining(sentence)]);
  });

  it("reads routes with namespaces, gives them texts, and asks the first where nothing else decides", () => {
    const { routing } = configOf({ KAGENT_ROUTES: "helm = helm-agent, sec=other-ns/security-agent" });
    expect(routing.defaultAgent).toBe("helm-agent");
    expect(routing.routes).toMatchObject([
      {
        command: "helm",
        agent: "helm-agent",
        description: "Ask the agent helm-agent",
        descriptions: { de: "Den Agenten helm-agent fragen" },
      },
      {
        command: "sec",
        agent: "other-ns/security-agent",
        description: expect.stringContaining("security agent"),
      },
    ]);
  });
});

describe("secrets", () => {
  it("come from a file as well, without the line break at its end", () => {
    const files = { "/run/token": "from-file\n", "/run/kagent": "kagent-secret\r\n" };
    const variables = {
      DISCORD_BOT_TOKEN: undefined,
      DISCORD_BOT_TOKEN_FILE: "/run/token",
      KAGENT_TOKEN_FILE: "/run/kagent",
    };
    const config = configOf(variables, undefined, files);
    expect(config.discord.token).toBe("from-file");
    expect(config.clusters[0]?.headers).toEqual({ authorization: "Bearer kagent-secret" });
  });

  it("are refused when variable and file differ, and the value is not told", () => {
    const files = { "/run/token": "MARKER-other\n", "/run/same": "MARKER-token\n", "/run/empty": "\n" };
    expect(mistakes({ DISCORD_BOT_TOKEN_FILE: "/run/same" }, undefined, files)).toEqual([]);
    expect(mistakes({ DISCORD_BOT_TOKEN_FILE: "/run/token" }, undefined, files)).toEqual([
      "DISCORD_BOT_TOKEN: It differs from what DISCORD_BOT_TOKEN_FILE says. Set only one of the two.",
    ]);
    const missing = { DISCORD_BOT_TOKEN: undefined, DISCORD_BOT_TOKEN_FILE: "/run/none" };
    expect(mistakes(missing, undefined, files)).toEqual([
      "DISCORD_BOT_TOKEN_FILE: The file /run/none cannot be read.",
    ]);
    const empty = { DISCORD_BOT_TOKEN: undefined, DISCORD_BOT_TOKEN_FILE: "/run/empty" };
    expect(mistakes(empty, undefined, files)).toEqual([
      "DISCORD_BOT_TOKEN_FILE: The file /run/empty is empty.",
    ]);
  });

  it("never stand in a sentence about a mistake", () => {
    const variables = {
      DISCORD_BOT_TOKEN: "MARKER with blanks",
      KAGENT_TOKEN: "MARKER\u0000token",
      KAGENT_BASE_URL: "http://user:MARKER@kagent",
      CF_ACCESS_CLIENT_SECRET: "MARKER",
    };
    const problems = problemsOf(() => configOf(variables));
    expect(problems.length).toBe(4);
    expect(new ConfigError(problems).message).not.toContain("MARKER");
  });

  it("can be collected for the log, headers and bare tokens included", () => {
    const config = configOf({
      KAGENT_TOKEN: "tok",
      CF_ACCESS_CLIENT_ID: "cf-id",
      CF_ACCESS_CLIENT_SECRET: "cf-secret",
      AUDIT_KEY: KEY,
    });
    expect(secretsOf(config)).toEqual(["MARKER-token", "Bearer tok", "cf-id", "cf-secret", "tok", KEY]);
  });
});
