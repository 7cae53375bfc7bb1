import { nearestName } from "../conversation/nearest.ts";
import type { ReadFile, Variables } from "./environment.ts";
import { VARIABLES, type Variable } from "./variables.ts";

const OURS = /^(DISCORD|KAGENT|CF_ACCESS|AUDIT|STORE|OTEL|HTTPS?)_/i;
const SOUNDS_SECRET = /TOKEN|SECRET|PASSWORD|CREDENTIAL|HEADERS|_KEY\b|PROXY/i;

/**
 * Everything in the environment that is, or sounds like, a secret: for output that comes before the configuration is known to be
 * sound, such as the list of its mistakes. Names that are misspelt count too, and files that `…_FILE` names. Never throws.
 */
export function secretValues(variables: Variables, readFile: ReadFile): readonly string[] {
  const values = Object.entries(variables).flatMap(([name, value = ""]) => {
    if (value.trim() === "" || !isSecret(name)) return [];
    return /_FILE$/i.test(name) ? [contentOf(value.trim(), readFile)] : [value.trim()];
  });
  return [...new Set(values.flatMap((value) => [value, ...partsOf(value)]))].filter((value) => value !== "");
}

function isSecret(name: string): boolean {
  if (!OURS.test(name)) return false;
  if (SOUNDS_SECRET.test(name)) return true;
  const all: readonly Variable[] = VARIABLES;
  const known = all.find((one) => one.name === name);
  const secrets = all.filter(({ secret }) => secret).map((one) => one.name);
  return known ? known.secret === true : nearestName(name, secrets) !== undefined;
}

/** Values in a list of headers, and the password in an address. */
function partsOf(value: string): readonly string[] {
  const headers = value.split(",").flatMap((pair) => /^[^=]*=\s*(?:\S+ )?(\S+)\s*$/.exec(pair)?.[1] ?? []);
  const { username, password } = URL.canParse(value) ? new URL(value) : { username: "", password: "" };
  return [...headers, password === "" ? username : password];
}

function contentOf(path: string, readFile: ReadFile): string {
  try {
    return readFile(path).trim();
  } catch {
    return "";
  }
}
