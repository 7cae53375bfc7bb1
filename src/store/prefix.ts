/**
 * The smallest text after every text that starts with `prefix`, by code points; undefined when there is none.
 * `key >= prefix AND key < prefixEnd(prefix)` uses the index and has no wildcards to escape.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = nextCodePoint(last.codePointAt(0) ?? 0);
    if (next !== undefined) return points.join("") + String.fromCodePoint(next);
  }
  return undefined;
}

function nextCodePoint(point: number): number | undefined {
  if (point === 0x10ffff) return undefined;
  // Surrogates are no characters of their own and have no UTF-8 form.
  return point === 0xd7ff ? 0xe000 : point + 1;
}
