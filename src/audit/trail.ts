import { mkdir } from "node:fs/promises";
import type { Audit, AuditRecord } from "../conversation/audit.ts";
import { BridgeError } from "../conversation/errors.ts";
import type { Clock, Log, Store } from "../conversation/ports.ts";
import { type AuditHead, HEAD } from "./head.ts";
import { adopt, continuationOf, readTrailEnd } from "./opening.ts";
import type { AuditOptions } from "./options.ts";
import { type ChainWriter, type Content, createWriter } from "./writer.ts";

/** An open evidence trail. */
export interface AuditTrail extends Audit {
  /** The last durable record: its number is also how many there are. Undefined where nothing is recorded. */
  head(): AuditHead | undefined;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

/** What a trail needs. */
export interface AuditContext {
  /** The collection of the head: what tells that the files were cut. */
  readonly heads: Store<AuditHead>;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  /** Prints a durable line (with its line break), where that is switched on. */
  print(line: string): void;
}

/**
 * Opens the trail and writes its first record, `opened`. A trail that was cut or changed is said in the log and in that
 * record, and the process goes on. Rejects with `BridgeError("store-failed")` when no record can be made durable.
 */
export async function openAudit(options: AuditOptions, context: AuditContext): Promise<AuditTrail> {
  const { dir } = options;
  if (dir === undefined) {
    context.log.warn({}, "the audit trail is switched off: nobody can tell later who decided what");
    return { write: async () => {}, head: () => undefined, close: async () => {} };
  }
  const writer = await within(dir, () => openWriter({ ...options, dir }, context));
  const trail = createTrail(writer, dir, options.args);
  context.log.info({ dir, records: trail.head()?.seq }, "audit trail open");
  if (options.key === undefined) {
    context.log.warn(
      {},
      "AUDIT_KEY is not set: whoever can write the audit files can write them anew, and only the head kept elsewhere would tell",
    );
  }
  return trail;
}

async function openWriter(
  options: AuditOptions & { readonly dir: string },
  { heads, clock, log, print }: AuditContext,
): Promise<ChainWriter> {
  const { dir, key, maxFileBytes, args } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const stored = await heads.get(HEAD);
  const end = await readTrailEnd(dir, key, stored);
  const { alarms, remarks, position } = continuationOf(end, stored);
  for (const alarm of alarms) log.error({ dir }, `${alarm} Run “kagent-discord audit verify”.`);
  const copy = (line: string) => {
    if (options.stdout) print(`${line}\n`);
  };
  await adopt(end, position, stored, heads);
  const writer = createWriter({ dir, key, maxFileBytes, heads, log, copy });
  const opened = { event: "opened", at: clock.now(), keyed: key !== undefined, arguments: args };
  const damaged = alarms.length > 0 ? { alarms } : {};
  try {
    await writer.write([{ ...opened, ...remarks, ...damaged }]);
    return writer;
  } catch (error) {
    await writer.close();
    throw error;
  }
}

interface Waiting {
  readonly content: Content;
  resolve(): void;
  reject(error: unknown): void;
}

/** Records that come while others are being written share one synchronisation of the disk. */
function createTrail(writer: ChainWriter, dir: string, args: boolean): AuditTrail {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await within(dir, () => writer.write(batch.map((one) => one.content)));
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    writing = undefined;
  }

  return {
    write: (record) =>
      new Promise((resolve, reject) => {
        waiting.push({ content: contentOf(record, args), resolve, reject });
        writing ??= writeAll();
      }),
    head: () => writer.head(),
    async close() {
      await writing;
      await writer.close();
    },
  };
}

function contentOf(record: AuditRecord, args: boolean): Content {
  if (args || !record.items) return { ...record };
  return { ...record, items: record.items.map(({ args: _args, ...item }) => item) };
}

async function within<R>(dir: string, run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause;
    const sentence = `The audit trail in ${dir} cannot be written. Check the directory's permissions and disk space (AUDIT_DIR), then try again.`;
    throw new BridgeError("store-failed", sentence, { cause });
  }
}
