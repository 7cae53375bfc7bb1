import { CUT_RESERVE, type Cuttable, cutLine } from "./cut.ts";
import {
  addEntry,
  anyEnd,
  breakAt,
  type Draft,
  type Entry,
  endPiece,
  FENCE_END,
  fill,
  fits,
  newDraft,
  reopened,
  restOf,
  trimmedEnd,
  WELL_FILLED,
} from "./draft.ts";
import { type Line, lineText } from "./line.ts";
import type { Piece, PieceLimits } from "./piece.ts";
import { clusterStart, codePointLength, indexAfter } from "./safe-text.ts";

/** Less room than this at the end of a message is not worth a cut. */
const MIN_ROOM = 64;

/**
 * Fills messages with lines, greedily: where one ends depends only on what stands before the line that no longer
 * fitted, so text that follows never moves an earlier break. The pieces' lines, joined, are the lines that were added.
 */
export class Splitter {
  /** More was added than the pieces hold. */
  truncated = false;
  readonly #limits: PieceLimits;
  readonly #done: Piece[] = [];
  #draft: Draft = newDraft("");
  #language: string | undefined;
  #tail = "";

  constructor(limits: PieceLimits) {
    this.#limits = limits;
  }

  add(line: Line): void {
    if (line.kind === "open") this.#language = line.language;
    this.#tail = line.kind === "text" ? line.inline.tail : "";
    if (line.kind === "close" && this.#draft.entries.length === 0) this.#closeLast(line);
    else if (this.#draft.entries.length > 0 || lineText(line).trim() !== "") this.#place(line);
    if (line.kind === "close") this.#language = undefined;
  }

  /** Remembers that something happened here, in front of what comes next. */
  mark(id: number): void {
    this.#draft.marks.push({ at: this.#draft.entries.length, id });
  }

  /** All pieces; one empty piece where nothing was added. */
  finish(): readonly Piece[] {
    if (this.truncated) return this.#done;
    const lines = trimmedEnd(this.#draft.entries);
    if (lines.length === 0 && this.#draft.marks.length === 0 && this.#done.length > 0) return this.#done;
    const close = this.#tail + (this.#language === undefined ? "" : FENCE_END);
    return [...this.#done, { open: this.#draft.open, lines, close, marks: this.#draft.marks }];
  }

  #place(line: Line): void {
    let rest = cuttable(line);
    let entry = this.#entry(line, rest);
    while (!this.truncated && !fits(this.#draft, entry, this.#limit(), this.#limits.lines)) {
      const count = breakAt(this.#draft, entry, this.#limit(), this.#limits.lines);
      if (this.#mustCut(entry, count)) {
        rest = this.#cut(entry, rest);
        entry = this.#entry(line, rest);
      } else this.#end(count || anyEnd(this.#draft), entry);
    }
    if (!this.truncated && (rest.from === 0 || entry.text.trim() !== "")) addEntry(this.#draft, entry);
  }

  /** The block ended exactly with the last message, which closed it in our name. */
  #closeLast(line: Line): void {
    const last = this.#done.pop();
    if (last) this.#done.push({ ...last, lines: [...last.lines, lineText(line)], close: "" });
    this.#draft = newDraft("");
  }

  #entry(line: Line, rest: Cuttable): Entry {
    const text = rest.text.slice(rest.from);
    const heading = line.kind === "text" && line.heading;
    return { kind: line.kind, heading, text, size: codePointLength(text), language: this.#language };
  }

  /** A long paragraph fills a message that would stay half empty; a line of code is cut only where it must. */
  #mustCut(entry: Entry, count: number): boolean {
    if (anyEnd(this.#draft) === 0) return true;
    if (entry.kind !== "text" && entry.kind !== "code") return false;
    if (this.#room(entry) < MIN_ROOM || this.#draft.entries.length >= this.#limits.lines) return false;
    if (count === 0) return true;
    return entry.kind === "text" && fill(this.#draft, count, this.#limit(), this.#limits.lines) < WELL_FILLED;
  }

  #room(entry: Entry): number {
    const end = entry.language === undefined ? CUT_RESERVE : FENCE_END.length;
    return this.#limit() - this.#draft.size - 1 - end;
  }

  #cut(entry: Entry, rest: Cuttable): Cuttable {
    if (entry.language !== undefined) return this.#cutCode(entry, rest);
    const cut = cutLine(rest, this.#room(entry));
    this.#endCut(entry, cut.head, cut.close, cut.open);
    return cut.rest;
  }

  #cutCode(entry: Entry, rest: Cuttable): Cuttable {
    const end = clusterStart(rest.text, indexAfter(rest.text, rest.from, this.#room(entry)));
    const from = end > rest.from ? end : indexAfter(rest.text, rest.from, this.#room(entry));
    this.#endCut(entry, rest.text.slice(rest.from, from), FENCE_END, reopened(entry.language));
    return { ...rest, from };
  }

  #endCut(entry: Entry, head: string, close: string, open: string): void {
    if (head.trim() === "") return;
    addEntry(this.#draft, { ...entry, text: head, size: codePointLength(head) });
    const { entries, marks } = this.#draft;
    this.#finishPiece({ open: this.#draft.open, lines: entries.map(({ text }) => text), close, marks });
    this.#draft = newDraft(open);
  }

  #end(count: number, next: Entry): void {
    const draft = this.#draft;
    this.#finishPiece(endPiece(draft, count, next));
    this.#draft = restOf(draft, count, next);
  }

  #finishPiece(piece: Piece): void {
    this.#done.push(piece);
    this.truncated = this.#done.length >= this.#limits.pieces;
  }

  #limit(): number {
    const last = this.#done.length === this.#limits.pieces - 1;
    return this.#limits.codePoints - (last ? this.#limits.lastReserve : 0);
  }
}

function cuttable(line: Line): Cuttable {
  const text = lineText(line);
  if (line.kind !== "text") return { text, from: 0, atoms: [], marks: [] };
  const shift = line.prefix.length;
  const moved = <T extends { readonly start: number; readonly end: number }>(range: T): T => ({
    ...range,
    start: range.start + shift,
    end: range.end + shift,
  });
  return { text, from: 0, atoms: line.inline.atoms.map(moved), marks: line.inline.marks.map(moved) };
}
