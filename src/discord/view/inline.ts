import { type Delimiter, type Pairs, pairDelimiters } from "./emphasis.ts";
import { scanInline } from "./inline-scan.ts";
import type { Token } from "./inline-token.ts";

/** A stretch of text, as UTF-16 indices. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Emphasis around `start`..`end` (the text between its markers). */
export interface Mark extends Range {
  readonly marker: string;
}

/** One line of prose as Discord gets it. */
export interface Inline {
  readonly text: string;
  /** What a message break must not cut: code, links, escapes, markers. */
  readonly atoms: readonly Range[];
  readonly marks: readonly Mark[];
  /** Closes what the growing line leaves open; not part of the text. At most 12 code points. */
  readonly tail: string;
}

const NEEDS_CARE = /[\\`*_~|<[!@]|\]\(|:\/\//;
/** Markers that are closed for display, so that `tail` stays short. */
const MAX_OPEN = 3;

/**
 * One line of prose (without its list or quote marker) in Discord's dialect. `growing`: more of the line may follow,
 * so open code and emphasis are closed for display and a half-written marker or link address is held back.
 */
export function renderInline(source: string, growing = false): Inline {
  if (!NEEDS_CARE.test(source)) return { text: source, atoms: [], marks: [], tail: "" };
  const tokens = scanInline(source, growing);
  const pairs = pairDelimiters(tokens.map((token) => (token.kind === "delimiter" ? token : undefined)));
  return assemble(tokens, pairs, growing);
}

/** What the line says without its markup, for places that show none. */
export function plainInline(source: string): string {
  if (!NEEDS_CARE.test(source)) return source;
  const tokens = scanInline(source, false);
  const { partner } = pairDelimiters(tokens.map((token) => (token.kind === "delimiter" ? token : undefined)));
  return tokens
    .map((token, index) => {
      if (token.kind === "delimiter") return partner.has(index) ? "" : token.text;
      return token.kind === "atom" ? token.plain : token.text;
    })
    .join("");
}

function assemble(tokens: readonly Token[], pairs: Pairs, growing: boolean): Inline {
  const atoms: Range[] = [];
  const marks: Mark[] = [];
  const begun = new Map<number, number>();
  const open = new Set(growing ? pairs.open.slice(-MAX_OPEN) : []);
  let text = "";
  tokens.forEach((token, index) => {
    if (growing && isDangling(tokens, index, pairs)) return;
    const start = text.length;
    const partner = pairs.partner.get(index);
    const piece = token.kind === "delimiter" ? marker(tokens, index, partner, open.has(index)) : token.text;
    text += piece;
    if (token.kind === "text") return;
    atoms.push({ start, end: text.length });
    if (partner === undefined ? open.has(index) : partner > index) begun.set(index, text.length);
    else if (partner !== undefined)
      marks.push({ start: begun.get(partner) ?? start, end: start, marker: piece });
  });
  for (const index of open) {
    const start = begun.get(index);
    if (start !== undefined)
      marks.push({ start, end: text.length + 1, marker: marker(tokens, index, undefined, true) });
  }
  return { text, atoms, marks, tail: tailOf(tokens, text, marks) };
}

/** A marker at the very end of a growing line: nobody knows yet what it belongs to. */
function isDangling(tokens: readonly Token[], index: number, pairs: Pairs): boolean {
  return (
    index === tokens.length - 1 &&
    tokens[index]?.kind === "delimiter" &&
    pairs.partner.get(index) === undefined
  );
}

function tailOf(tokens: readonly Token[], text: string, marks: readonly Mark[]): string {
  const last = tokens.at(-1);
  const code = last?.kind === "atom" ? (last.close ?? "") : "";
  const unclosed = marks.filter((mark) => mark.end > text.length && mark.start < text.length);
  return (
    code +
    unclosed
      .map((mark) => mark.marker)
      .reverse()
      .join("")
  );
}

/**
 * Discord underlines `__text__`, where Markdown means bold. Underscores without a partner are escaped, since Discord
 * would pair them across words and lines.
 */
function marker(
  tokens: readonly Token[],
  index: number,
  partner: number | undefined,
  isOpen: boolean,
): string {
  const token = tokens[index];
  if (token?.kind !== "delimiter") return "";
  if (!token.text.startsWith("__")) return token.text;
  if (partner === undefined && !isOpen) return "\\_".repeat(token.text.length);
  const other = partner === undefined ? token : tokens[partner];
  if (touchesStar(token) || (other?.kind === "delimiter" && touchesStar(other))) return token.text;
  return "*".repeat(token.text.length);
}

function touchesStar(delimiter: Delimiter): boolean {
  return delimiter.before === "*" || delimiter.after === "*";
}
