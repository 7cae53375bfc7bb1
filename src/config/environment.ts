import type { ConfigProblem } from "./problem.ts";
import { suggestion } from "./suggestion.ts";
import { readUrl, type UrlPurpose } from "./url.ts";
import { type LowerCaseName, VARIABLES, type VariableName } from "./variables.ts";
import { WORDS } from "./words.ts";

/** The environment as a process has it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A bare token, a whole header value, or a key of ours. */
type SecretForm = "token" | "headerValue" | "key";

/** Gives the text of a file; throws when it cannot be read. */
export type ReadFile = (path: string) => string;

/**
 * Reads environment variables into exact values and reports what is wrong with them. A variable that is unset, empty or
 * wrong reads as undefined; `isSet` tells those apart. Secrets are also read from the file that `NAME_FILE` names.
 */
export interface Environment {
  isSet(name: VariableName): boolean;
  text(name: VariableName | LowerCaseName): string | undefined;
  flag(name: VariableName): boolean | undefined;
  /** Entries between commas, each of the given form. */
  list(name: VariableName, form: keyof typeof WORDS): readonly string[] | undefined;
  choice<const T extends string>(name: VariableName, values: readonly T[]): T | undefined;
  word(name: VariableName, form: keyof typeof WORDS): string | undefined;
  url(name: string, purpose: UrlPurpose): string | undefined;
  secret(name: string, form: SecretForm): string | undefined;
  problem(name: string, sentence: string): void;
  /** All names that are set. */
  names(): readonly string[];
}

/** Reads `variables`, with files from `readFile`; every mistake is handed to `report`. */
export function createEnvironment(
  variables: Variables,
  readFile: ReadFile,
  report: (problem: ConfigProblem) => void,
): Environment {
  const problem = (name: string, sentence: string) => report({ source: "env", path: name, sentence });
  const text = (name: string) => variables[name]?.trim() || undefined;
  const inForm = (name: string, value: string, form: keyof typeof WORDS) => {
    if (WORDS[form].pattern.test(value)) return true;
    problem(name, `“${value}” is not understood. ${WORDS[form].sentence}`);
    return false;
  };

  return {
    isSet: (name) => text(name) !== undefined || (isSecret(name) && text(`${name}_FILE`) !== undefined),
    text,
    problem,
    names: () => Object.keys(variables).filter((name) => text(name) !== undefined),
    secret(name, form) {
      const { value, from } = readSecret(name, text, readFile, problem);
      if (value === undefined || WORDS[form].pattern.test(value)) return value;
      problem(from, WORDS[form].sentence);
      return undefined;
    },
    flag(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (/^(true|1|yes|on)$/i.test(value)) return true;
      if (/^(false|0|no|off)$/i.test(value)) return false;
      problem(name, `“${value}” is not understood. Write true or false.`);
      return undefined;
    },
    list(name, form) {
      const entries = splitList(text(name));
      return entries?.filter((entry) => inForm(name, entry, form));
    },
    choice(name, values) {
      const value = text(name);
      if (value === undefined) return undefined;
      const known = values.find((one) => one === value.toLowerCase());
      const hint = suggestion(value, values);
      if (!known) problem(name, `“${value}” is not understood. Write one of ${values.join(", ")}.${hint}`);
      return known;
    },
    word(name, form) {
      const value = text(name);
      return value !== undefined && inForm(name, value, form) ? value : undefined;
    },
    url(name, purpose) {
      const value = text(name);
      if (value === undefined) return undefined;
      const read = readUrl(value, purpose);
      if ("url" in read) return read.url;
      problem(name, read.sentence);
      return undefined;
    },
  };
}

/** The entries of a list: commas between, blanks around them and empty ones dropped. */
export function splitList(text: string | undefined): readonly string[] | undefined {
  const entries = text?.split(",").map((entry) => entry.trim());
  return entries?.filter((entry) => entry !== "");
}

function readSecret(
  name: string,
  text: (name: string) => string | undefined,
  readFile: ReadFile,
  problem: (name: string, sentence: string) => void,
): { readonly value: string | undefined; readonly from: string } {
  const fileVariable = `${name}_FILE`;
  const path = text(fileVariable);
  const direct = text(name);
  const fromFile = path === undefined ? undefined : contentOf(path, readFile);
  if (path !== undefined && fromFile === undefined) problem(fileVariable, `The file ${path} cannot be read.`);
  if (fromFile === "") problem(fileVariable, `The file ${path} is empty.`);
  if (direct !== undefined && fromFile !== undefined && direct !== fromFile) {
    problem(name, `It differs from what ${fileVariable} says. Set only one of the two.`);
  }
  return { value: fromFile || direct, from: fromFile ? fileVariable : name };
}

function contentOf(path: string, readFile: ReadFile): string | undefined {
  try {
    return readFile(path).trim();
  } catch {
    return undefined;
  }
}

function isSecret(name: string): boolean {
  return VARIABLES.some((variable) => variable.name === name && "secret" in variable);
}
