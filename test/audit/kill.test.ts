import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { filesOf, linesOf } from "../../src/audit/files.ts";
import { readAuditHead } from "../../src/audit/head.ts";
import { readLine } from "../../src/audit/line.ts";
import { verifyTrail } from "../../src/audit/verify.ts";
import { openStore } from "../../src/store/open.ts";
import { loadAdapter } from "../../src/store/sqlite.ts";
import { createContext } from "../store/context.ts";
import { KEY } from "./sample.ts";

const RECORDER = fileURLToPath(new URL("recorder.ts", import.meta.url));
const hasSqlite = await loadAdapter().then(
  () => true,
  () => false,
);

it.runIf(hasSqlite)(
  "a trail that processes write together survives their deaths without losing an acknowledged record",
  async () => {
    const parent = await mkdtemp(join(tmpdir(), "audit-"));
    const dir = join(parent, "trail");
    const url = `sqlite://${parent}/store.sqlite`;
    const acknowledged: string[] = [];

    /** Runs a recorder and kills it after so many acknowledged records. */
    async function run(name: string, lives: number): Promise<void> {
      const child = spawn(process.execPath, ["--import", "tsx", RECORDER, url, dir, name], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(child, "close");
      let count = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(line);
        count += 1;
        if (count === lives) child.kill("SIGKILL");
      }
      await ended;
    }

    await Promise.all([run("a", 60), run("b", 25).then(() => run("c", 40))]);
    const store = await openStore(url, await createContext());
    const head = await store.collection("audit", readAuditHead).get("head");
    await store.close();
    expect(await verifyTrail([dir], { key: KEY, head })).toMatchObject({ ok: true, findings: [] });

    const turns: unknown[] = [];
    for (const file of await filesOf(dir)) {
      for await (const { text } of linesOf(file)) {
        const read = readLine(text ?? "", KEY);
        if (read.kind === "record" && read.content.turnId !== undefined) turns.push(read.content.turnId);
      }
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(125);
    expect(turns).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(turns).size).toBe(turns.length);
    await rm(parent, { recursive: true });
  },
  60_000,
);
