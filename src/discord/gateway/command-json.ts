import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPutAPIApplicationCommandsJSONBody,
} from "discord.js";
import type { Command, Localized, OptionSpec } from "../command.ts";

/** One command as Discord wants it. */
export type CommandJson = RESTPutAPIApplicationCommandsJSONBody[number];

/** Translations of one command, from the table of locales. */
export interface CommandTranslations {
  readonly names?: Localized;
  readonly descriptions: Localized;
  readonly options?: Readonly<Record<string, Localized>>;
}

/** Everything that is registered: slash commands, then the message command. A pure function of its input. */
export function toCommandsJson(
  commands: readonly Command[],
  messageCommand: string,
  locales: Readonly<Record<string, CommandTranslations>>,
  questionOptions: Readonly<Record<string, Localized>>,
): readonly CommandJson[] {
  const slash = commands.map((command) => slashJson(command, locales[command.name], questionOptions));
  return [...slash, messageJson(messageCommand, locales[messageCommand]?.names ?? {})];
}

function slashJson(
  command: Command,
  translations: CommandTranslations | undefined,
  questionOptions: Readonly<Record<string, Localized>>,
): CommandJson {
  const texts = translations?.options ?? questionOptions;
  return {
    type: ApplicationCommandType.ChatInput,
    name: command.name,
    name_localizations: { ...(command.names ?? translations?.names) },
    description: short(command.description),
    description_localizations: shortened(command.descriptions ?? translations?.descriptions ?? {}),
    options: Object.entries(command.options).map(([name, spec]) => optionJson(name, spec, texts[name] ?? {})),
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  };
}

function optionJson(name: string, spec: OptionSpec, descriptions: Localized) {
  const shared = {
    name,
    description: short(spec.description),
    description_localizations: shortened(descriptions),
    required: spec.required ?? false,
  };
  if (spec.type === "file") return { ...shared, type: ApplicationCommandOptionType.Attachment } as const;
  const type = ApplicationCommandOptionType.String as const;
  if (spec.complete) return { ...shared, type, autocomplete: true as const };
  return { ...shared, type, ...(spec.maxLength === undefined ? {} : { max_length: spec.maxLength }) };
}

function messageJson(name: string, names: Localized): CommandJson {
  return {
    type: ApplicationCommandType.Message,
    name,
    name_localizations: { ...names },
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  };
}

/** One description over 100 characters would make Discord refuse all commands. */
function short(text: string): string {
  const points = [...text];
  return points.length <= 100 ? text : `${points.slice(0, 99).join("")}…`;
}

function shortened(texts: Localized): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([locale, text]) => [locale, short(text)]));
}
