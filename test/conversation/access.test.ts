import { describe, expect, it } from "vitest";
import { type AccessConfig, describeAccess, mayAsk, mayUse } from "../../src/conversation/access.ts";
import type { Actor, Place } from "../../src/conversation/place.ts";

const open: AccessConfig = {
  guildIds: [],
  channelIds: [],
  directMessages: { enabled: false, userIds: [] },
  botIds: [],
  rules: [],
};
const ana: Actor = { id: "ana", name: "ana", roleIds: ["dev"], bot: false, manager: false };
const channel: Place = { kind: "channel", guildId: "acme", channelId: "ops" };
const inAcme = { guildIds: ["acme"] };
const prodK8s = { cluster: "prod", namespace: "kagent", name: "k8s-agent" };

describe("the guild boundary", () => {
  it("serves the only guild that the bot is in", () => {
    expect(mayUse(open, inAcme, ana, channel).allowed).toBe(true);
  });

  it("serves nobody when the bot was invited to a second guild and none is named", () => {
    expect(mayUse(open, { guildIds: ["acme", "strangers"] }, ana, channel)).toMatchObject({
      allowed: false,
      sentence: expect.stringContaining("DISCORD_GUILD_IDS"),
    });
  });

  it("serves the named guilds and no other", () => {
    const config = { ...open, guildIds: ["acme"] };
    const presence = { guildIds: ["acme", "strangers"] };
    expect(mayUse(config, presence, ana, channel).allowed).toBe(true);
    expect(mayUse(config, presence, ana, { ...channel, guildId: "strangers" }).allowed).toBe(false);
  });
});

describe("channels, direct messages and bots", () => {
  it("counts a thread by its parent channel", () => {
    const config = { ...open, channelIds: ["ops"] };
    const thread: Place = { kind: "thread", guildId: "acme", channelId: "t1", parentId: "ops" };
    expect(mayUse(config, inAcme, ana, thread).allowed).toBe(true);
    expect(mayUse(config, inAcme, ana, { ...thread, parentId: "random" })).toMatchObject({
      sentence: expect.stringContaining("<#ops>"),
    });
  });

  it("refuses direct messages unless they are switched on, for everybody or for some", () => {
    const direct: Place = { kind: "direct", channelId: "dm" };
    expect(mayUse(open, inAcme, ana, direct).allowed).toBe(false);
    const on = { ...open, directMessages: { enabled: true, userIds: [] } };
    expect(mayUse(on, inAcme, ana, direct).allowed).toBe(true);
    const some = { ...open, directMessages: { enabled: true, userIds: ["ben"] } };
    expect(mayUse(some, inAcme, ana, direct).allowed).toBe(false);
  });

  it("ignores other bots unless they are listed", () => {
    const bot = { ...ana, id: "alertmanager", bot: true };
    expect(mayUse(open, inAcme, bot, channel).allowed).toBe(false);
    expect(mayUse({ ...open, botIds: ["alertmanager"] }, inAcme, bot, channel).allowed).toBe(true);
  });
});

describe("rules for agents", () => {
  const config = {
    ...open,
    rules: [{ agents: ["*"], clusters: ["prod*"], roleIds: ["sre"], userIds: ["olga"] }],
  };

  it("lets only the named roles and people ask a guarded agent", () => {
    expect(mayAsk(config, ana, prodK8s)).toMatchObject({ sentence: expect.stringContaining("<@&sre>") });
    expect(mayAsk(config, { ...ana, roleIds: ["sre"] }, prodK8s).allowed).toBe(true);
    expect(mayAsk(config, { ...ana, id: "olga" }, prodK8s).allowed).toBe(true);
  });

  it("leaves agents that no rule guards open", () => {
    expect(mayAsk(config, ana, { ...prodK8s, cluster: "dev" }).allowed).toBe(true);
  });

  it("says at the start who may ask what", () => {
    expect(describeAccess(open, inAcme)).toContain("open to everyone in server acme");
    expect(describeAccess(open, { guildIds: ["a", "b"] })).toContain("serving nobody");
  });
});
