import { type CodeSpanEnds, codeSpanEnds, readCodeSpan } from "./code-span.ts";
import { readDelimiter } from "./emphasis.ts";
import { atomStep, type Step, type Token, textStep } from "./inline-token.ts";
import { isUnfinishedLink, type Link, matchBrackets, readBareUrl, readLink } from "./link.ts";
import { matchAt } from "./match-at.ts";

interface Line {
  readonly source: string;
  /** More of this line may follow. */
  readonly growing: boolean;
  readonly codeEnds: CodeSpanEnds;
  readonly brackets: ReadonlyMap<number, number>;
}

const SPECIAL = /[\\`*_~|<[!@]|https?:\/\//gi;
const MENTION = /<(?:@[!&]?\d+|#\d+|\/[^<>\n]{1,64}:\d+|id:\w+)>/y;
const AUTOLINK = /<https?:\/\/[^\s<>`]+>/iy;
const MASS_MENTION = /@(?=everyone|here)/y;
const ESCAPE = /\\[!-/:-@[-`{-~]/y;
const NO_BRACKETS: ReadonlyMap<number, number> = new Map();

/**
 * The tokens of one line of prose, in one pass. While `growing`, what the end of the line leaves open counts as code
 * or as the label of a link. `links: false` inside the label of a link, where no link can be.
 */
export function scanInline(source: string, growing: boolean, links = true): readonly Token[] {
  const brackets = links && source.includes("](") ? matchBrackets(source) : NO_BRACKETS;
  const line: Line = { source, growing, codeEnds: codeSpanEnds(source), brackets };
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const special = matchAt(SPECIAL, source, at)?.index ?? source.length;
    if (special > at) tokens.push({ kind: "text", text: source.slice(at, special) });
    if (special === source.length) break;
    const step = readSpecial(line, special);
    tokens.push(step.token);
    at = step.next;
  }
  return tokens;
}

function readSpecial(line: Line, at: number): Step {
  const { source } = line;
  switch (source.charAt(at)) {
    case "`":
      return readCodeSpan(source, at, line.codeEnds, line.growing);
    case "\\":
      return readEscape(source, at);
    case "|":
      return readPipes(source, at);
    case "<":
      return readAngle(source, at);
    case "@":
      return textStep(matchAt(MASS_MENTION, source, at) ? "@\u200b" : "@", at + 1);
    case "!":
      return (source.charAt(at + 1) === "[" && readMasked(line, at + 1, "image")) || textStep("!", at + 1);
    case "[":
      return readMasked(line, at, "") ?? textStep("[", at + 1);
    case "h":
    case "H":
      return readUrl(source, at);
    default: {
      const token = readDelimiter(source, at);
      return { token, next: at + token.text.length };
    }
  }
}

/** An escaped character stays escaped; `@` is still looked at, since a backslash does not hide `@everyone`. */
function readEscape(source: string, at: number): Step {
  const found = matchAt(ESCAPE, source, at)?.[0];
  if (!found || found === "\\@") return textStep("\\", at + 1);
  return atomStep(found, found.slice(1), at + 2);
}

/** Two bars would hide what follows as a spoiler, which nobody means by `a || b`. */
function readPipes(source: string, at: number): Step {
  let end = at;
  while (source.charAt(end) === "|") end++;
  const count = end - at;
  return count === 1 ? textStep("|", end) : atomStep("\\|".repeat(count), "|".repeat(count), end);
}

/** Mentions of people, roles, channels and commands are shown as written, not as the real thing. */
function readAngle(source: string, at: number): Step {
  const mention = matchAt(MENTION, source, at)?.[0];
  if (mention) return atomStep(`\\${mention}`, mention, at + mention.length);
  const link = matchAt(AUTOLINK, source, at)?.[0];
  return link ? atomStep(link, link.slice(1, -1), at + link.length) : textStep("<", at + 1);
}

function readUrl(source: string, at: number): Step {
  const url = readBareUrl(source, at);
  return url.includes("://")
    ? atomStep(url, url, at + url.length)
    : textStep(source.slice(at, at + 4), at + 4);
}

function readMasked(line: Line, at: number, fallback: string): Step | undefined {
  const close = line.brackets.get(at);
  if (close === undefined) return undefined;
  const link = readLink(line.source, at, close);
  if (link) return maskedStep(line.source, link, fallback);
  if (!line.growing || !isUnfinishedLink(line.source, close)) return undefined;
  return atomStep(labelText(line.source.slice(at + 1, close)), "", line.source.length);
}

/** A masked link followed by the host it leads to; a label that is an address itself stands beside the real one. */
function maskedStep(source: string, link: Link, fallback: string): Step {
  const label = link.label.trim() || fallback || link.host;
  const plain = `${label} (${link.url})`;
  if (label === link.url) return atomStep(link.url, link.url, link.end);
  if (label.includes("://")) return atomStep(`${labelText(label)} (<${link.url}>)`, plain, link.end);
  const host = ` (${link.host})`;
  const text = `[${labelText(label)}](${link.url})`;
  return atomStep(source.startsWith(host, link.end) ? text : text + host, plain, link.end);
}

/** The label's own markup stays; mentions, spoilers and backticks without a partner are made harmless. */
function labelText(label: string): string {
  return scanInline(label, false, false)
    .map((token) => token.text)
    .join("");
}
