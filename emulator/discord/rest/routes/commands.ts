import { refuse } from "../../errors.ts";
import { isList, isObject } from "../../json.ts";
import { commandJson } from "../../wire/command.ts";
import type { Command } from "../../world/commands.ts";
import { guildOf } from "../access.ts";
import { type Answer, type Call, noContent, ok, param, type Route } from "../call.ts";

const bucket = { name: "commands", major: ["guild_id"] } as const;
const readBucket = { name: "other", major: ["guild_id"] } as const;

export const commandRoutes: readonly Route[] = [
  "/applications/{application_id}/commands",
  guildPath(),
].flatMap((path): Route[] => [
  { method: "GET", path, auth: "bot", bucket: readBucket, run: list },
  { method: "PUT", path, auth: "bot", bucket, run: replace },
  { method: "POST", path, auth: "bot", bucket, run: create },
  { method: "GET", path: `${path}/{command_id}`, auth: "bot", bucket: readBucket, run: get },
  { method: "PATCH", path: `${path}/{command_id}`, auth: "bot", bucket, run: edit },
  { method: "DELETE", path: `${path}/{command_id}`, auth: "bot", bucket, run: remove },
]);

function guildPath(): string {
  return "/applications/{application_id}/guilds/{guild_id}/commands";
}

/** The guild of the path, or undefined for global commands. */
function scopeOf(call: Call): string | undefined {
  if (param(call, "application_id") !== call.world.applicationId) throw refuse("unknownApplication");
  return call.params.guild_id === undefined ? undefined : guildOf(call).id;
}

function json(call: Call, command: Command, withLocalizations: boolean) {
  return commandJson(command, call.world.applicationId, withLocalizations);
}

function list(call: Call): Answer {
  const localized = call.query.get("with_localizations") === "true";
  return ok(call.world.commands.list(scopeOf(call)).map((command) => json(call, command, localized)));
}

function replace(call: Call): Answer {
  const definitions = isList(call.json) ? call.json.filter(isObject) : [];
  return ok(
    call.world.commands.replace(scopeOf(call), definitions).map((command) => json(call, command, true)),
  );
}

function create(call: Call): Answer {
  const { command, isNew } = call.world.commands.put(scopeOf(call), call.body);
  return { status: isNew ? 201 : 200, body: json(call, command, true) };
}

function get(call: Call): Answer {
  return ok(json(call, call.world.commands.find(scopeOf(call), param(call, "command_id")), true));
}

function edit(call: Call): Answer {
  return ok(json(call, call.world.commands.edit(scopeOf(call), param(call, "command_id"), call.body), true));
}

function remove(call: Call): Answer {
  call.world.commands.remove(scopeOf(call), param(call, "command_id"));
  return noContent;
}
