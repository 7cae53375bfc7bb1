import type { Store } from "../conversation/ports.ts";
import { filesOf, firstLineOf, firstSeq, linesOf, synchronise } from "./files.ts";
import { type AuditHead, HEAD, isSameHead } from "./head.ts";
import { checkFiles, type FilesReport, readFileLine } from "./reading.ts";
import type { Content } from "./writer.ts";

/** How a directory of a trail ends. */
export interface TrailEnd extends FilesReport {
  /** The files that were read, oldest first. */
  readonly paths: readonly string[];
  /** The number of the record that the oldest file in the directory begins with. */
  readonly oldest: number | undefined;
}

/** Reads the newest files of a trail, back to the one with the head's record. Rejects when that cannot be read. */
export async function readTrailEnd(
  dir: string,
  key: string | undefined,
  head: AuditHead | undefined,
): Promise<TrailEnd> {
  const files = await filesOf(dir);
  const [oldest] = files;
  const paths = files.slice(await startOf(files, key, head));
  const report = await checkFiles(paths, key, { after: "any", head });
  return { ...report, paths, oldest: oldest === undefined ? undefined : firstSeq(oldest) };
}

/**
 * The file to begin with. Without the head's record it is the one with the record that the newest file follows: there may be
 * records beside the chain in the newest, and what a file follows is in the chain.
 */
async function startOf(
  files: readonly string[],
  key: string | undefined,
  head: AuditHead | undefined,
): Promise<number> {
  const holder = head && (await holderOf(files, head));
  if (holder !== undefined) return holder;
  for (const [index, path] of [...files.entries()].reverse()) {
    const first = await firstLineOf(path);
    const read = first && readFileLine(first, key);
    if (!read || read.kind === "torn") continue;
    if (read.kind !== "record") return index;
    const { seq, prev } = read.line;
    return (await holderOf(files, { seq: seq - 1, hash: prev })) ?? index;
  }
  return 0;
}

/** The file with this record, or the first that follows it. */
async function holderOf(files: readonly string[], { seq, hash }: AuditHead): Promise<number | undefined> {
  const field = `"hash":"${hash}"`;
  for (const [index, path] of [...files.entries()].reverse()) {
    if ((firstSeq(path) ?? 0) > seq) continue;
    for await (const { text } of linesOf(path)) if (text?.includes(field)) return index;
  }
  const next = files.findIndex((path) => firstSeq(path) === seq + 1);
  return next === -1 ? undefined : next;
}

/** Where to go on, and what the first record of this process has to say about it. */
export interface Continuation {
  /** The last record of the chain. */
  readonly position: AuditHead | undefined;
  /** Sentences for the log; the trail is not what it should be. */
  readonly alarms: readonly string[];
  readonly remarks: Content;
}

/**
 * Where a trail goes on. Files that say less than the store's head, or something else, are not believed: the next record
 * follows the head, so that the hole stays visible for ever.
 */
export function continuationOf(end: TrailEnd, stored: AuditHead | undefined): Continuation {
  const { last, findings } = end.chain;
  const torn = end.torn.map(({ file, bytes }) => ({ file, bytes }));
  const remarks = torn.length === 0 ? {} : { torn };
  const alarms = findings
    .filter((finding) => finding.kind !== "cut-off")
    .map(({ file, line, sentence }) => (file === undefined ? sentence : `${file}:${line}: ${sentence}`));
  if (!stored || knows(end, stored)) return { position: last ?? stored, alarms, remarks };
  const cut = { cutAfter: last?.seq ?? 0 };
  const sentence = `The audit trail was cut or replaced: the store knows ${stored.seq} records, the files end with ${last ? `record ${last.seq}` : "none"} instead.`;
  return { position: stored, alarms: [sentence, ...alarms], remarks: { ...remarks, ...cut } };
}

/** Whether the files hold the record of the head, or are all newer: the older ones may be elsewhere. */
function knows({ chain, oldest = 0 }: TrailEnd, stored: AuditHead): boolean {
  return chain.holdsHead || (chain.records > 0 && oldest > stored.seq + 1);
}

/**
 * Moves the head over whole records that it does not know yet, as a crash or an older copy of the store leaves them. Whether
 * that succeeds does not matter: what is in the chain is what the head says afterwards.
 */
export async function adopt(
  { paths }: TrailEnd,
  position: AuditHead | undefined,
  stored: AuditHead | undefined,
  heads: Store<AuditHead>,
): Promise<void> {
  if (!position || (stored && isSameHead(position, stored))) return;
  for (const path of paths) await synchronise(path);
  await (stored ? heads.cas(HEAD, stored, position) : heads.claim(HEAD, position));
}
