import { nearestName } from "../conversation/nearest.ts";

/** ` Did you mean “name”?`, or nothing. */
export function suggestion(typed: string, known: readonly string[]): string {
  const name = nearestName(typed, known);
  return name === undefined ? "" : ` Did you mean “${name}”?`;
}
