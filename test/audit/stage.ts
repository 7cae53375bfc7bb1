import { mkdtemp, readFile, rm } from "node:fs/promises";
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
    /** What the files say, as parsed lines. */
    async records(): Promise<readonly Record<string, unknown>[]> {
      const texts = await Promise.all((await filesOf(dir)).map((path) => readFile(path, "utf8")));
      const whole = texts.flatMap((text) => text.split("\n").slice(0, -1));
      return whole.map((line): Record<string, unknown> => JSON.parse(line));
    },
    verify: async () => verifyTrail([dir], { key: KEY, head: await heads.get("head") }),
  };
}

/** The store's collection with some of its methods in other hands. */
export function intercepted<T>(store: Store<T>, own: Partial<Store<T>>): Store<T> {
  return {
    get: (key) => store.get(key),
    set: (key, value, ttlMs) => store.set(key, value, ttlMs),
    delete: (key) => store.delete(key),
    list: (prefix) => store.list(prefix),
    claim: (key, value, ttlMs) => store.claim(key, value, ttlMs),
    cas: (key, expected, next, ttlMs) => store.cas(key, expected, next, ttlMs),
    ...own,
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
