import type { Environment } from "./environment.ts";
import type { ConfigFile } from "./file.ts";
import { suggestion } from "./suggestion.ts";

/** Everything that a part of the configuration is made from, and where its mistakes go. */
export interface ConfigInput {
  readonly env: Environment;
  readonly file: ConfigFile;
  /** A mistake at a place of the file. */
  fileProblem(path: readonly PropertyKey[], sentence: string): void;
}

/** `There is no cluster “prdo”. Did you mean “prod”?` */
export function noCluster(name: string, known: readonly string[]): string {
  const hint = suggestion(name, known) || ` Known: ${known.join(", ")}.`;
  return `There is no cluster “${name}”.${hint}`;
}

/** Calls `onRepeated` with the position of each entry whose key an earlier entry has. */
export function eachRepeated(
  keys: readonly string[],
  onRepeated: (index: number, key: string) => void,
): void {
  for (const [index, key] of keys.entries()) if (keys.indexOf(key) < index) onRepeated(index, key);
}
