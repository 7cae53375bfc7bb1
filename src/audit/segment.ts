import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../conversation/ports.ts";
import { fileName, synchronise } from "./files.ts";
import type { SealedLine } from "./line.ts";

/**
 * The files that one process writes, one after the other. Nobody else appends to them, and no byte is ever taken back: others
 * may have read it. In a file each line follows the one before it.
 */
export interface Segment {
  /** Appends and makes durable. Rejects when that fails; some or all of the lines may stand in the file all the same. */
  append(lines: readonly SealedLine[]): Promise<void>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly ino: number;
  size: number;
  /** The hash of its last line. */
  end: string | undefined;
}

/** Writes files into `dir`, each up to about `maxFileBytes`. */
export function createSegment(dir: string, maxFileBytes: number, log: Log): Segment {
  let file: OpenFile | undefined;

  async function leave(): Promise<void> {
    const left = file;
    file = undefined;
    await left?.handle.close();
  }

  async function ready(first: SealedLine, bytes: number): Promise<OpenFile> {
    if (file && !(await isInPlace(file))) {
      log.error({ file: file.path }, "an audit file was removed or replaced while it was written to");
      await leave();
    }
    if (file && (file.end !== first.prev || file.size + bytes > maxFileBytes)) await leave();
    file ??= await begin(dir, first.seq);
    return file;
  }

  return {
    async append(lines) {
      const [first] = lines;
      if (!first) return;
      const bytes = Buffer.from(lines.map((line) => `${line.text}\n`).join(""));
      const current = await ready(first, bytes.length);
      try {
        await current.handle.appendFile(bytes);
        await current.handle.datasync();
      } catch (error) {
        await removeIfEmpty(current).catch(() => {});
        await leave().catch(() => {});
        throw error;
      }
      current.size += bytes.length;
      current.end = lines.at(-1)?.hash;
    },
    close: leave,
  };
}

async function begin(dir: string, seq: number): Promise<OpenFile> {
  const path = join(dir, fileName(seq, randomBytes(4).toString("hex")));
  const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
  const handle = await open(path, O_APPEND | O_CREAT | O_EXCL | O_WRONLY, 0o600);
  // A new file's name is lost in a power failure unless its directory is synchronised; not every system can.
  await synchronise(dir).catch(() => {});
  const { ino } = await handle.stat();
  return { path, handle, ino, size: 0, end: undefined };
}

async function isInPlace({ path, ino }: OpenFile): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.ino === ino;
}

/** A full disk would otherwise get one more file with each attempt. */
async function removeIfEmpty({ path, handle }: OpenFile): Promise<void> {
  if ((await handle.stat()).size === 0) await unlink(path);
}
