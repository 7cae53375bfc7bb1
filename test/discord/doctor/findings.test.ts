import { describe, expect, it } from "vitest";
import {
  lookAtApplication,
  lookAtClock,
  lookAtInstallation,
} from "../../../src/discord/doctor/application.ts";
import { lookAtStarts, lookAtState } from "../../../src/discord/doctor/gateway.ts";
import { lookAtPermissions } from "../../../src/discord/doctor/guilds.ts";

const application = { id: "1", flags: 0, bot_public: false, bot_require_code_grant: false };
const levels = (found: readonly { readonly level: string }[]) => found.map(({ level }) => level);

describe("what doctor says", () => {
  it("of intents: wanted and not granted, granted and not used", () => {
    expect(levels(lookAtApplication(application, false))).toEqual(["ok", "warning"]);
    expect(levels(lookAtApplication(application, true))).toEqual(["ok", "ok"]);
    for (const flags of [1 << 18, 1 << 19])
      expect(levels(lookAtApplication({ ...application, flags }, false))).toEqual(["ok", "ok"]);
    const greedy = { ...application, flags: (1 << 19) | (1 << 15) };
    expect(levels(lookAtApplication(greedy, false))).toEqual(["ok", "ok", "warning"]);
  });

  it("of strangers who may invite the bot, where no list bounds it", () => {
    expect(levels(lookAtInstallation(application, false))).toEqual(["ok"]);
    expect(levels(lookAtInstallation({ ...application, bot_public: true }, true))).toEqual(["ok"]);
    expect(levels(lookAtInstallation({ ...application, bot_public: true }, false))).toEqual(["warning"]);
    const granting = { ...application, bot_require_code_grant: true };
    expect(levels(lookAtInstallation(granting, true))).toEqual(["ok", "problem"]);
  });

  it.each([
    [undefined, []],
    [-4_000, ["ok"]],
    [6_000, ["warning"]],
    [-61_000, ["problem"]],
  ])("of a clock that Discord's is ahead of by %s ms", (aheadMs, expected) => {
    expect(levels(lookAtClock(aheadMs))).toEqual(expected);
  });

  it.each([
    [1000, "ok"],
    [300, "warning"],
    [0, "problem"],
  ])("of %i logins that are left", (remaining, level) => {
    const session = { url: "", session_start_limit: { total: 1000, remaining, reset_after: 7_000_000 } };
    expect(lookAtStarts(session).level).toBe(level);
  });

  it("of the bot's own connection", () => {
    expect(lookAtState({ connected: true, pingMs: 41.7 }).sentence).toBe("Connected, 42 ms away.");
    expect(lookAtState({ connected: false, pingMs: undefined }).level).toBe("problem");
  });

  it("of a bot that is timed out or may do everything", () => {
    const bot = { guildId: "g", ownerId: "o", userId: "b", roleIds: ["r"], timedOut: false };
    const admin = { ...bot, roles: [{ id: "r", permissions: 8n }] };
    expect(lookAtPermissions(admin, "in acme")[0]?.sentence).toBe("The bot may do everything in acme.");
    const quiet = { ...bot, roles: [], timedOut: true };
    expect(lookAtPermissions(quiet, "in acme")[0]?.sentence).toContain("is timed out in acme");
  });
});
