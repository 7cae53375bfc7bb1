import { type Json, type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import type { Command } from "../world/commands.ts";
import type { Channel, User } from "../world/model.ts";
import { permissionBits, permissionsIn } from "../world/permissions.ts";
import type { World } from "../world/world.ts";
import { type FileInput, isFileInput, upload } from "./files.ts";
import type { Resolved } from "./resolved.ts";

/** What somebody types into an option. Users, channels and roles by id. */
type OptionInput = string | number | boolean | FileInput;
export type OptionInputs = Readonly<Record<string, OptionInput>>;

const optionTypes = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
} as const;
const NUMBER = 10;
const ATTACHMENT = 11;

/** The commands that this person is offered here. */
export function offeredCommands(world: World, channel: Channel, user: User): Command[] {
  const own = channel.guildId === undefined ? [] : world.commands.list(channel.guildId);
  const global = world.commands.list(undefined).filter((command) => fitsContext(command, channel));
  // A guild's command hides the global one of the same name.
  const shown = global.filter(
    (command) => !own.some((other) => other.name === command.name && other.type === command.type),
  );
  return [...own, ...shown].filter((command) => mayUse(world, command, channel, user));
}

function fitsContext(command: Command, channel: Channel): boolean {
  const contexts = listAt(command.definition, "contexts");
  return !contexts || contexts.includes(channel.kind === "dm" ? 1 : 0);
}

function mayUse(world: World, command: Command, channel: Channel, user: User): boolean {
  const permissions = permissionsIn(world, channel, user);
  if ((permissions & permissionBits.USE_APPLICATION_COMMANDS) === 0n) return false;
  const needed = command.definition.default_member_permissions;
  if (needed === undefined || needed === null || channel.kind === "dm") return true;
  if (permissions & permissionBits.ADMINISTRATOR) return true;
  const bits = BigInt(String(needed));
  return bits !== 0n && (permissions & bits) === bits;
}

/** Finds the command that `typed` ("/ask", "/approvals list") starts. Throws when it is not offered. */
export function findSlash(
  world: World,
  channel: Channel,
  user: User,
  typed: string,
): { command: Command; path: string[] } {
  const [name = "", ...path] = typed.replace(/^\//, "").split(" ");
  const slash = offeredCommands(world, channel, user).filter((command) => command.type === 1);
  const command = slash.find((candidate) => candidate.name === name || localName(candidate, user) === name);
  if (command) return { command, path };
  const offered = slash.map((candidate) => `/${candidate.name}`).join(" ") || "none";
  throw new Error(`/${name} is not offered to ${user.displayName} here; offered: ${offered}`);
}

function localName(command: Command, user: User): string | undefined {
  return textAt(objectAt(command.definition, "name_localizations") ?? {}, user.locale);
}

/** The interaction data of a slash command. Throws like Discord's client for missing or unfit options. */
export function slashData(
  world: World,
  chosen: { readonly command: Command; readonly path: readonly string[] },
  inputs: OptionInputs,
  resolved: Resolved,
  focused?: string,
): JsonObject {
  const { command } = chosen;
  const options = descend(objectsAt(command.definition, "options"), chosen.path, (leaf) =>
    readOptions(world, `/${command.name}`, leaf, inputs, resolved, focused),
  );
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guildId === undefined ? {} : { guild_id: command.guildId }),
    ...(options.length > 0 ? { options } : {}),
    ...resolved.json(),
  };
}

function descend(
  options: readonly JsonObject[],
  path: readonly string[],
  read: (options: readonly JsonObject[]) => JsonObject[],
): JsonObject[] {
  const [step, ...rest] = path;
  if (step === undefined) return read(options);
  const next = options.find(
    (option) => option.name === step && (numberAt(option, "type") ?? 0) <= optionTypes.group,
  );
  if (!next) throw new Error(`no subcommand "${step}"`);
  return [
    { name: step, type: numberAt(next, "type"), options: descend(objectsAt(next, "options"), rest, read) },
  ];
}

function readOptions(
  world: World,
  where: string,
  options: readonly JsonObject[],
  inputs: OptionInputs,
  resolved: Resolved,
  focused: string | undefined,
): JsonObject[] {
  const known = options.map((option) => textAt(option, "name") ?? "");
  const unknown = Object.keys(inputs).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`${where} has no option "${unknown}"; it has: ${known.join(", ")}`);
  return options.flatMap((option) => {
    const name = textAt(option, "name") ?? "";
    const input = inputs[name];
    if (input === undefined) {
      if (option.required === true && focused === undefined) throw new Error(`${where} needs "${name}"`);
      return [];
    }
    const isFocused = name === focused;
    const value = isFocused ? String(input) : readValue(world, option, input, resolved);
    return [{ name, type: numberAt(option, "type"), value, ...(isFocused ? { focused: true } : {}) }];
  });
}

function readValue(world: World, option: JsonObject, input: OptionInput, resolved: Resolved): Json {
  const type = numberAt(option, "type") ?? 0;
  const name = textAt(option, "name") ?? "";
  if (isFileInput(input)) {
    if (type !== ATTACHMENT) throw new Error(`"${name}" takes no file`);
    return resolved.attachment(upload(world, input));
  }
  if (type === ATTACHMENT) throw new Error(`"${name}" takes a file`);
  const found = reference(world, type, String(input), resolved);
  if (found !== undefined) return found;
  checkRange(option, name, input);
  return input;
}

function reference(world: World, type: number, id: string, resolved: Resolved): string | undefined {
  if (type < optionTypes.user || type > optionTypes.role) return undefined;
  const user = type === optionTypes.user ? world.users.get(id) : undefined;
  const channel = type === optionTypes.channel ? world.channels.get(id) : undefined;
  const roles = [...world.guilds.values()].flatMap((guild) => guild.roles.get(id) ?? []);
  const role = type === optionTypes.role ? roles[0] : undefined;
  if (user) return resolved.user(user);
  if (channel) return resolved.channel(channel);
  if (role) return resolved.role(role);
  throw new Error(`nobody and nothing has the id ${id}`);
}

function checkRange(option: JsonObject, name: string, input: string | number | boolean): void {
  const type = numberAt(option, "type");
  const wanted =
    type === optionTypes.string
      ? "string"
      : type === optionTypes.boolean
        ? "boolean"
        : type === optionTypes.integer || type === NUMBER
          ? "number"
          : undefined;
  if (wanted !== undefined && typeof input !== wanted) throw new Error(`"${name}" takes a ${wanted}`);
  const size = typeof input === "string" ? input.length : Number(input);
  const [least, most] = typeof input === "string" ? ["min_length", "max_length"] : ["min_value", "max_value"];
  const isOutside =
    size < (numberAt(option, least ?? "") ?? -Infinity) || size > (numberAt(option, most ?? "") ?? Infinity);
  // Discord's client cuts nothing off: it does not let the command be sent.
  if (isOutside || (typeof input === "string" && input.length > 6000))
    throw new Error(`"${name}" is out of range`);
  const choices = objectsAt(option, "choices");
  if (choices.length > 0 && !choices.some((choice) => choice.value === input)) {
    throw new Error(`"${name}" has no choice ${String(input)}`);
  }
}
