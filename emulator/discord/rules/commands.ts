import { invalidForm, refuse } from "../errors.ts";
import { isObject, type JsonObject, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import { codePoints } from "./text.ts";

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const MOST_OF_TYPE: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15, 4: 1 };
const MOST_TEXT = 8000;
const SUBCOMMAND = 1;
const GROUP = 2;

/**
 * Checks a whole set of commands, as a bulk overwrite brings it. Throws 30032 for too many, 50035 for the rest.
 * Source: https://docs.discord.com/developers/interactions/application-commands
 */
export function checkCommands(commands: readonly JsonObject[]): void {
  const counts = new Map<number, number>();
  const seen = new Set<string>();
  for (const [index, command] of commands.entries()) {
    const type = numberAt(command, "type") ?? 1;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if ((counts.get(type) ?? 0) > (MOST_OF_TYPE[type] ?? 0)) throw refuse("tooManyCommands");
    const key = `${type} ${textAt(command, "name")}`;
    if (seen.has(key)) {
      throw invalidForm(
        `${index}.name`,
        "APPLICATION_COMMANDS_DUPLICATE_NAME",
        "Application command names must be unique",
      );
    }
    seen.add(key);
    checkCommand(command, type, String(index));
  }
}

export function checkCommand(command: JsonObject, type: number, path: string): void {
  if (type === 1) checkSlash(command, path);
  else checkContextMenu(command, path);
  if (commandText(command) > MOST_TEXT) {
    throw invalidForm(path, "APPLICATION_COMMAND_TOO_LARGE", `Command exceeds maximum size (${MOST_TEXT})`);
  }
}

function checkSlash(command: JsonObject, path: string): void {
  checkNamed(command, path);
  checkOptions(objectsAt(command, "options"), path, 0);
}

function checkContextMenu(command: JsonObject, path: string): void {
  if (textAt(command, "description")) {
    throw invalidForm(
      `${path}.description`,
      "BASE_TYPE_MUST_BE_EMPTY",
      "Context menu commands cannot have description",
    );
  }
  if (objectsAt(command, "options").length > 0) {
    throw invalidForm(
      `${path}.options`,
      "BASE_TYPE_MUST_BE_EMPTY",
      "Context menu commands cannot have options",
    );
  }
}

/** Name and description of a command or an option, in every language. */
function checkNamed(named: JsonObject, path: string): void {
  const names = { name: textAt(named, "name"), ...objectAt(named, "name_localizations") };
  for (const [key, name] of Object.entries(names)) {
    if (typeof name !== "string" || !NAME.test(name) || name !== name.toLowerCase()) {
      const where = key === "name" ? "name" : `name_localizations.${key}`;
      throw invalidForm(`${path}.${where}`, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
  }
  const length = codePoints(textAt(named, "description") ?? "");
  if (length < 1 || length > 100) {
    throw invalidForm(`${path}.description`, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
  }
}

function checkOptions(options: readonly JsonObject[], path: string, depth: number): void {
  const names = options.map((option) => textAt(option, "name"));
  if (new Set(names).size !== names.length) {
    throw invalidForm(
      `${path}.options`,
      "APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE",
      "Option names must be unique",
    );
  }
  const firstOptional = options.findIndex((option) => option.required !== true);
  if (firstOptional >= 0 && options.slice(firstOptional).some((option) => option.required === true)) {
    throw invalidForm(
      `${path}.options`,
      "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
      "Required options must be placed before non-required options",
    );
  }
  for (const [index, option] of options.entries()) checkOption(option, `${path}.options.${index}`, depth);
}

function checkOption(option: JsonObject, path: string, depth: number): void {
  checkNamed(option, path);
  const type = numberAt(option, "type") ?? 0;
  const choices = objectsAt(option, "choices");
  if (option.autocomplete === true && choices.length > 0) {
    throw invalidForm(
      `${path}.choices`,
      "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES",
      "autocomplete excludes choices",
    );
  }
  if (type === SUBCOMMAND || type === GROUP) {
    if (depth > 1)
      throw invalidForm(`${path}.type`, "BASE_TYPE_CHOICES", "Subcommands nest two levels deep at most");
    checkOptions(objectsAt(option, "options"), path, depth + 1);
  }
}

/** Code points of all names, descriptions and choice values; of translations the longest counts. */
function commandText(value: JsonObject): number {
  const longest = (key: string) => {
    const translations = objectAt(value, `${key}_localizations`) ?? {};
    const all = [textAt(value, key) ?? "", ...Object.values(translations).map(String)];
    return Math.max(...all.map(codePoints));
  };
  const own = longest("name") + longest("description");
  const choiceValue = typeof value.value === "string" ? codePoints(value.value) : 0;
  const children = [...objectsAt(value, "options"), ...objectsAt(value, "choices")].filter(isObject);
  return children.reduce((sum, child) => sum + commandText(child), own + choiceValue);
}
