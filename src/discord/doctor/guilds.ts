import { counted, findings, listed } from "../../conversation/finding.ts";
import type { Finding } from "../../conversation/ports.ts";
import {
  isEverything,
  type Membership,
  NEEDED_PERMISSIONS,
  type PermissionOverwrite,
  permissionsOf,
} from "../permissions.ts";
import type { GuildFacts, MemberFacts } from "./shapes.ts";

/** A guild as the bot's list has it. */
export interface GuildName {
  readonly id: string;
  readonly name: string;
}

const servers = findings("Discord servers");

/** Which guilds are served: those configured that the bot is in, or its only one. */
export function servedGuilds(
  configured: readonly string[],
  present: readonly GuildName[],
): readonly GuildName[] {
  if (configured.length > 0) return present.filter(({ id }) => configured.includes(id));
  return present.length === 1 ? present : [];
}

/** Whether the bot is where it should be. */
export function lookAtGuilds(
  configured: readonly string[],
  present: readonly GuildName[],
): readonly Finding[] {
  const invite = "Invite it: kagent-discord invite prints the link.";
  if (present.length === 0) return [servers.problem("The bot is in no server.", invite)];
  const names = listed(present.map(({ name }) => name));
  if (configured.length === 0) {
    return present.length === 1
      ? [servers.ok(`The bot is in ${names} and serves it.`)]
      : [
          servers.problem(
            `The bot is in ${present.length} servers (${names}) and refuses everybody, because DISCORD_GUILD_IDS does not say which ones are yours.`,
            "Set DISCORD_GUILD_IDS to the servers that it shall serve.",
          ),
        ];
  }
  const absent = configured.filter((id) => !present.some((one) => one.id === id));
  const others = present.filter(({ id }) => !configured.includes(id));
  const served = servedGuilds(configured, present);
  return [
    ...(served.length > 0 ? [servers.ok(`The bot serves ${listed(served.map(({ name }) => name))}.`)] : []),
    ...absent.map((id) =>
      servers.problem(`The bot is not in server ${id} of DISCORD_GUILD_IDS.`, `${invite} Or correct the id.`),
    ),
    ...(others.length > 0
      ? [
          servers.warning(
            `The bot is also in ${counted(others.length, "server")} that it does not serve: ${listed(others.map(({ name }) => name))}.`,
            "Remove it there, or add the id to DISCORD_GUILD_IDS.",
          ),
        ]
      : []),
  ];
}

/** The bot as a member of a guild; `now`: milliseconds since the epoch. */
export function membershipOf(guild: GuildFacts, member: MemberFacts, botId: string, now: number): Membership {
  const until = Date.parse(member.communication_disabled_until ?? "");
  return {
    guildId: guild.id,
    ownerId: guild.owner_id,
    userId: botId,
    roleIds: member.roles,
    roles: guild.roles,
    timedOut: until > now,
  };
}

/** What the bot may do in a guild at large, or, with its overwrites, in a channel; `where` as people read it. */
export function lookAtPermissions(
  member: Membership,
  where: string,
  overwrites: readonly PermissionOverwrite[] = [],
): readonly Finding[] {
  const check = findings("Discord permissions");
  const bits = permissionsOf(member, overwrites);
  if (member.timedOut)
    return [
      check.problem(`The bot is timed out ${where}, so it cannot write.`, "End the time-out of the bot."),
    ];
  if (isEverything(bits)) {
    const advice = "Take Administrator from its role: the six permissions of the invitation are enough.";
    return [check.warning(`The bot may do everything ${where}.`, advice)];
  }
  const missing = NEEDED_PERMISSIONS.filter(({ bit }) => (bits & bit) === 0n);
  if (missing.length === 0) return [check.ok(`The bot has every permission that it needs ${where}.`)];
  // A hidden channel hides every other reason.
  const told = missing.filter(({ name }) => name === "View Channels");
  const lacking = told.length > 0 ? told : missing;
  const sentence = `The bot lacks ${listed(
    lacking.map(({ name }) => name),
    6,
  )} ${where}: ${lacking[0]?.without ?? ""}.`;
  const advice = "Allow it to the bot's role, in the server's or the channel's permissions.";
  return [
    lacking.some(({ vital }) => vital) ? check.problem(sentence, advice) : check.warning(sentence, advice),
  ];
}
