import { matchAt } from "./match-at.ts";

/** A Markdown link or image with a web address, as it stands in the source. */
export interface Link {
  readonly label: string;
  readonly url: string;
  readonly host: string;
  /** The title with its quotes and the space before it, or nothing. */
  readonly title: string;
  /** Index behind the closing parenthesis. */
  readonly end: number;
}

const DESTINATION =
  /\(\s*<?(https?:\/\/[^\s<>()`]*(?:\([^\s<>()`]*\)[^\s<>()`]*)*)>?(\s+(?:"[^"]*"|'[^']*'))?\s*\)/iy;
const UNFINISHED = /\([^\s()]*$/y;
const BARE = /https?:\/\/[^\s<>`|\\]+/iy;

/** Where a bracket closes, and whether a link's `](` stands between. */
export interface Bracket {
  readonly close: number;
  readonly nested: boolean;
}

/** For each `[` of a line, its end. Escaped brackets count: Discord's own pattern for links does not see escapes. */
export function matchBrackets(source: string): ReadonlyMap<number, Bracket> {
  const pairs = new Map<number, Bracket>();
  const stack: number[] = [];
  let masked = -1;
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    if (character === "[") stack.push(index);
    else if (character === "]") {
      const opener = stack.pop();
      if (opener !== undefined) pairs.set(opener, { close: index, nested: masked > opener });
      if (source.charAt(index + 1) === "(") masked = index;
    }
  }
  return pairs;
}

/** The link whose `[` is at `at` and whose `]` is at `close`; other schemes are not links to Discord. */
export function readLink(source: string, at: number, close: number): Link | undefined {
  const found = matchAt(DESTINATION, source, close + 1);
  const url = found?.[1];
  if (!found || !url) return undefined;
  const label = source.slice(at + 1, close);
  const host = hostOf(url);
  return host === undefined
    ? undefined
    : { label, url, host, title: found[2] ?? "", end: close + 1 + found[0].length };
}

/** Whether the line ends in the middle of a link's address. */
export function isUnfinishedLink(source: string, close: number): boolean {
  return matchAt(UNFINISHED, source, close + 1) !== null;
}

/** The bare address at `at`, without the punctuation that ends a sentence. */
export function readBareUrl(source: string, at: number): string {
  const url = (matchAt(BARE, source, at)?.[0] ?? "").split("](", 1)[0] ?? "";
  const trailing = url.includes("(") ? ".,:;\"'!?]*_~" : ".,:;\"'!?]*_~)";
  let end = url.length;
  while (end > 0 && trailing.includes(url.charAt(end - 1))) end--;
  return url.slice(0, end);
}

/** The host as the network sees it: internationalised names in their ASCII form. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host || undefined : undefined;
}
