import { createReadStream } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

const NAME = /^audit-(\d{12,16})-[\w-]+\.jsonl$/;

/** The name of a file that begins with record `seq`; `mark` tells apart files that begin with the same number. */
export function fileName(seq: number, mark: string): string {
  return `audit-${String(seq).padStart(12, "0")}-${mark}.jsonl`;
}

/** The number of the first record of a file, by its name; undefined for other files. */
export function firstSeq(path: string): number | undefined {
  const digits = NAME.exec(basename(path))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The files of a trail, oldest first. Rejects when the directory cannot be read. */
export async function filesOf(dir: string): Promise<readonly string[]> {
  const names = (await readdir(dir)).filter((name) => firstSeq(name) !== undefined);
  return inOrder(names.map((name) => join(dir, name)));
}

/** Files by their first record; those without a number in their name stay last, as given. */
export function inOrder(paths: readonly string[]): readonly string[] {
  const number = (path: string) => firstSeq(path) ?? Number.POSITIVE_INFINITY;
  return [...paths].sort((a, b) => {
    const [one, other] = [number(a), number(b)];
    return one === other ? 0 : one - other;
  });
}

/** Makes durable what stands in a file or directory, whoever wrote it. Rejects when that fails. */
export async function synchronise(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One line of a file. `text` is undefined where the bytes are no UTF-8; `ended`: a line break follows. */
export interface FileLine {
  readonly text: string | undefined;
  readonly bytes: number;
  readonly ended: boolean;
}

const LINE_BREAK = 0x0a;

/** The first line of a file; undefined when it is empty. Rejects when it cannot be read. */
export async function firstLineOf(path: string): Promise<FileLine | undefined> {
  for await (const line of linesOf(path)) return line;
  return undefined;
}

/** The lines of a file, one by one, however large it is. Rejects when it cannot be read. */
export async function* linesOf(path: string): AsyncGenerator<FileLine> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    let bytes = Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(LINE_BREAK); end !== -1; end = bytes.indexOf(LINE_BREAK)) {
      yield toLine(bytes.subarray(0, end), true);
      bytes = bytes.subarray(end + 1);
    }
    rest = bytes;
  }
  if (rest.length > 0) yield toLine(rest, false);
}

function toLine(bytes: Buffer, ended: boolean): FileLine {
  return { text: decoded(bytes), bytes: bytes.length, ended };
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
