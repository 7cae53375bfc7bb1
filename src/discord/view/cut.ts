import type { Mark, Range } from "./inline.ts";
import { clusterStart, indexAfter } from "./safe-text.ts";

/** A line that may have to be cut: UTF-16 ranges refer to `text`, of which `from` on is still to be placed. */
export interface Cuttable {
  readonly text: string;
  readonly from: number;
  readonly atoms: readonly Range[];
  readonly marks: readonly Mark[];
}

/** What fits, what closes it, and what opens the rest again in the next message. */
export interface Cut {
  readonly head: string;
  readonly close: string;
  readonly open: string;
  readonly rest: Cuttable;
}

/** Code points that `close` and `open` may take: a few emphasis markers, two backticks, a quote's `> `. */
export const CUT_RESERVE = 16;

const SENTENCE_END = /[.!?…:;]/;
const WIDE_STOP = /[。！？]/;
const WIDE_COMMA = /[、，；：]/;

/**
 * Cuts within the next `room` code points: at the last sentence of the second half, else at the last word, else
 * between two grapheme clusters; never inside an atom unless that alone is larger than the room.
 */
export function cutLine(line: Cuttable, room: number): Cut {
  const { text, from } = line;
  const end = indexAfter(text, from, room);
  const index = breakIndex(line, end);
  const inside = line.atoms.find((atom) => atom.start < index && index < atom.end);
  const ticks = inside ? (/^`*/.exec(text.slice(inside.start, inside.start + 2))?.[0] ?? "") : "";
  const markers = line.marks
    .filter((mark) => mark.start < index && index < mark.end)
    .map((mark) => mark.marker);
  let next = index;
  while (ticks === "" && /\s/.test(text.charAt(next))) next++;
  const quote = text.startsWith("> ") ? "> " : "";
  const head = text.slice(from, index).trimEnd();
  return {
    head,
    close: apart(head.slice(-1), ticks) + ticks + markers.toReversed().join(""),
    open: quote + markers.join("") + ticks + apart(text.charAt(next), ticks),
    rest: { ...line, from: next },
  };
}

/** Keeps a backtick of the code itself apart from ours: three in a row would be a block. */
function apart(neighbour: string, ticks: string): string {
  return ticks !== "" && neighbour === "`" ? " " : "";
}

function breakIndex(line: Cuttable, end: number): number {
  const { text, from } = line;
  const middle = from + Math.floor((end - from) / 2);
  let start = from;
  while (start < end && /\s/.test(text.charAt(start))) start++;
  return (
    lastBreak(line, end, Math.max(middle, start + 1), endsSentence) ??
    lastBreak(line, end, start + 1, endsWord) ??
    beforeAtom(line, start, clusterStart(text, end))
  );
}

function lastBreak(
  { text, atoms }: Cuttable,
  end: number,
  lowest: number,
  fits: (text: string, index: number) => boolean,
): number | undefined {
  let atom = atoms.findLastIndex(({ start }) => start < end);
  for (let index = end; index >= lowest; index--) {
    while (atom >= 0 && (atoms[atom]?.start ?? 0) >= index) atom--;
    if (index < (atoms[atom]?.end ?? 0)) continue;
    if (fits(text, index)) return index;
  }
  return undefined;
}

function endsSentence(text: string, index: number): boolean {
  const before = text.charAt(index - 1);
  return WIDE_STOP.test(before) || (SENTENCE_END.test(before) && /\s/.test(text.charAt(index)));
}

function endsWord(text: string, index: number): boolean {
  return /\s/.test(text.charAt(index)) || WIDE_COMMA.test(text.charAt(index - 1));
}

/** In front of the atom that `index` would cut, unless nothing stands before it. */
function beforeAtom({ atoms }: Cuttable, start: number, index: number): number {
  const cut = atoms.find((atom) => atom.start < index && index < atom.end);
  return cut && cut.start > start ? cut.start : index;
}
