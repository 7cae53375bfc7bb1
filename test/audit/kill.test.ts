import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readAuditHead } from "../../src/audit/head.ts";
import { verifyTrail } from "../../src/audit/verify.ts";
import { openStore } from "../../src/store/open.ts";
import { needsSqlite } from "../needs.ts";
import { createContext } from "../store/context.ts";
import { chainIn } from "./chain.ts";
import { KEY } from "./sample.ts";

const RECORDER = fileURLToPath(new URL("recorder.ts", import.meta.url));

it("a trail that processes write together survives their deaths without losing an acknowledged record", async ({
  skip,
}) => {
  needsSqlite(skip);
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

  // Newcomers all the time, beside others that know nothing but the head, and each of them dies.
  const lane = async (name: string, lives: readonly number[]) => {
    for (const [index, count] of lives.entries()) await run(`${name}${index}`, count);
  };
  await Promise.all([lane("a", [30, 4, 21]), lane("b", [1, 17, 9]), lane("c", [12, 26, 2])]);
  const store = await openStore(url, await createContext());
  const head = await store.collection("audit", readAuditHead).get("head");
  await store.close();
  expect(await verifyTrail([dir], { key: KEY, head })).toMatchObject({ ok: true, findings: [] });

  const turns = (await chainIn(dir, head)).flatMap((one) => one.turnId ?? []);
  expect(acknowledged.length).toBeGreaterThanOrEqual(122);
  expect(turns).toEqual(expect.arrayContaining(acknowledged));
  expect(new Set(turns).size).toBe(turns.length);
  await rm(parent, { recursive: true });
}, 60_000);
