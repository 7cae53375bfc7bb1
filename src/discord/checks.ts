import { counted, findings } from "../conversation/finding.ts";
import type { Check, Finding } from "../conversation/ports.ts";
import type { GatewayState } from "./command.ts";
import { DiscordTrouble, type DoctorApi } from "./doctor/api.ts";
import {
  lookAtApplication,
  lookAtClock,
  lookAtInstallation,
  withoutApplication,
} from "./doctor/application.ts";
import { lookAtChannel } from "./doctor/channels.ts";
import { lookAtGreeting, lookAtStarts, lookAtState } from "./doctor/gateway.ts";
import { lookAtGuilds, lookAtPermissions, membershipOf, servedGuilds } from "./doctor/guilds.ts";
import { type ConfiguredRole, lookAtRoles } from "./doctor/roles.ts";
import {
  type ApplicationFacts,
  readApplicationFacts,
  readGuildFacts,
  readGuildList,
  readMemberFacts,
  readSessionFacts,
} from "./doctor/shapes.ts";
import type { CommandJson } from "./gateway/command-json.ts";
import { isRegistered, scopesOf } from "./gateway/register.ts";

/** What doctor holds Discord against. */
export interface DiscordCheckOptions {
  readonly api: DoctorApi;
  readonly mentionOnly: boolean;
  /** Guilds that are configured to be served. */
  readonly guildIds: readonly string[];
  /** Every channel that the configuration names. */
  readonly channelIds: readonly string[];
  readonly roles: readonly ConfiguredRole[];
  readonly commands: readonly CommandJson[];
  readonly now: () => number;
  /** Asked by somebody of this guild: nothing of others is told. */
  readonly onlyGuild?: string;
  /** The bot's own connection; absent: there is none, so one is opened and closed. */
  readonly gateway?: () => GatewayState;
}

/** Everything to look at on Discord's side, by REST. */
export function discordChecks(options: DiscordCheckOptions): readonly Check[] {
  const { api } = options;
  let reading: Promise<ApplicationFacts> | undefined;
  const application = () => {
    reading ??= api.get("/applications/@me").then(readApplicationFacts);
    return reading;
  };
  /** Without the application one line says so, and there is nothing more to say. */
  const knowing =
    (name: string, look: (facts: ApplicationFacts, signal: AbortSignal) => Promise<readonly Finding[]>) =>
    async (signal: AbortSignal) => {
      const facts = await application().catch(() => undefined);
      return facts ? look(facts, signal).catch((error: unknown) => [unanswered(name, error)]) : [];
    };
  const check = (name: string, look: Parameters<typeof knowing>[1]): Check => ({
    name,
    run: knowing(name, look),
  });
  return [
    { name: "Discord", run: () => lookAtSelf(options, application) },
    check("Discord gateway", (_facts, signal) => lookAtGateway(options, signal)),
    check("Discord servers", (facts, signal) => lookAtServers(options, facts, signal)),
    check("Discord commands", (facts, signal) => lookAtCommands(options, facts, signal)),
  ];
}

function unanswered(name: string, error: unknown): Finding {
  if (!(error instanceof DiscordTrouble)) throw error;
  const advice = "Try again in a minute; if it stays so, look at discordstatus.com and at what is between.";
  return findings(name).problem(`Discord gives no answer here (${error.message}).`, advice);
}

async function lookAtSelf(
  { api, mentionOnly, guildIds }: DiscordCheckOptions,
  application: () => Promise<ApplicationFacts>,
): Promise<readonly Finding[]> {
  try {
    const facts = await application();
    return [
      ...lookAtApplication(facts, mentionOnly),
      ...lookAtInstallation(facts, guildIds.length > 0),
      ...lookAtClock(api.clockAheadMs()),
    ];
  } catch (error) {
    return [withoutApplication(error), ...lookAtClock(api.clockAheadMs())];
  }
}

async function lookAtGateway(
  { api, gateway }: DiscordCheckOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const session = readSessionFacts(await api.get("/gateway/bot", signal));
  const connection = gateway ? lookAtState(gateway()) : await lookAtGreeting(session.url, signal);
  return [connection, lookAtStarts(session)];
}

async function lookAtServers(
  options: DiscordCheckOptions,
  application: ApplicationFacts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { api, guildIds, onlyGuild, channelIds, roles, now } = options;
  const botId = application.bot?.id ?? application.id;
  const present = readGuildList(await api.get("/users/@me/guilds", signal));
  const served = servedGuilds(guildIds, present);
  const shown = served.filter(({ id }) => onlyGuild === undefined || id === onlyGuild);
  const guilds = await Promise.all(
    shown.map(async ({ id }) => {
      const [guild, member] = await Promise.all([
        api.get(`/guilds/${id}`, signal).then(readGuildFacts),
        api.get(`/guilds/${id}/members/${botId}`, signal).then(readMemberFacts),
      ]);
      return { guild, member: membershipOf(guild, member, botId, now()) };
    }),
  );
  const members = guilds.map(({ member }) => member);
  const channels = await Promise.all(
    channelIds.map((id) => lookAtChannel(api, id, members, { served, onlyGuild }, signal)),
  );
  // Where all guilds are looked at, a role that none has is a mistake.
  const rolesHere = onlyGuild === undefined ? roles : [];
  return [
    ...(onlyGuild === undefined ? lookAtGuilds(guildIds, present) : []),
    ...guilds.flatMap(({ guild, member }) => lookAtPermissions(member, `in ${guild.name}`)),
    ...channels.flat(),
    ...lookAtRoles(
      rolesHere,
      guilds.map(({ guild }) => guild),
    ),
  ];
}

async function lookAtCommands(
  { api, guildIds, commands, onlyGuild }: DiscordCheckOptions,
  { id: applicationId }: ApplicationFacts,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const check = findings("Discord commands");
  const scopes = scopesOf({ applicationId, guildIds, commands }).filter(
    ({ guildId }) => onlyGuild === undefined || guildId === undefined || guildId === onlyGuild,
  );
  const advice = "Run kagent-discord register; a start of the bot does the same.";
  const looked = await Promise.all(
    scopes.map(async (scope): Promise<readonly Finding[]> => {
      const where = scope.guildId === undefined ? "everywhere" : `in server ${scope.guildId}`;
      try {
        const same = await isRegistered({ get: (path) => api.get(path, signal) }, scope);
        const left = `Commands are registered globally too, so they show twice.`;
        const differing = `The registered commands ${where} are not those of this configuration.`;
        return same ? [] : [check.warning(scope.wanted.length === 0 ? left : differing, advice)];
      } catch (error) {
        const forbidden = error instanceof DiscordTrouble && error.status === 403;
        return [
          check.problem(
            `Discord does not tell the commands ${where}.`,
            forbidden
              ? "Invite the bot again with the scope applications.commands: kagent-discord invite prints the link."
              : "Try again; if it stays so, look at the status of Discord.",
          ),
        ];
      }
    }),
  );
  const troubles = looked.flat();
  return troubles.length > 0
    ? troubles
    : [check.ok(`${counted(commands.length, "command")} registered as configured.`)];
}
