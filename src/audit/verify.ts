import { stat } from "node:fs/promises";
import type { Beside } from "./branches.ts";
import { filesOf, inOrder } from "./files.ts";
import type { Finding } from "./findings.ts";
import type { AuditHead } from "./head.ts";
import { checkFiles } from "./reading.ts";

/** What a verification found. */
export interface Verification {
  /** Nothing is changed, missing, reordered, doubled or cut off. */
  readonly ok: boolean;
  readonly files: number;
  /** How many records are in the chain. */
  readonly records: number;
  /** How many sound records are in the files and not in the chain. */
  readonly beside: number;
  /** The last record of the chain. */
  readonly last?: AuditHead;
  /** At most the first 100 of `findingCount`. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** What is worth knowing and no damage. */
  readonly notes: readonly string[];
  /** The trail says that it was written with a key, and none was given. */
  readonly needsKey: boolean;
}

/** What to hold a trail against. */
export interface Expected {
  readonly key?: string | undefined;
  /** The record before the first, where that is not record 1. */
  readonly after?: AuditHead | undefined;
  readonly head?: AuditHead | undefined;
}

/**
 * Reads whole trails: `paths` are directories and files, of one trail, in any order. Rejects with the file system's error
 * when one cannot be read.
 */
export async function verifyTrail(
  paths: readonly string[],
  { key, after, head }: Expected,
): Promise<Verification> {
  const files = inOrder([...new Set((await Promise.all(paths.map(expanded))).flat())]);
  const { chain, torn, keyed } = await checkFiles(files, key, { after, head });
  const { findings, findingCount, records, last, beside } = chain;
  const notes = torn.map(
    ({ file, line, bytes }) =>
      `${file}:${line}: ${bytes} bytes of an unfinished line, as a crash leaves them.`,
  );
  if (beside.records > 0) notes.push(besideNote(beside));
  if (head && last && last.seq > head.seq)
    notes.push(`The chain goes on behind the head: ${last.seq - head.seq} more.`);
  if (!head) notes.push("No head to compare with: records cut off at the end would not be noticed.");
  if (key === undefined)
    notes.push("No key: whoever can write the files could have written the whole trail anew.");
  return {
    ok: findingCount === 0,
    files: files.length,
    records,
    beside: beside.records,
    ...(last ? { last } : {}),
    findings,
    findingCount,
    notes,
    needsKey: keyed && key === undefined,
  };
}

function besideNote({ records, first }: Beside): string {
  const where = first ? ` (the first: ${first.file}:${first.line})` : "";
  const what = records === 1 ? "1 record stands" : `${records} records stand`;
  return `${what} beside the chain${where}: whoever wrote them was killed or overtaken before they counted, and nothing was done because of them.`;
}

async function expanded(path: string): Promise<readonly string[]> {
  return (await stat(path)).isDirectory() ? filesOf(path) : [path];
}
