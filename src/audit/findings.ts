/** What is wrong, where (`line` from 1), and with which record. */
export interface Finding {
  readonly kind: "changed" | "missing" | "reordered" | "duplicated" | "cut-off";
  readonly file?: string;
  readonly line?: number;
  readonly seq?: number;
  readonly sentence: string;
}

/** Where a line stands. */
export interface LineAddress {
  readonly file: string;
  readonly line: number;
}

/** Records that do not stand before this line, where they belong. */
export interface Gap extends LineAddress {
  readonly from: number;
  readonly to: number;
}

/** A line that is no record of this trail; `seq`: the record it stands in the place of, where that is known. */
export function damagedLine(
  kind: "changed" | "unreadable",
  address: LineAddress,
  seq: number | undefined,
): Finding {
  const sentence =
    kind === "changed"
      ? "This record was changed, or written with another key."
      : "This line is no record: it was changed or put here.";
  return { kind: "changed", ...address, ...(seq === undefined ? {} : { seq }), sentence };
}

/** A record that follows another one than the one before it. */
export function exchanged(seq: number, address: LineAddress): Finding {
  const sentence = `Record ${seq} does not follow the record before it: one of them was put in the place of another.`;
  return { kind: "changed", ...address, seq, sentence };
}

/** A record that belongs into a gap. */
export function reordered(seq: number, address: LineAddress): Finding {
  return { kind: "reordered", ...address, seq, sentence: `Record ${seq} stands in the wrong place.` };
}

/** A record that was read before. */
export function duplicated(seq: number, address: LineAddress): Finding {
  return { kind: "duplicated", ...address, seq, sentence: `Record ${seq} stands twice.` };
}

/** Records that nothing filled in. */
export function missing({ from, to, file, line }: Gap): Finding {
  const sentence = `${recordsFromTo(from, to)} missing before this line.`;
  return { kind: "missing", file, line, seq: from, sentence };
}

/** The record that this line follows, where others of its number were read. */
export function missingBefore(seq: number, address: LineAddress): Finding {
  const sentence = `Record ${seq}, which the record in this line follows, is missing.`;
  return { kind: "missing", ...address, seq, sentence };
}

/** Records between the last one that was read and the head. */
export function cutOff(from: number, to: number): Finding {
  const sentence = `The end is cut off: ${recordsFromTo(from, to).toLowerCase()} missing.`;
  return { kind: "cut-off", seq: from, sentence };
}

/** A record with the number of the head and another hash. */
export function notTheHead(seq: number): Finding {
  return { kind: "changed", seq, sentence: `Record ${seq} is not the one that the head names.` };
}

function recordsFromTo(from: number, to: number): string {
  return from === to ? `Record ${from} is` : `Records ${from} to ${to} are`;
}
