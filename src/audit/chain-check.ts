import type { AuditHead } from "./head.ts";
import { readLine, type SealedLine } from "./line.ts";

/** What is wrong, where (`line` from 1), and with which record. */
export interface Finding {
  readonly kind: "changed" | "missing" | "reordered" | "duplicated" | "cut-off";
  readonly file?: string;
  readonly line?: number;
  readonly seq?: number;
  readonly sentence: string;
}

/** Where a line stands. */
interface LineAddress {
  readonly file: string;
  readonly line: number;
}

/** What became of a check. */
export interface ChainReport {
  readonly records: number;
  readonly first?: SealedLine;
  /** The record with the highest number. */
  readonly last?: SealedLine;
  /** The record with the number of the head. */
  readonly atHead?: SealedLine;
  /** The first ones, at most `MOST_FINDINGS`; `findingCount` counts all. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
}

/** Takes the lines of a trail in their order. */
export interface ChainCheck {
  /** A line; `text` is undefined where it is no UTF-8. */
  line(text: string | undefined, address: LineAddress): void;
  end(): ChainReport;
}

/** What a trail is held against. */
export interface ChainExpectation {
  readonly key: string | undefined;
  /** The record before the first; `"any"`: begin where the lines begin; undefined: the first is record 1. */
  readonly after?: AuditHead | "any" | undefined;
  readonly head?: AuditHead | undefined;
}

const MOST_FINDINGS = 100;

interface Gap extends LineAddress {
  readonly from: number;
  readonly to: number;
}

/** Checks a chain line by line: numbers without a hole, each hash over its record and the hash before it. */
export function createChainCheck({ key, after, head }: ChainExpectation): ChainCheck {
  const findings: Finding[] = [];
  let findingCount = 0;
  let records = 0;
  let first: SealedLine | undefined;
  let last: SealedLine | undefined;
  let atHead: SealedLine | undefined;
  let expected: Partial<AuditHead> =
    after === "any" ? {} : { seq: (after?.seq ?? 0) + 1, hash: after?.hash ?? "" };
  /** Lines since the last sound record that are none: each may stand for a record. */
  let damaged = 0;
  let gaps: readonly Gap[] = [];

  function report(finding: Finding): void {
    findingCount += 1;
    if (findings.length < MOST_FINDINGS) findings.push(finding);
  }

  function damage(address: LineAddress, sentence: string): void {
    const seq = expected.seq === undefined ? {} : { seq: expected.seq + damaged };
    damaged += 1;
    report({ kind: "changed", ...address, ...seq, sentence });
  }

  function late(line: SealedLine, address: LineAddress): void {
    const gap = gaps.find(({ from, to }) => from <= line.seq && line.seq <= to);
    if (!gap) {
      report({ kind: "duplicated", ...address, seq: line.seq, sentence: `Record ${line.seq} stands twice.` });
      return;
    }
    gaps = gaps.flatMap((one) => (one === gap ? without(gap, line.seq) : [one]));
    const sentence = `Record ${line.seq} stands in the wrong place.`;
    report({ kind: "reordered", ...address, seq: line.seq, sentence });
  }

  function next(line: SealedLine, address: LineAddress): void {
    const wanted = expected.seq ?? line.seq;
    const from = wanted + damaged;
    if (line.seq > from) gaps = [...gaps, { ...address, from, to: line.seq - 1 }];
    else if (line.seq === wanted && expected.hash !== undefined && line.prev !== expected.hash) {
      const sentence = `Record ${line.seq} does not follow the record before it: one of them was put in the place of another.`;
      report({ kind: "changed", ...address, seq: line.seq, sentence });
    }
    damaged = 0;
    expected = { seq: line.seq + 1, hash: line.hash };
    last = line;
  }

  return {
    line(text, address) {
      const read = text === undefined ? undefined : readLine(text, key);
      if (read?.kind !== "record") {
        damage(address, sentenceOf(read?.kind));
        return;
      }
      records += 1;
      first ??= read.line;
      if (read.line.seq === head?.seq) atHead = read.line;
      if (expected.seq !== undefined && read.line.seq < expected.seq) late(read.line, address);
      else next(read.line, address);
    },
    end() {
      for (const gap of gaps) report(missing(gap));
      const end = (expected.seq ?? 1) - 1 + damaged;
      const wrong = headFinding(head, atHead, end);
      if (wrong) report(wrong);
      return {
        records,
        ...(first ? { first } : {}),
        ...(last ? { last } : {}),
        ...(atHead ? { atHead } : {}),
        findings,
        findingCount,
      };
    },
  };
}

function sentenceOf(kind: "changed" | "unreadable" | undefined): string {
  return kind === "changed"
    ? "This record was changed, or written with another key."
    : "This line is no record: it was changed or put here.";
}

function without(gap: Gap, seq: number): readonly Gap[] {
  const pieces = [
    { ...gap, to: seq - 1 },
    { ...gap, from: seq + 1 },
  ];
  return pieces.filter(({ from, to }) => from <= to);
}

function missing({ from, to, file, line }: Gap): Finding {
  return {
    kind: "missing",
    file,
    line,
    seq: from,
    sentence: `${recordsFromTo(from, to)} missing before this line.`,
  };
}

function headFinding(
  head: AuditHead | undefined,
  atHead: SealedLine | undefined,
  end: number,
): Finding | undefined {
  if (!head) return undefined;
  if (end < head.seq) {
    const sentence = `The end is cut off: ${recordsFromTo(end + 1, head.seq).toLowerCase()} missing.`;
    return { kind: "cut-off", seq: end + 1, sentence };
  }
  if (!atHead || atHead.hash === head.hash) return undefined;
  const sentence = `Record ${head.seq} is not the one that the head names.`;
  return { kind: "changed", seq: head.seq, sentence };
}

function recordsFromTo(from: number, to: number): string {
  return from === to ? `Record ${from} is` : `Records ${from} to ${to} are`;
}
