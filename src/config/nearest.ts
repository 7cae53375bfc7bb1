/** The known name that `typed` most likely meant; undefined when none is near. */
function nearest(typed: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (!best) return undefined;
  const { name, distance: steps } = best;
  // Two steps cover swapped letters, and turn any two letters into any others.
  return steps <= Math.max(2, Math.floor(name.length / 3)) && steps < name.length - 1 ? name : undefined;
}

/** ` Did you mean “name”?`, or nothing. */
export function suggestion(typed: string, known: readonly string[]): string {
  const name = nearest(typed, known);
  return name === undefined ? "" : ` Did you mean “${name}”?`;
}

/** Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
