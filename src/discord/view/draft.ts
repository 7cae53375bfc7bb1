import type { Line } from "./line.ts";
import type { Piece, PlacedMark } from "./piece.ts";
import { codePointLength } from "./safe-text.ts";

/** Ends a message inside a code block. */
export const FENCE_END = "\n```";
/** How full a message must be before a break that is better than the last one is worth its empty space. */
export const WELL_FILLED = 0.5;

/** Where code has a paragraph of its own: a blank line, or the line between two YAML documents. */
const CODE_PARAGRAPH = /^(?:---)?\s*$/;

/** A placed line; `language` is that of the code block it stands in, if any. */
export interface Entry {
  readonly kind: Line["kind"];
  readonly heading: boolean;
  readonly text: string;
  /** Code points. */
  readonly size: number;
  readonly language: string | undefined;
}

/** The message that is being filled. */
export interface Draft {
  /** Ours, in front of the first line. */
  readonly open: string;
  readonly entries: Entry[];
  readonly marks: PlacedMark[];
  /** Code points so far, line ends included. */
  size: number;
}

/** An empty message; in a code block it begins with the fence again. */
export function newDraft(open: string): Draft {
  return { open, entries: [], marks: [], size: codePointLength(open) };
}

/** The beginning of a message that goes on inside a code block. */
export function reopened(language: string | undefined): string {
  return language === undefined ? "" : `\`\`\`${language}\n`;
}

export function addEntry(draft: Draft, entry: Entry): void {
  if (draft.entries.length > 0) draft.size++;
  draft.entries.push(entry);
  draft.size += entry.size;
}

/** Whether the line still fits, with the end of its code block. */
export function fits(draft: Draft, entry: Entry, limit: number, maxLines: number): boolean {
  if (entry.kind === "close") return true;
  const end =
    entry.kind === "open" ? FENCE_END.length + 2 : entry.language === undefined ? 0 : FENCE_END.length;
  const lines = draft.entries.length + (entry.kind === "open" ? 2 : 1);
  const separator = draft.entries.length === 0 ? 0 : 1;
  return draft.size + separator + entry.size + end <= limit && lines <= maxLines;
}

/** How full the message is with its first `count` lines: 1 is full by size or by height. */
export function fill(draft: Draft, count: number, limit: number, maxLines: number): number {
  let size = codePointLength(draft.open);
  for (const entry of draft.entries.slice(0, count)) size += entry.size + 1;
  return Math.max(size / limit, count / maxLines);
}

/**
 * After how many lines the message should end when `next` no longer fits: the last paragraph, else the last blank line
 * of code, else the last line, each only in a well-filled message; a heading or an opening fence never comes last.
 */
export function breakAt(draft: Draft, next: Entry, limit: number, maxLines: number): number {
  const { entries } = draft;
  const good = (count: number) => fill(draft, count, limit, maxLines) >= WELL_FILLED;
  const last = (accept: (count: number) => boolean) => {
    for (let count = entries.length; count > 0; count--) {
      if (accept(count) && isEndable(entries, count)) return good(count) ? count : undefined;
    }
    return undefined;
  };
  const at = (count: number) => entries[count] ?? next;
  return (
    last(
      (count) => at(count).kind === "blank" || at(count).kind === "open" || at(count - 1).kind === "close",
    ) ??
    last((count) => at(count).kind === "code" && CODE_PARAGRAPH.test(at(count).text)) ??
    last(() => true) ??
    lastEndable(entries)
  );
}

/** Where a message ends that has no good end: anywhere but behind an opening fence. */
export function anyEnd({ entries }: Draft): number {
  return entries.at(-1)?.kind === "open" ? entries.length - 1 : entries.length;
}

function lastEndable(entries: readonly Entry[]): number {
  let count = entries.length;
  while (count > 0 && !isEndable(entries, count)) count--;
  return count;
}

/** Whether a message may end after `count` lines. */
function isEndable(entries: readonly Entry[], count: number): boolean {
  const last = entries.slice(0, count).findLast((entry) => entry.text.trim() !== "");
  return last !== undefined && last.kind !== "open" && !last.heading;
}

/** The first `count` lines as a finished piece; `next` is the line behind the last one of the draft. */
export function endPiece(draft: Draft, count: number, next: Entry): Piece {
  const inside = openLanguage(draft.entries[count] ?? next);
  return {
    open: draft.open,
    lines: trimmedEnd(draft.entries.slice(0, count)),
    close: inside === undefined ? "" : FENCE_END,
    marks: draft.marks.filter((mark) => mark.at < count),
  };
}

/** The message that goes on where `endPiece` ended; blank lines at its beginning would be stripped by Discord. */
export function restOf(draft: Draft, count: number, next: Entry): Draft {
  const rest = draft.entries.slice(count);
  const from = rest.findIndex((entry) => entry.text.trim() !== "");
  const following = newDraft(reopened(openLanguage(rest[0] ?? next)));
  for (const entry of from < 0 ? [] : rest.slice(from)) addEntry(following, entry);
  for (const mark of draft.marks) {
    if (mark.at >= count)
      following.marks.push({ ...mark, at: Math.max(0, mark.at - count - Math.max(from, 0)) });
  }
  return following;
}

/** The language of the block that is open in front of this line, if one is. */
function openLanguage(entry: Entry): string | undefined {
  return entry.kind === "open" ? undefined : entry.language;
}

/** The lines without the blank ones at the end, which Discord would strip. */
export function trimmedEnd(entries: readonly Entry[]): readonly string[] {
  const end = entries.findLastIndex((entry) => entry.kind !== "blank") + 1;
  return entries.slice(0, end).map((entry) => entry.text);
}
