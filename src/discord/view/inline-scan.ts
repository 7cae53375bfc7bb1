import { type CodeSpanEnds, codeSpanEnds, readCodeSpan } from "./code-span.ts";
import { readDelimiter } from "./emphasis.ts";
import { atomStep, type Step, type Token, textStep } from "./inline-token.ts";
import { type Bracket, isUnfinishedLink, type Link, matchBrackets, readBareUrl, readLink } from "./link.ts";
import { matchAt } from "./match-at.ts";

interface Line {
  readonly source: string;
  /** More of this line may follow. */
  readonly growing: boolean;
  readonly codeEnds: CodeSpanEnds;
  readonly brackets: ReadonlyMap<number, Bracket>;
}

const SPECIAL = /[\\`*_~|<[!@]|\]\(|https?:\/\//gi;
const MENTION = /<(?:@[!&]?\d+|#\d+|\/[^<>\n]{1,64}:\d+|id:\w+)>/y;
const AUTOLINK = /<https?:\/\/[^\s<>`]+>/iy;
const MASS_MENTION = /@(?=everyone|here)/y;
const ESCAPE = /\\[!-/:-@[-`{-~]/y;
const NO_BRACKETS: ReadonlyMap<number, Bracket> = new Map();

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
      return matchAt(MASS_MENTION, source, at) ? atomStep("@\u200b", "@", at + 1) : textStep("@", at + 1);
    case "!":
      return readBang(line, at);
    case "[":
      return readMasked(line, at, "") ?? textStep("[", at + 1);
    case "]":
      // Discord reads labels across lines and brackets, so it would take for a link what we do not.
      return atomStep("]\\(", "](", at + 2);
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
  if (found === "\\]" && source.charAt(at + 2) === "(") return atomStep("\\]\\(", "](", at + 3);
  return atomStep(found, found.slice(1), at + 2);
}

/** An image becomes a link; a mark in front of it must not make it an image again. */
function readBang(line: Line, at: number): Step {
  const image = line.brackets.get(at + 1)?.nested === false ? readMasked(line, at + 1, "image") : undefined;
  return image ?? textStep(line.source.startsWith("![", at + 1) ? "\\!" : "!", at + 1);
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
  const bracket = line.brackets.get(at);
  if (!bracket) return undefined;
  // A link around another one cannot be, and must not become one when the inner one is rewritten.
  if (bracket.nested) return atomStep("\\[", "[", at + 1);
  const { close } = bracket;
  const link = readLink(line.source, at, close);
  if (link) return maskedStep(line.source, link, fallback);
  if (!line.growing || !isUnfinishedLink(line.source, close)) return undefined;
  return atomStep(labelText(line.source.slice(at + 1, close)), "", line.source.length);
}

/** A masked link followed by the host it leads to; a label that is an address itself stands beside the real one. */
function maskedStep(source: string, link: Link, fallback: string): Step {
  const label = link.label.trim() || fallback || link.host;
  const plain = `${label} (${link.url}${link.title})`;
  if (label === link.url && link.title === "") return atomStep(link.url, link.url, link.end);
  if (label.includes("://")) {
    return atomStep(`\\[${labelText(label)}\\] (<${link.url}>${link.title})`, plain, link.end);
  }
  const host = ` (${link.host})`;
  const text = `[${labelText(label)}](${link.url}${link.title})`;
  return atomStep(source.startsWith(host, link.end) ? text : text + host, plain, link.end);
}

/** The label's own markup stays; underlines, mentions, spoilers and lone backticks in it are made harmless. */
function labelText(label: string): string {
  return scanInline(label, false, false)
    .map(({ kind, text }) =>
      kind === "delimiter" && text.startsWith("__") ? text.replaceAll("_", "\\_") : text,
    )
    .join("");
}
