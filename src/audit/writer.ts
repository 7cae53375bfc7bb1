import { randomBytes } from "node:crypto";
import type { Log, Store } from "../conversation/ports.ts";
import { filesOf, firstSeq, linesOf } from "./files.ts";
import { type AuditHead, isSameHead } from "./head.ts";
import { readLine, type SealedLine, sealLine } from "./line.ts";
import { createSegment } from "./segment.ts";

/** Plain JSON of one record. */
export type Content = Readonly<Record<string, unknown>>;

/** Makes records durable, in the order given. Calls must not overlap. */
export interface ChainWriter {
  /** Resolves when all are in a file and the store's head names the last; otherwise rejects. */
  write(contents: readonly Content[]): Promise<void>;
  /** The last record that is durable. */
  head(): AuditHead | undefined;
  close(): Promise<void>;
}

/** What a writer needs. */
export interface WriterContext {
  readonly dir: string;
  readonly key: string | undefined;
  readonly maxFileBytes: number;
  readonly heads: Store<AuditHead>;
  readonly log: Log;
  /** Gets each durable line. */
  copy(line: string): void;
}

/** Where a writer begins: what the store says, and the record that the next one follows. */
export interface Beginning {
  readonly stored: AuditHead | undefined;
  readonly position: AuditHead | undefined;
}

/** The row of the head: there is one trail in a store, whoever writes it. */
export const HEAD = "head";

/**
 * Writes one chain, beside other processes that write it too (as while a rollout overlaps): lines go to the file first,
 * then the store's head is moved by compare-and-swap. Who loses takes the lines back and writes them again after the winner's.
 * A crash in between leaves lines that the head does not know yet; who comes next continues after them.
 */
export function createWriter(context: WriterContext, beginning: Beginning): ChainWriter {
  const { key, heads } = context;
  const segment = createSegment(
    context.dir,
    randomBytes(4).toString("hex"),
    context.maxFileBytes,
    context.log,
  );
  let { stored, position } = beginning;
  /** In the file, but the store could not be asked whether they are in the chain. */
  let uncertain: readonly SealedLine[] = [];

  /** Moves the head over these lines; resolves with how many of them are in the chain, and where it ends then. */
  async function claim(lines: readonly SealedLine[]) {
    const end = headOf(lines.at(-1));
    let from = stored;
    for (;;) {
      const won = from ? await heads.cas(HEAD, from, end) : await heads.claim(HEAD, end);
      const found = won ? end : await heads.get(HEAD);
      if (found && isSameHead(found, end)) return { count: lines.length, end: found };
      if (found && !(from && isSameHead(found, from)))
        return { count: await continuedBy(context, lines, found), end: found };
      from = found;
    }
  }

  async function settle(lines: readonly SealedLine[]): Promise<number> {
    if (lines.length === 0) return 0;
    uncertain = lines;
    const { count, end } = await claim(lines);
    if (isSameHead(end, headOf(lines.at(-1)))) segment.confirm();
    else await segment.retreat(count);
    uncertain = [];
    stored = end;
    position = end;
    for (const line of lines.slice(0, count)) context.copy(line.text);
    return count;
  }

  return {
    async write(contents) {
      await settle(uncertain);
      for (let rest = contents; rest.length > 0; ) {
        const lines = sealAll(rest, position, key);
        await segment.append(lines);
        rest = rest.slice(await settle(lines));
      }
    },
    head: () => stored,
    close: () => segment.close(),
  };
}

function sealAll(
  contents: readonly Content[],
  after: AuditHead | undefined,
  key: string | undefined,
): readonly SealedLine[] {
  const lines: SealedLine[] = [];
  for (const content of contents) lines.push(sealLine(content, lines.at(-1) ?? after, key));
  return lines;
}

/** How many of the lines another process, which began after a look into our file, took into the chain. */
async function continuedBy(
  { dir, key }: WriterContext,
  lines: readonly SealedLine[],
  found: AuditHead,
): Promise<number> {
  const paths = await filesOf(dir);
  for (const [index, line] of [...lines.entries()].reverse()) {
    if (isSameHead(line, found)) return index + 1;
    for (const path of paths) {
      if (firstSeq(path) === line.seq + 1 && (await prevOfFirst(path, key)) === line.hash) return index + 1;
    }
  }
  return 0;
}

async function prevOfFirst(path: string, key: string | undefined): Promise<string | undefined> {
  for await (const { text } of linesOf(path)) {
    const read = readLine(text ?? "", key);
    return read.kind === "record" ? read.line.prev : undefined;
  }
  return undefined;
}

function headOf(line: AuditHead | undefined): AuditHead {
  if (!line) throw new Error("no line, no head");
  return { seq: line.seq, hash: line.hash };
}
