import { basename } from "node:path";
import { type ChainReport, createChainCheck } from "./chain-check.ts";
import { filesOf, linesOf } from "./files.ts";
import { type AuditHead, isSameHead } from "./head.ts";
import { readLine } from "./line.ts";
import type { Beginning, Content } from "./writer.ts";

/** How a directory of a trail ends. */
export interface TrailEnd {
  /** The check of the newest file that holds a record, against the store's head. */
  readonly report?: ChainReport;
  /** Bytes at the ends of files that are no whole line: a crash in the middle of a write. */
  readonly torn: readonly { readonly file: string; readonly bytes: number }[];
}

/** Looks at the newest files of a trail, as far back as the first that holds a record. Rejects when that cannot be read. */
export async function readTrailEnd(
  dir: string,
  key: string | undefined,
  head: AuditHead | undefined,
): Promise<TrailEnd> {
  const torn: { file: string; bytes: number }[] = [];
  for (const path of [...(await filesOf(dir))].reverse()) {
    const file = basename(path);
    const check = createChainCheck({ key, after: "any", head });
    let line = 0;
    for await (const { text, bytes, ended } of linesOf(path)) {
      line += 1;
      if (ended || readLine(text ?? "", key).kind === "record") check.line(text, { file, line });
      else torn.push({ file, bytes });
    }
    const report = check.end();
    if (report.records > 0 || report.findingCount > 0) return { report, torn };
  }
  return { torn };
}

/** Where to go on, and what the first record of this process has to say about it. */
export interface Continuation extends Beginning {
  /** Sentences for the log; the trail is not what it should be. */
  readonly alarms: readonly string[];
  readonly remarks: Content;
}

/**
 * Where a trail goes on. Files that say less than the store's head, or something else, are not believed: the next record
 * follows the head, so that the hole stays visible for ever.
 */
export function continuationOf({ report, torn }: TrailEnd, stored: AuditHead | undefined): Continuation {
  const remarks = torn.length === 0 ? {} : { torn };
  const last = report?.last;
  const end = last ? { seq: last.seq, hash: last.hash } : undefined;
  const alarms = (report?.findings ?? [])
    .filter((finding) => finding.kind !== "cut-off")
    .map(({ file, line, sentence }) => (file === undefined ? sentence : `${file}:${line}: ${sentence}`));
  if (!stored || (end && knows(report, stored))) return { stored, position: end ?? stored, alarms, remarks };
  const cut = end ? { cutAfter: end.seq } : { cutAfter: 0 };
  const sentence = `The audit trail was cut or replaced: the store knows ${stored.seq} records, the files end with ${end ? `record ${end.seq}` : "none"} instead.`;
  return { stored, position: stored, alarms: [sentence, ...alarms], remarks: { ...remarks, ...cut } };
}

/** Whether the files hold the record of the head, or are a newer part that may follow it. */
function knows(report: ChainReport | undefined, stored: AuditHead): boolean {
  const first = report?.first;
  if (!report || !first) return false;
  if (first.seq === stored.seq + 1) return first.prev === stored.hash;
  return report.atHead !== undefined ? isSameHead(report.atHead, stored) : first.seq > stored.seq;
}
