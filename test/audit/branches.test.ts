import { describe, expect, it } from "vitest";
import { createChainCheck } from "../../src/audit/chain-check.ts";
import type { AuditHead } from "../../src/audit/head.ts";
import { readLine, type SealedLine, sealLine } from "../../src/audit/line.ts";
import { KEY, record } from "./sample.ts";

/** A stretch of the chain: as many records as names, after `last`. */
function stretch(last: SealedLine | undefined, ...names: readonly string[]): readonly SealedLine[] {
  const lines: SealedLine[] = [];
  for (const name of names) lines.push(sealLine({ ...record(name) }, lines.at(-1) ?? last, KEY));
  return lines;
}

/** Checks files, each of which begins after a record of another or is the first. */
function checked(files: readonly (readonly SealedLine[])[], head?: AuditHead) {
  const marks = new Set(files.flatMap(([first]) => first?.prev ?? []));
  const check = createChainCheck({ head: head && { seq: head.seq, hash: head.hash }, marks });
  for (const [index, lines] of files.entries()) {
    for (const [line, { text }] of lines.entries())
      check.line(readLine(text, KEY), { file: `f${index}`, line: line + 1 });
  }
  const { findings, records, beside, last } = check.end();
  return { findings: findings.map(({ kind, seq }) => [kind, seq]), records, beside, last: last?.seq };
}

const base = stretch(undefined, "a", "b");
const long = stretch(base[1], "x", "y", "z");
const short = stretch(base[1], "c");

describe("records that follow the same one", () => {
  it("belong to the chain where the head does, however long the others are", () => {
    const files = [[...base, ...long], short];
    const whole = {
      findings: [],
      records: 3,
      beside: { records: 3, first: { file: "f0", line: 3 } },
      last: 3,
    };
    expect(checked(files, short[0])).toEqual(whole);
    expect(checked([base, long, short], short[0])).toEqual({
      ...whole,
      beside: { records: 3, first: { file: "f1", line: 1 } },
    });
    expect(checked(files, long[1])).toMatchObject({ records: 5, beside: { records: 1 }, last: 5 });
    expect(checked(files)).toMatchObject({ findings: [], records: 5, beside: { records: 1 } });
  });

  it("are the longest branch behind a head that they all follow", () => {
    expect(checked([[...base, ...short], long], base[0])).toMatchObject({
      findings: [],
      last: 5,
      beside: { records: 1 },
    });
  });

  it("may be the very first ones", () => {
    const other = stretch(undefined, "other");
    expect(checked([other, base], base[1])).toMatchObject({ findings: [], beside: { records: 1 } });
    expect(checked([base, other], base[1])).toMatchObject({ findings: [], beside: { records: 1 } });
  });

  it("do not stand in for records that were taken out", () => {
    const next = stretch(short[0], "d", "e");
    const end = next[1];
    expect(checked([[...base, ...long], short, next], end)).toMatchObject({ findings: [], last: 5 });
    expect(checked([[...base, ...long], next], end).findings).toEqual([["missing", 3]]);
    expect(checked([[...base, ...long]], end).findings).toEqual([["changed", 5]]);
    expect(checked([[...base, ...long.slice(0, 2)]], end).findings).toEqual([["cut-off", 5]]);
    expect(checked([[...base, ...long.slice(0, 1)], next], end).findings).toEqual([["changed", 4]]);
    expect(checked([base, next], end).findings).toEqual([["missing", 3]]);
  });

  it("are damage where no file begins with one of them", () => {
    expect(checked([[...base, ...long, ...short]]).findings).toEqual([["duplicated", 3]]);
  });

  it("are doubled where they are the same", () => {
    expect(checked([base, short, short], short[0]).findings).toEqual([["duplicated", 3]]);
    expect(checked([base, long, short, short], short[0]).findings).toEqual([["duplicated", 3]]);
  });
});
