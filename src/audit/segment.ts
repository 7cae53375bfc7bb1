import { constants } from "node:fs";
import { type FileHandle, open, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../conversation/ports.ts";
import { fileName } from "./files.ts";
import type { SealedLine } from "./line.ts";

/** The file that one process writes to, one after the other: nobody else ever appends to a file of this process. */
export interface Segment {
  /** Appends and makes durable. Rejects when that fails; then nothing was appended. */
  append(lines: readonly SealedLine[]): Promise<void>;
  /** The lines appended last stay for good. */
  confirm(): void;
  /** Keeps the first `count` of the lines appended last and removes the others; the next ones go into a new file. */
  retreat(count: number): Promise<void>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly ino: number;
  /** Bytes that stay. */
  size: number;
  /** Texts after them that may have to go again. */
  tail: readonly string[];
  /** Bytes of a failed attempt may stand after them. */
  soiled: boolean;
}

/** Writes files into `dir`, each up to about `maxFileBytes`; `owner` is in their names. */
export function createSegment(dir: string, owner: string, maxFileBytes: number, log: Log): Segment {
  let file: OpenFile | undefined;

  async function leave(): Promise<void> {
    const left = file;
    file = undefined;
    await left?.handle.close();
  }

  async function ready(first: SealedLine, bytes: number): Promise<OpenFile> {
    if (file?.soiled) await cleaned(file);
    if (file && !(await isInPlace(file))) {
      log.error({ file: file.path }, "an audit file was removed or replaced while it was written to");
      await leave();
    }
    if (file && file.size > 0 && file.size + bytes > maxFileBytes) await leave();
    file ??= await begin(dir, fileName(first.seq, owner));
    return file;
  }

  return {
    async append(lines) {
      const [first] = lines;
      if (!first) return;
      const texts = lines.map((line) => `${line.text}\n`);
      const bytes = Buffer.from(texts.join(""));
      const current = await ready(first, bytes.length);
      current.soiled = true;
      try {
        await current.handle.appendFile(bytes);
        await current.handle.datasync();
      } catch (error) {
        // Where even this fails, the next attempt begins with it.
        await cleaned(current).catch(() => {});
        throw error;
      }
      current.soiled = false;
      current.tail = texts;
    },
    confirm() {
      if (!file) return;
      file.size += Buffer.byteLength(file.tail.join(""));
      file.tail = [];
    },
    async retreat(count) {
      if (!file) return;
      file.tail = file.tail.slice(0, count);
      file.size += Buffer.byteLength(file.tail.join(""));
      file.tail = [];
      await cleaned(file);
      if (file.size === 0) await unlink(file.path);
      await leave();
    },
    close: leave,
  };
}

async function begin(dir: string, name: string): Promise<OpenFile> {
  const path = join(dir, name);
  const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants;
  const handle = await open(path, O_APPEND | O_CREAT | O_EXCL | O_WRONLY, 0o600);
  await durableEntries(dir);
  const { ino } = await handle.stat();
  return { path, handle, ino, size: 0, tail: [], soiled: false };
}

/** A new file's name is lost in a power failure unless its directory is synchronised; not every system can. */
async function durableEntries(dir: string): Promise<void> {
  const handle = await open(dir, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function isInPlace({ path, ino }: OpenFile): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.ino === ino;
}

async function cleaned(file: OpenFile): Promise<void> {
  await file.handle.truncate(file.size);
  await file.handle.datasync();
  file.soiled = false;
}
