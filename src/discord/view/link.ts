import { matchAt } from "./match-at.ts";

/** A Markdown link or image with a web address, as it stands in the source. */
export interface Link {
  readonly label: string;
  readonly url: string;
  readonly host: string;
  /** Index behind the closing parenthesis. */
  readonly end: number;
}

const DESTINATION =
  /\(\s*<?(https?:\/\/[^\s<>()`]*(?:\([^\s<>()`]*\)[^\s<>()`]*)*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/iy;
const UNFINISHED = /\([^\s()]*$/y;
const BARE = /https?:\/\/[^\s<>`|\\]+/iy;

/** For each `[` of a line, the index of its `]`; escaped brackets do not count. */
export function matchBrackets(source: string): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const stack: number[] = [];
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    if (character === "\\") index++;
    else if (character === "[") stack.push(index);
    else if (character === "]") {
      const opener = stack.pop();
      if (opener !== undefined) pairs.set(opener, index);
    }
  }
  return pairs;
}

/** The link whose `[` is at `at` and whose `]` is at `close`; other schemes and nested links are not links to Discord. */
export function readLink(source: string, at: number, close: number): Link | undefined {
  const found = matchAt(DESTINATION, source, close + 1);
  const url = found?.[1];
  const label = source.slice(at + 1, close);
  if (!found || !url || label.includes("](")) return undefined;
  const host = hostOf(url);
  return host === undefined ? undefined : { label, url, host, end: close + 1 + found[0].length };
}

/** Whether the line ends in the middle of a link's address. */
export function isUnfinishedLink(source: string, close: number): boolean {
  return matchAt(UNFINISHED, source, close + 1) !== null;
}

/** The bare address at `at`, without the punctuation that ends a sentence. */
export function readBareUrl(source: string, at: number): string {
  let url = matchAt(BARE, source, at)?.[0] ?? "";
  const trailing = url.includes("(") ? ".,:;\"'!?]*_~" : ".,:;\"'!?]*_~)";
  let end = url.length;
  while (end > 0 && trailing.includes(url.charAt(end - 1))) end--;
  url = url.slice(0, end);
  return url;
}

/** The host as the network sees it: internationalised names in their ASCII form. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host || undefined : undefined;
}
