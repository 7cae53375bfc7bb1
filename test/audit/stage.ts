import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach } from "vitest";
import { filesOf } from "../../src/audit/files.ts";
import { type AuditHead, readAuditHead } from "../../src/audit/head.ts";
import type { AuditOptions } from "../../src/audit/options.ts";
import { openAudit } from "../../src/audit/trail.ts";
import { verifyTrail } from "../../src/audit/verify.ts";
import type { Store } from "../../src/conversation/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { createContext } from "../store/context.ts";
import { chainIn } from "./chain.ts";
import { KEY, PLAIN } from "./sample.ts";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A directory and a store in which trails are opened, one after the other or beside each other. */
export async function createStage() {
  const { clock, log, lines } = await createContext();
  const parent = await mkdtemp(join(tmpdir(), "audit-"));
  const dir = join(parent, "trail");
  const store = await openStore("memory:", { clock, log });
  const heads = store.collection("audit", readAuditHead);
  const printed: string[] = [];
  cleanUps.push(() => rm(parent, { recursive: true }));

  async function openExactly(options: AuditOptions, through: Store<AuditHead> = heads) {
    const print = (line: string) => {
      printed.push(line);
    };
    const trail = await openAudit(options, { heads: through, clock, log, print });
    cleanUps.push(() => trail.close());
    return trail;
  }

  return {
    dir,
    heads,
    printed,
    logged: () => lines.records(),
    open(options: Partial<AuditOptions> = {}, through: Store<AuditHead> = heads) {
      return openExactly({ ...PLAIN, dir, key: KEY, ...options }, through);
    },
    openExactly,
    files: () => filesOf(dir),
    names: async () => (await filesOf(dir)).map((path) => basename(path)),
    /** The records of the chain. */
    records: async () => chainIn(dir, await heads.get("head")),
    verify: async () => verifyTrail([dir], { key: KEY, head: await heads.get("head") }),
  };
}

/** A promise that others settle. */
export function createGate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
