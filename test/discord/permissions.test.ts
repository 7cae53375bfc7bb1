import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { startDiscord } from "../../emulator/discord/discord.ts";
import {
  type PermissionName,
  permissionBits,
  permissionsIn,
} from "../../emulator/discord/world/permissions.ts";
import { invitationLink } from "../../src/discord/invitation.ts";
import { isEverything, type Membership, permissionsOf } from "../../src/discord/permissions.ts";
import { read } from "../pages.ts";

const NAMES: readonly PermissionName[] = [
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "ATTACH_FILES",
  "READ_MESSAGE_HISTORY",
  "CREATE_PUBLIC_THREADS",
  "SEND_MESSAGES_IN_THREADS",
];
const VIEW = permissionBits.VIEW_CHANNEL;
const SEND = permissionBits.SEND_MESSAGES;
const ADMIN = permissionBits.ADMINISTRATOR;

const member: Membership = {
  guildId: "guild",
  ownerId: "owner",
  userId: "bot",
  roleIds: ["a", "b"],
  roles: [
    { id: "guild", permissions: VIEW },
    { id: "a", permissions: SEND },
    { id: "b", permissions: 0n },
    { id: "other", permissions: ADMIN },
  ],
  timedOut: false,
};
const overwrite = (id: string, change: { readonly allow?: bigint; readonly deny?: bigint }) => ({
  id,
  allow: change.allow ?? 0n,
  deny: change.deny ?? 0n,
});

describe("the bot's permissions", () => {
  it("are those of everybody and of its roles, and not of other roles", () => {
    expect(permissionsOf(member)).toBe(VIEW | SEND);
  });

  it("are changed for everybody, then for roles, then for the bot itself", () => {
    const forAll = overwrite("guild", { deny: SEND });
    const forRole = overwrite("a", { allow: SEND });
    const forOther = overwrite("b", { deny: SEND });
    const forBot = overwrite("bot", { deny: SEND });
    expect(permissionsOf(member, [forAll])).toBe(VIEW);
    expect(permissionsOf(member, [forRole, forAll])).toBe(VIEW | SEND);
    // What one role allows, another one does not take.
    expect(permissionsOf(member, [forOther, forRole])).toBe(VIEW | SEND);
    expect(permissionsOf(member, [forBot, forRole, forAll])).toBe(VIEW);
    expect(permissionsOf(member, [overwrite("other", { deny: VIEW })])).toBe(VIEW | SEND);
  });

  it("are none where the channel is hidden, and everything for owners and administrators", () => {
    const hidden = [overwrite("guild", { deny: VIEW })];
    expect(permissionsOf(member, hidden)).toBe(0n);
    expect(isEverything(permissionsOf({ ...member, roleIds: ["other"] }, hidden))).toBe(true);
    expect(isEverything(permissionsOf({ ...member, userId: "owner" }, hidden))).toBe(true);
  });

  it("are hardly any while the bot is timed out", () => {
    expect(permissionsOf({ ...member, timedOut: true })).toBe(VIEW);
  });

  it("are what the local Discord lets it do, whatever roles and channel say", async () => {
    const discord = await startDiscord();
    onTestFinished(() => discord.stop());
    const some = fc.subarray([...NAMES]);
    const change = fc.record({ allow: some, deny: some });
    fc.assert(
      fc.property(some, some, fc.array(change, { minLength: 4, maxLength: 4 }), (ofAll, ofRole, changes) => {
        const guild = discord.createGuild({ name: "acme" });
        const role = guild.createRole({ name: "ops", permissions: ofRole });
        const other = guild.createRole({ name: "others", permissions: NAMES });
        const everyone = guild.guild.roles.get(guild.id);
        if (everyone) everyone.permissions = ofAll.reduce((sum, name) => sum | permissionBits[name], 0n);
        const { bot } = discord.world;
        const own = guild.guild.members.get(bot.id);
        own?.roleIds.add(role.id);
        const whom = ["everyone", role, "bot", other] as const;
        const channel = guild.createChannel({
          name: "ops",
          permissions: whom.map((one, index) => ({ for: one, ...changes[index] })),
        });
        const facts: Membership = {
          guildId: guild.id,
          ownerId: guild.guild.ownerId,
          userId: bot.id,
          roleIds: [...(own?.roleIds ?? [])],
          roles: [...guild.guild.roles.values()],
          timedOut: false,
        };
        expect(permissionsOf(facts, channel.overwrites)).toBe(permissionsIn(discord.world, channel, bot));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the invitation", () => {
  it("is the one that the guide and the front page show", () => {
    const link = invitationLink("APPLICATION_ID");
    expect(read("docs/discord-setup.md")).toContain(link);
    expect(read("README.md")).toContain(link);
  });
});
