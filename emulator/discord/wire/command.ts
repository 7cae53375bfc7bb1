import { isList, isObject, type Json, type JsonObject, textAt } from "../json.ts";
import type { Command } from "../world/commands.ts";

/** A command as Discord gives it back: defaults filled in, options without what is false or null. */
export function commandJson(command: Command, applicationId: string, withLocalizations: boolean): JsonObject {
  const { definition } = command;
  const bits = definition.default_member_permissions;
  const json: JsonObject = {
    id: command.id,
    application_id: applicationId,
    version: command.version,
    type: command.type,
    name: command.name,
    name_localizations: definition.name_localizations ?? null,
    description: textAt(definition, "description") ?? "",
    description_localizations: definition.description_localizations ?? null,
    default_member_permissions: bits === undefined || bits === null ? null : String(bits),
    nsfw: definition.nsfw === true,
    ...(command.guildId === undefined ? globalJson(definition) : { guild_id: command.guildId }),
    ...(definition.options === undefined ? {} : { options: tidy(definition.options) }),
  };
  return withLocalizations ? json : withoutLocalizations(json);
}

function globalJson(definition: JsonObject): JsonObject {
  return {
    dm_permission: true,
    contexts: definition.contexts ?? null,
    integration_types: definition.integration_types ?? [0],
  };
}

function tidy(value: Json | undefined): Json {
  if (isList(value)) return value.map(tidy);
  if (!isObject(value)) return value ?? null;
  const kept = Object.entries(value).filter(([key, member]) => {
    const isDefault = member === false && (key === "required" || key === "autocomplete");
    return !isDefault && member !== null && member !== undefined;
  });
  return Object.fromEntries(kept.map(([key, member]) => [key, tidy(member)]));
}

function withoutLocalizations(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([key]) => !key.endsWith("_localizations"));
  const inner = (member: Json | undefined): Json | undefined =>
    isList(member) ? member.map((entry) => (isObject(entry) ? withoutLocalizations(entry) : entry)) : member;
  return Object.fromEntries(kept.map(([key, member]) => [key, inner(member)]));
}
