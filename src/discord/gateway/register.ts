import { BridgeError } from "../../conversation/errors.ts";
import type { Log } from "../../conversation/ports.ts";
import type { CommandJson } from "./command-json.ts";

/** The calls that registering makes; bodies are what Discord's API returns. */
export interface CommandsApi {
  get(path: `/${string}`): Promise<unknown>;
  put(path: `/${string}`, body: unknown): Promise<unknown>;
}

/** Where commands are registered. No guild ids: globally, and what is left in the one guild that is then served goes. */
export interface Registration {
  readonly applicationId: string;
  readonly guildIds: readonly string[];
  readonly commands: readonly CommandJson[];
}

/**
 * Makes Discord's commands equal to ours, with one bulk overwrite per scope and only where they differ: a start
 * that changes nothing costs nothing of the day's budget of 200 creations. Resolves with the scopes overwritten. A
 * guild that fails keeps no other one from its commands, and global ones then stay; rejects with
 * `BridgeError("discord-failed")` afterwards.
 */
export async function registerCommands(
  api: CommandsApi,
  { applicationId, guildIds, commands }: Registration,
  log: Log,
): Promise<readonly string[]> {
  if (guildIds.length === 0) await clearOnlyGuild(api, applicationId, commands, log);
  const changed: string[] = [];
  const failures: unknown[] = [];
  for (const { path, guildId, wanted } of scopesOf({ applicationId, guildIds, commands })) {
    // Twice in some servers is better than nowhere in the one that failed.
    if (guildId === undefined && failures.length > 0) break;
    try {
      if (await isRegistered(api, { path, wanted })) continue;
      await api.put(path, wanted);
      changed.push(path);
    } catch (err) {
      log.error({ err, path }, "commands could not be registered here; those of before still work");
      failures.push(err);
    }
  }
  if (failures.length > 0) {
    const sentence =
      "Commands could not be registered everywhere. Is the bot in every server of DISCORD_GUILD_IDS? The log has the details.";
    throw new BridgeError("discord-failed", sentence, { cause: failures[0] });
  }
  log.info(
    { commands: commands.length, changed },
    changed.length > 0 ? "commands registered" : "commands unchanged",
  );
  return changed;
}

/** One list of commands at Discord; without a guild id the global one. */
export interface CommandScope {
  readonly path: `/${string}`;
  readonly guildId?: string;
  readonly wanted: readonly CommandJson[];
}

/** All lists that concern us. Global commands left over from before the guilds were named would show everything twice; they go last. */
export function scopesOf({ applicationId, guildIds, commands }: Registration): readonly CommandScope[] {
  const inGuilds = guildIds.map((guildId): CommandScope => {
    const path: `/${string}` = `/applications/${applicationId}/guilds/${guildId}/commands`;
    return { path, guildId, wanted: commands.map(toGuildCommand) };
  });
  const wanted = guildIds.length === 0 ? commands : [];
  return [...inGuilds, { path: `/applications/${applicationId}/commands`, wanted }];
}

/** Whether Discord has in this scope exactly what is wanted. Rejects with what `get` rejects with. */
export async function isRegistered(
  { get }: Pick<CommandsApi, "get">,
  { path, wanted }: CommandScope,
): Promise<boolean> {
  return isSame(await get(`${path}?with_localizations=true`), wanted);
}

/** Only global commands have these fields: Discord does not give them back for a guild's, which would differ for ever. */
function toGuildCommand({ contexts: _, integration_types: __, ...command }: CommandJson): CommandJson {
  return command;
}

/**
 * Commands left in a guild from before its id was taken out of the configuration would show everything twice. Without
 * ids a guild is served only where it is the only one; strangers' guilds are none of our business.
 */
async function clearOnlyGuild(
  api: CommandsApi,
  applicationId: string,
  commands: readonly CommandJson[],
  log: Log,
): Promise<void> {
  try {
    const guilds = await api.get("/users/@me/guilds?limit=2");
    const [only, another] = Array.isArray(guilds) ? guilds : [];
    const id = field(only, "id");
    if (typeof id !== "string" || another !== undefined) return;
    const path: `/${string}` = `/applications/${applicationId}/guilds/${id}/commands`;
    const left = await api.get(path);
    const names = new Set<unknown>(commands.map((one) => one.name));
    if (!Array.isArray(left) || !left.some((one) => names.has(field(one, "name")))) return;
    await api.put(path, []);
    log.info({ path }, "commands left in this server were removed: they are global now");
  } catch (err) {
    log.warn({ err }, "commands left in a server could not be looked for; they may show twice");
  }
}

/** Whether what Discord has says the same as ours, whatever it adds (ids, versions, defaults, empty lists). */
function isSame(known: unknown, ours: readonly CommandJson[]): boolean {
  if (!Array.isArray(known) || known.length !== ours.length) return false;
  const theirs = new Map(known.map((one) => [`${field(one, "type") ?? 1}/${field(one, "name")}`, one]));
  return ours.every((one) => covers(theirs.get(`${one.type}/${one.name}`), one));
}

const TRANSLATIONS = ["name_localizations", "description_localizations"];

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Whether `theirs` has everything that `ours` says; an absent field stands for an empty or false one. */
function covers(theirs: unknown, ours: unknown): boolean {
  if (isEmpty(theirs) && isEmpty(ours)) return true;
  if (Array.isArray(ours)) {
    if (!Array.isArray(theirs) || theirs.length !== ours.length) return false;
    return ours.every((one, index) => covers(theirs[index], one));
  }
  if (typeof ours === "object" && ours !== null) {
    const same = ([key, value]: [string, unknown]) =>
      TRANSLATIONS.includes(key)
        ? hasSameTexts(field(theirs, key), value)
        : covers(field(theirs, key), value);
    return Object.entries(ours).every(same) && !hasMore(theirs, ours);
  }
  return theirs === ours;
}

/** What Discord still has of what we can set, and dropped; everything else on a command is Discord's own. */
function hasMore(theirs: unknown, ours: object): boolean {
  return SETTABLE.some((key) => !isEmpty(field(theirs, key)) && !(key in ours));
}

const SETTABLE = ["options", "max_length", "min_length", "autocomplete", ...TRANSLATIONS];

/** Tables of translations must have the same languages: one that was dropped has to go. */
function hasSameTexts(theirs: unknown, ours: unknown): boolean {
  const known = typeof theirs === "object" && theirs !== null ? theirs : {};
  const wanted = typeof ours === "object" && ours !== null ? ours : {};
  return Object.keys(known).length === Object.keys(wanted).length && covers(known, wanted);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
