import { basename } from "node:path";
import { type ChainExpectation, type ChainReport, createChainCheck } from "./chain-check.ts";
import { type FileLine, firstLineOf, linesOf } from "./files.ts";
import type { LineAddress } from "./findings.ts";
import { type ReadLine, readLine } from "./line.ts";

/** Bytes at the end of a file that are no whole line: a crash in the middle of a write. */
interface TornLine extends LineAddress {
  readonly bytes: number;
}

/** What became of reading files. */
export interface FilesReport {
  readonly chain: ChainReport;
  readonly torn: readonly TornLine[];
  /** A record says that it was written with a key, and it cannot be read with the one given. */
  readonly keyed: boolean;
}

/**
 * Checks the lines of a trail's files, given in their order, while others may write to them: what they begin after their first
 * lines were looked at is not read. Rejects when a file cannot be read.
 */
export async function checkFiles(
  paths: readonly string[],
  key: string | undefined,
  expectation: Omit<ChainExpectation, "marks">,
): Promise<FilesReport> {
  const torn: TornLine[] = [];
  const begun: string[] = [];
  const marks = new Set<string>();
  for (const path of paths) {
    const first = await firstLineOf(path);
    if (!first) continue;
    const read = readFileLine(first, key);
    if (read.kind === "torn") torn.push({ file: basename(path), line: 1, bytes: first.bytes });
    else begun.push(path);
    if (read.kind === "record") marks.add(read.line.prev);
  }
  const check = createChainCheck({ ...expectation, marks });
  let keyed = false;
  for (const path of begun) {
    const file = basename(path);
    let line = 0;
    for await (const one of linesOf(path)) {
      line += 1;
      const read = readFileLine(one, key);
      if (read.kind === "torn") torn.push({ file, line, bytes: one.bytes });
      else check.line(read, { file, line });
      keyed ||= read.kind === "changed" && read.keyed === true;
    }
  }
  return { chain: check.end(), torn, keyed };
}

/** A line of a file; an unfinished one is torn, unless only its line break is missing. */
export function readFileLine(
  { text, ended }: FileLine,
  key: string | undefined,
): ReadLine | { readonly kind: "torn" } {
  const read: ReadLine = text === undefined ? { kind: "unreadable" } : readLine(text, key);
  return ended || read.kind === "record" ? read : { kind: "torn" };
}
