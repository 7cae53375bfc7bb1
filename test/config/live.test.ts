import { describe, expect, it } from "vitest";
import { createLiveConfig } from "../../src/config/live.ts";
import { configOf, mistakes } from "./setting.ts";

const GUILD = "112233445566778899";
const OTHER = "223344556677889900";

describe("a live configuration", () => {
  it("reads access, rules of routing and approvals as the newest one says", () => {
    const { config, swap } = createLiveConfig(configOf({}, `access:\n  guildIds: ["${GUILD}"]\n`));
    const { access, routing, approvals } = config;
    const next = `
access:
  guildIds: ["${OTHER}"]
rules:
  - words: [envoy]
    agent: istio-agent
approvals:
  rules:
    - roleIds: ["${GUILD}"]
`;
    expect(swap(configOf({}, next))).toEqual({
      applied: ["access.guildIds", "routing.rules", "approvals.rules"],
      restart: ["discord.guildIds"],
    });
    expect(access.guildIds).toEqual([OTHER]);
    expect({ ...access, channelIds: [] }.guildIds).toEqual([OTHER]);
    expect(routing.rules).toHaveLength(1);
    expect(approvals.rules[0]?.roleIds).toEqual([GUILD]);
  });

  it("says what needs a restart, by name and never by value", () => {
    const { config, swap } = createLiveConfig(configOf({}, ""));
    const changes = swap(
      configOf(
        { DISCORD_BOT_TOKEN: "MARKER-new", KAGENT_TOKEN: "MARKER-secret" },
        "limits:\n  queueLength: 3\n",
      ),
    );
    expect(changes).toEqual({
      applied: [],
      restart: ["discord.token", "clusters", "limits.queueLength"],
    });
    expect(config.limits.queueLength).toBe(10);
    expect(JSON.stringify(changes)).not.toContain("MARKER");
  });

  it("keeps its routing as a whole while its agents and clusters wait for a restart", () => {
    const { config, swap } = createLiveConfig(configOf({}, ""));
    const next =
      "routes:\n  - command: db\n    agent: db-agent\nrules:\n  - words: [sql]\n    agent: db-agent\n";
    const { applied, restart } = swap(configOf({}, next));
    expect(applied).toEqual([]);
    expect(restart).toEqual(["routing.routes", "routing.defaultAgent", "routing.rules"]);
    expect(config.routing.rules).toEqual([]);
  });

  it("keeps the channel of approvals, to which cards are bound", () => {
    const { config, swap } = createLiveConfig(configOf({}, `approvals:\n  channelId: "${GUILD}"\n`));
    const { restart } = swap(configOf({}, `approvals:\n  channelId: "${OTHER}"\n`));
    expect(restart).toEqual(["approvals.channelId"]);
    expect(config.approvals.channelId).toBe(GUILD);
    expect(createLiveConfig(config).swap(config)).toEqual({ applied: [], restart: [] });
  });

  it("has nothing to tell of a change that is taken back", () => {
    const first = configOf({}, "");
    const { swap } = createLiveConfig(first);
    swap(configOf({}, "limits:\n  queueLength: 3\n"));
    expect(swap(first)).toEqual({ applied: [], restart: [] });
  });
});

describe("the listener's address", () => {
  it("is every interface on 8080 unless something else is said", () => {
    expect(configOf().http).toEqual({ port: 8080 });
    expect(configOf({ HTTP_PORT: "0", HTTP_HOST: "127.0.0.1" }).http).toEqual({ port: 0, host: "127.0.0.1" });
    expect(configOf({ HTTP_PORT: "off" }).http).toEqual({});
  });

  it("refuses what is no port", () => {
    for (const port of ["70000", "http", "-1", "80 80"]) {
      expect(mistakes({ HTTP_PORT: port })).toEqual([
        `HTTP_PORT: “${port}” is no port. Write a number up to 65535, 0 for any free port, or off.`,
      ]);
    }
  });
});
