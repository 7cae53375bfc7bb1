import { randomBytes } from "node:crypto";
import type { Log, Store } from "../conversation/ports.ts";
import { filesOf, firstLineOf, firstSeq } from "./files.ts";
import { type AuditHead, HEAD, isSameHead } from "./head.ts";
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

/**
 * Writes one chain, beside other processes that write it too (as while a rollout overlaps). Lines are sealed after the store's
 * head and made durable in a file; then one compare-and-swap moves the head over them, and that alone puts them into the chain.
 * Who loses it writes again after the winner. The lines that lost, or whose writer was killed, stay in the files beside the chain.
 */
export function createWriter(context: WriterContext): ChainWriter {
  const { key, heads } = context;
  const segment = createSegment(context.dir, context.maxFileBytes, context.log);
  let stored: AuditHead | undefined;
  /** The last head that was seen: what the next record follows, even where the row is gone. */
  let position: AuditHead | undefined;
  /** Durable, but the store could not be asked whether they are in the chain. */
  let uncertain: readonly SealedLine[] = [];

  async function look(): Promise<void> {
    stored = await heads.get(HEAD);
    position = stored ?? position;
  }

  /** Moves the head over these lines; resolves with how many of them are in the chain, whoever put them there. */
  async function settle(lines: readonly SealedLine[]): Promise<number> {
    const [first, last] = [lines[0], lines.at(-1)];
    if (!first || !last) return 0;
    uncertain = lines;
    const start = { seq: first.seq - 1, hash: first.prev };
    const end = { seq: last.seq, hash: last.hash };
    let count = lines.length;
    if (await (stored ? heads.cas(HEAD, start, end) : heads.claim(HEAD, end))) {
      stored = end;
      position = end;
    } else {
      await look();
      count = stored ? await adopted(context, lines, stored) : 0;
    }
    uncertain = [];
    for (const line of lines.slice(0, count)) context.copy(line.text);
    return count;
  }

  return {
    async write(contents) {
      await settle(uncertain);
      await look();
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
  for (const content of contents) {
    // Two processes that seal the same at the same time must not take each other's line for their own.
    const nonce = randomBytes(9).toString("base64url");
    lines.push(sealLine({ ...content, nonce }, lines.at(-1) ?? after, key));
  }
  return lines;
}

/**
 * How many of the lines another process, which began meanwhile, moved the head over. Records follow nothing but a head, and the
 * first one after a record of another process begins a file: a line that has been the head is it still, or such a file tells.
 */
async function adopted(
  { dir, key }: WriterContext,
  lines: readonly SealedLine[],
  head: AuditHead,
): Promise<number> {
  const paths = await filesOf(dir);
  for (const [index, line] of [...lines.entries()].reverse()) {
    if (isSameHead(line, head)) return index + 1;
    for (const path of paths) {
      if (firstSeq(path) === line.seq + 1 && (await prevOfFirst(path, key)) === line.hash) return index + 1;
    }
  }
  return 0;
}

async function prevOfFirst(path: string, key: string | undefined): Promise<string | undefined> {
  const read = readLine((await firstLineOf(path))?.text ?? "", key);
  return read.kind === "record" ? read.line.prev : undefined;
}
