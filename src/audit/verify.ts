import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type ChainExpectation, createChainCheck, type Finding } from "./chain-check.ts";
import { filesOf, inOrder, linesOf } from "./files.ts";
import type { AuditHead } from "./head.ts";
import { readLine } from "./line.ts";

/** What a verification found. */
export interface Verification {
  /** Nothing is changed, missing, reordered, doubled or cut off. */
  readonly ok: boolean;
  readonly files: number;
  readonly records: number;
  /** The record with the highest number. */
  readonly last?: AuditHead;
  /** At most the first 100 of `findingCount`. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** What is worth knowing and no damage. */
  readonly notes: readonly string[];
  /** The trail says that it was written with a key, and none was given. */
  readonly needsKey: boolean;
}

/**
 * Reads whole trails: `paths` are directories and files, of one trail, in any order. Rejects with the file system's error
 * when one cannot be read.
 */
export async function verifyTrail(
  paths: readonly string[],
  expectation: Omit<ChainExpectation, "after"> & { readonly after?: AuditHead | undefined },
): Promise<Verification> {
  const files = inOrder([...new Set((await Promise.all(paths.map(expanded))).flat())]);
  const check = createChainCheck(expectation);
  const notes: string[] = [];
  let needsKey = false;
  for (const path of files) {
    const file = basename(path);
    let line = 0;
    for await (const { text, bytes, ended } of linesOf(path)) {
      line += 1;
      const read = readLine(text ?? "", expectation.key);
      needsKey ||= expectation.key === undefined && read.kind === "changed" && read.keyed === true;
      if (ended || read.kind === "record") check.line(text, { file, line });
      else notes.push(`${file}:${line}: ${bytes} bytes of an unfinished line, as a crash leaves them.`);
    }
  }
  const { findings, findingCount, records, last } = check.end();
  if (!expectation.head)
    notes.push("No head to compare with: records cut off at the end would not be noticed.");
  if (expectation.key === undefined)
    notes.push("No key: whoever can write the files could have written the whole trail anew.");
  return {
    ok: findingCount === 0,
    files: files.length,
    records,
    ...(last ? { last: { seq: last.seq, hash: last.hash } } : {}),
    findings,
    findingCount,
    notes,
    needsKey,
  };
}

async function expanded(path: string): Promise<readonly string[]> {
  return (await stat(path)).isDirectory() ? filesOf(path) : [path];
}
