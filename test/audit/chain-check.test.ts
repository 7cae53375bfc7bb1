import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createChainCheck } from "../../src/audit/chain-check.ts";
import type { AuditHead } from "../../src/audit/head.ts";
import { readLine, type SealedLine, sealLine } from "../../src/audit/line.ts";
import { KEY, record } from "./sample.ts";

function chain(length: number, { key }: { readonly key?: string } = { key: KEY }): readonly string[] {
  const lines: SealedLine[] = [];
  for (let index = 0; index < length; index += 1)
    lines.push(sealLine({ ...record(`turn-${index}`) }, lines.at(-1), key));
  return lines.map((line) => line.text);
}

function headOf(texts: readonly string[]): AuditHead | undefined {
  return checked(texts, undefined).last;
}

function checked(
  texts: readonly string[],
  head: AuditHead | undefined,
  { key }: { readonly key?: string } = { key: KEY },
) {
  const check = createChainCheck({ head });
  for (const [index, text] of texts.entries())
    check.line(readLine(text, key), { file: "f", line: index + 1 });
  return check.end();
}

const kinds = (texts: readonly string[], head: AuditHead | undefined) =>
  checked(texts, head).findings.map(({ kind, seq, line }) => [kind, seq, line]);

const OTHER = { key: "another key" };
const WHOLE = chain(6);
const HEAD = headOf(WHOLE);

function swapped(texts: readonly string[], one: number, other: number): readonly string[] {
  return texts.map((text, index) =>
    index === one ? (texts[other] ?? "") : index === other ? (texts[one] ?? "") : text,
  );
}

describe("the check of a chain", () => {
  it("finds nothing in what was written", () => {
    expect(checked(WHOLE, HEAD)).toMatchObject({ records: 6, findings: [], findingCount: 0 });
    expect(checked(WHOLE.slice(0, 6), headOf(WHOLE.slice(0, 3))).findings).toEqual([]);
    expect(checked([], undefined).findings).toEqual([]);
  });

  it.each([
    ["changed", WHOLE.with(2, WHOLE[2]?.replace("turn-2", "turn-x") ?? ""), [["changed", 3, 3]]],
    ["put here", WHOLE.toSpliced(2, 0, "{}"), [["changed", 3, 3]]],
    ["in other bytes of the same meaning", WHOLE.with(2, ` ${WHOLE[2]}`), [["changed", 3, 3]]],
    ["missing at the beginning", WHOLE.slice(2), [["missing", 1, 1]]],
    ["missing in the middle", WHOLE.toSpliced(2, 2), [["missing", 3, 3]]],
    ["swapped", swapped(WHOLE, 2, 3), [["reordered", 3, 4]]],
    ["doubled", WHOLE.toSpliced(4, 0, WHOLE[1] ?? ""), [["duplicated", 2, 5]]],
    ["cut off", WHOLE.slice(0, 4), [["cut-off", 5, undefined]]],
    ["all gone", [], [["cut-off", 1, undefined]]],
  ])("says that a record is %s, where, and which", (_what, texts, expected) => {
    expect(kinds(texts, HEAD)).toEqual(expected);
  });

  it("finds a record of another trail with the same key in the place of one", () => {
    const other = chain(3).map((text) => text.replace("turn-2", "turn-9"));
    const forged = sealLine({ ...record("else") }, headOf(other.slice(0, 1)), KEY).text;
    const foreign = sealLine({ ...record("else") }, { seq: 2, hash: "x".repeat(43) }, KEY).text;
    expect(kinds(WHOLE.with(2, foreign), HEAD)).toEqual([
      ["changed", 3, 3],
      ["changed", 4, 4],
    ]);
    expect(kinds(WHOLE.with(1, forged), HEAD)).toEqual([["changed", 3, 3]]);
  });

  it("finds a last record that is another than the head names", () => {
    const forged = sealLine({ ...record("else") }, headOf(WHOLE.slice(0, 5)), KEY).text;
    expect(kinds(WHOLE.with(5, forged), HEAD)).toEqual([["changed", 6, undefined]]);
  });

  it("takes no record that was written without the key, or with another", () => {
    expect(checked(chain(3, {}), undefined).findingCount).toBe(3);
    expect(checked(chain(3, OTHER), undefined).findingCount).toBe(3);
    expect(checked(chain(3), undefined, OTHER).findingCount).toBe(3);
  });

  it("keeps the first hundred findings and counts the rest", () => {
    const report = checked(chain(150, OTHER), undefined);
    expect([report.findings.length, report.findingCount]).toEqual([100, 150]);
  });

  it("finds any one line that is changed, removed, doubled, moved or swapped, and any cut", () => {
    const length = 12;
    const whole = chain(length);
    const head = headOf(whole);
    const at = fc.nat({ max: length - 1 });
    const damage = fc.oneof(
      fc.record({ what: fc.constant("remove" as const), at }),
      fc.record({ what: fc.constant("cut" as const), at }),
      fc.record({ what: fc.constant("behead" as const), at: fc.integer({ min: 1, max: length }) }),
      fc.record({ what: fc.constant("double" as const), at, to: at }),
      fc.record({ what: fc.constant("swap" as const), at, to: at }),
      fc.record({ what: fc.constant("move" as const), at, to: at }),
      fc.record({ what: fc.constant("put" as const), at, text: fc.oneof(fc.string(), fc.json()) }),
      fc.record({
        what: fc.constant("byte" as const),
        at,
        place: fc.nat(),
        text: fc.string({ minLength: 1 }),
      }),
      fc.record({ what: fc.constant("shorten" as const), at, place: fc.nat() }),
    );
    fc.assert(
      fc.property(damage, (one) => {
        const damaged = damagedBy(whole, one);
        fc.pre(damaged.join("\n") !== whole.join("\n"));
        expect(checked(damaged, head).findingCount).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });
});

type Damage =
  | { readonly what: "remove" | "cut" | "behead"; readonly at: number }
  | { readonly what: "double" | "swap" | "move"; readonly at: number; readonly to: number }
  | { readonly what: "put"; readonly at: number; readonly text: string }
  | { readonly what: "byte"; readonly at: number; readonly place: number; readonly text: string }
  | { readonly what: "shorten"; readonly at: number; readonly place: number };

function damagedBy(whole: readonly string[], damage: Damage): readonly string[] {
  const { at } = damage;
  const line = whole[at] ?? "";
  switch (damage.what) {
    case "remove":
      return whole.toSpliced(at, 1);
    case "cut":
      return whole.slice(0, at);
    case "behead":
      return whole.slice(at);
    case "double":
      return whole.toSpliced(damage.to, 0, line);
    case "swap":
      return swapped(whole, at, damage.to);
    case "move":
      return whole.toSpliced(at, 1).toSpliced(damage.to, 0, line);
    case "put":
      return whole.toSpliced(at, 0, damage.text);
    case "byte": {
      const place = damage.place % line.length;
      return whole.with(at, line.slice(0, place) + damage.text + line.slice(place + 1));
    }
    case "shorten":
      return whole.with(at, line.slice(0, damage.place % line.length));
  }
}
