import { ConfigError, type ConfigProblem } from "../../src/config/problem.ts";
import { readConfig } from "../../src/config/read.ts";

/** Files by path, as a reader sees them. */
export type Files = Readonly<Record<string, string>>;

export const MINIMUM = { DISCORD_BOT_TOKEN: "MARKER-token", KAGENT_BASE_URL: "http://kagent:8083" };

/** A reader of the given files; every other path is missing. */
export function reading(files: Files) {
  return (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  };
}

/** The configuration of the smallest environment with `variables` on top, and `yaml` as the file. */
export function configOf(
  variables: Readonly<Record<string, string | undefined>> = {},
  yaml?: string,
  files: Files = {},
) {
  if (yaml === undefined) return readConfig({ ...MINIMUM, ...variables }, reading(files));
  const all = { ...files, "config.yaml": yaml };
  return readConfig({ ...MINIMUM, CONFIG_FILE: "config.yaml", ...variables }, reading(all));
}

/** The mistakes that reading finds; none when it succeeds. */
export function problemsOf(read: () => unknown): readonly ConfigProblem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The mistakes as `path: sentence` (`line:column path: sentence` for the file). */
export function mistakes(
  variables: Readonly<Record<string, string | undefined>>,
  yaml?: string,
  files: Files = {},
) {
  return problemsOf(() => configOf(variables, yaml, files)).map(({ line, column, path, sentence }) =>
    line === undefined ? `${path}: ${sentence}` : `${line}:${column} ${path}: ${sentence}`,
  );
}
