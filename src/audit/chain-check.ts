import { type Beside, type Branches, createBranches } from "./branches.ts";
import {
  cutOff,
  damagedLine,
  duplicated,
  exchanged,
  type Finding,
  type Gap,
  type LineAddress,
  missing,
  missingBefore,
  notTheHead,
  reordered,
} from "./findings.ts";
import type { AuditHead } from "./head.ts";
import type { ReadLine, SealedLine } from "./line.ts";

/** What became of a check. */
export interface ChainReport {
  /** How many records are in the chain. */
  readonly records: number;
  readonly beside: Beside;
  readonly first?: SealedLine;
  /** The last record of the chain. */
  readonly last?: AuditHead;
  /** Whether the record of the head was read. */
  readonly holdsHead: boolean;
  /** The first ones, at most `MOST_FINDINGS`; `findingCount` counts all. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
}

/** Takes the lines of a trail in their order. */
export interface ChainCheck {
  line(read: ReadLine, address: LineAddress): void;
  end(): ChainReport;
}

/** What a trail is held against. */
export interface ChainExpectation {
  /** The record before the first; `"any"`: begin where the lines begin; undefined: the first is record 1. */
  readonly after?: AuditHead | "any" | undefined;
  readonly head?: AuditHead | undefined;
  /** The hashes that the first records of files follow: after these, and no others, a record may have several successors. */
  readonly marks?: ReadonlySet<string>;
}

const MOST_FINDINGS = 100;

/**
 * Checks a chain line by line: numbers without a hole, each record after the one before it. Records that follow one that another
 * record of the chain follows too are no damage where files begin with them: they stand beside the chain.
 */
export function createChainCheck({ after, head, marks = new Set() }: ChainExpectation): ChainCheck {
  const findings: Finding[] = [];
  let findingCount = 0;
  let records = 0;
  let first: SealedLine | undefined;
  let numberOfHeadRead = false;
  /** The record that the next one should follow. */
  let before = after === "any" ? undefined : (after ?? { seq: 0, hash: "" });
  let branches = before && createBranches(marks, before, head);
  /** Lines since the last sound record that are none: each may stand for a record. */
  let damaged = 0;
  let gaps: readonly Gap[] = [];

  function report(finding: Finding): void {
    findingCount += 1;
    if (findings.length < MOST_FINDINGS) findings.push(finding);
  }

  /** Puts a record where it belongs, and reports what is wrong with that; false: nothing goes on after it. */
  function place(line: SealedLine, last: AuditHead, tree: Branches, address: LineAddress): boolean {
    const { seq, prev } = line;
    if (seq === last.seq + 1 && prev === last.hash) {
      tree.add(line, address);
      return true;
    }
    const gap = gaps.find(({ from, to }) => from <= seq && seq <= to);
    if (gap || tree.knows(line)) {
      if (gap) gaps = gaps.flatMap((one) => (one === gap ? without(gap, seq) : [one]));
      report(gap ? reordered(seq, address) : duplicated(seq, address));
      return false;
    }
    return tree.fork(line, address) || breach(line, last, tree, address);
  }

  /** A record that follows none of those that were read. */
  function breach(line: SealedLine, last: AuditHead, tree: Branches, address: LineAddress): boolean {
    const { seq, prev } = line;
    if (seq > last.seq) {
      const from = last.seq + 1 + damaged;
      if (seq > from) gaps = [...gaps, { ...address, from, to: seq - 1 }];
      else if (seq === last.seq + 1) report(exchanged(seq, address));
      tree.add(line, address);
      return true;
    }
    const begins = marks.has(prev);
    if (begins) tree.island(line, address);
    report(begins ? missingBefore(seq - 1, address) : duplicated(seq, address));
    return begins;
  }

  return {
    line(read, address) {
      if (read.kind !== "record") {
        report(damagedLine(read.kind, address, before && before.seq + 1 + damaged));
        damaged += 1;
        return;
      }
      const { line } = read;
      records += 1;
      first ??= line;
      numberOfHeadRead ||= line.seq === head?.seq;
      before ??= { seq: line.seq - 1, hash: line.prev };
      branches ??= createBranches(marks, before, head);
      if (!place(line, before, branches, address)) return;
      damaged = 0;
      before = { seq: line.seq, hash: line.hash };
    },
    end() {
      for (const gap of gaps) report(missing(gap));
      const outcome = branches?.outcome() ?? { holdsHead: false, beside: { records: 0 } };
      const end = Math.max(outcome.last?.seq ?? 0, (before?.seq ?? 0) + damaged);
      if (head && !outcome.holdsHead) {
        if (end < head.seq) report(cutOff(end + 1, head.seq));
        else if (numberOfHeadRead) report(notTheHead(head.seq));
      }
      return {
        ...outcome,
        records: records - outcome.beside.records,
        ...(first ? { first } : {}),
        findings,
        findingCount,
      };
    },
  };
}

function without(gap: Gap, seq: number): readonly Gap[] {
  const pieces = [
    { ...gap, to: seq - 1 },
    { ...gap, from: seq + 1 },
  ];
  return pieces.filter(({ from, to }) => from <= to);
}
