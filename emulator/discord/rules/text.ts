/** Length as Discord counts it: Unicode code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Message text as Discord keeps it: without outer white space and NUL characters. */
export function keptText(text: string): string {
  return text.replaceAll("\0", "").trim();
}

/** A file's name as Discord keeps it. */
export function keptFilename(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? "";
  const kept = base.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^\.+/, "");
  return kept === "" ? "unknown" : kept;
}
