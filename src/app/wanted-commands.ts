import about from "../../commands/about.ts";
import { commandsFor } from "../../commands/index.ts";
import { LOCALES, QUESTION_OPTIONS } from "../../commands/locales.ts";
import type { Config } from "../config/config.ts";
import { type CommandJson, toCommandsJson } from "../discord/gateway/command-json.ts";

/** What Discord shall offer people, by this configuration. */
export function wantedCommands({ routing }: Pick<Config, "routing">): readonly CommandJson[] {
  const commands = commandsFor(routing.routes, routing.clusters.length);
  return toCommandsJson(commands, about.name, LOCALES, QUESTION_OPTIONS);
}
