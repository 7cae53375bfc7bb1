import { readFile, rm, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filesOf } from "../../src/audit/files.ts";
import type { AuditHead } from "../../src/audit/head.ts";
import { verifyTrail } from "../../src/audit/verify.ts";
import { chainIn, linesIn } from "./chain.ts";
import { KEY } from "./sample.ts";
import { type Choose, type Played, play } from "./schedule.ts";

const PLAN = { processes: 3, batches: [1, 3], kills: 2, halves: 2 };

/** Takes its choices from a list, and the first move when that is used up. */
function choosing(numbers: readonly number[]): Choose {
  const rest = [...numbers];
  return (count) => (rest.shift() ?? 0) % count;
}

// Without bias: small numbers would let one process after the other run.
const choices = fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 40, maxLength: 60 }));

/** Plays schedules, each on a stage of its own, and looks at what they left. */
async function leftBehind(look: (played: Played, more: number) => Promise<void>, numRuns: number) {
  const property = fc.asyncProperty(choices, fc.nat({ max: 9999 }), async (numbers, more) => {
    const played = await play(PLAN, choosing(numbers));
    try {
      await look(played, more);
    } catch (cause) {
      throw new Error(`after: ${played.moves.join("; ")}`, { cause });
    } finally {
      await played.remove();
    }
  });
  await fc.assert(property, { numRuns });
}

async function verified({ dir, heads }: Pick<Played, "dir" | "heads">) {
  return verifyTrail([dir], { key: KEY, head: await heads.get("head") });
}

const WHOLE = { ok: true, findings: [] };

describe("a trail of processes that are killed and overtaken anywhere", () => {
  it("is one whole chain with all that was acknowledged, once", async () => {
    let beside = 0;
    await leftBehind(async (played) => {
      expect(await verified(played)).toMatchObject(WHOLE);
      expect(await played.reopen("last")).toEqual([]);
      const report = await verified(played);
      expect(report).toMatchObject(WHOLE);
      expect(await verifyTrail([played.dir], { key: KEY })).toMatchObject(WHOLE);
      const chain = await chainIn(played.dir, await played.heads.get("head"));
      expect(chain.map((one) => one.seq)).toEqual(chain.map((_, index) => index + 1));
      const turns = chain.flatMap((one) => one.turnId ?? []);
      expect(turns).toEqual(expect.arrayContaining([...played.acknowledged]));
      expect(new Set(turns).size).toBe(turns.length);
      expect(report.records + report.beside).toBe((await linesIn(played.dir)).length);
      beside += report.beside;
    }, 40);
    // The schedules were hard enough to leave lines that never counted.
    expect(beside).toBeGreaterThan(0);
  });

  it("is whole at any moment, with the files alone too", async () => {
    const after = async ({ dir, heads }: Pick<Played, "dir" | "heads">) => {
      expect(await verified({ dir, heads })).toMatchObject(WHOLE);
      expect(await verifyTrail([dir], { key: KEY })).toMatchObject(WHOLE);
    };
    const property = fc.asyncProperty(choices, async (numbers) =>
      (await play({ ...PLAN, after }, choosing(numbers))).remove(),
    );
    await fc.assert(property, { numRuns: 8 });
  });

  it("goes on with all its records when the store is lost, or an older one is put back", async () => {
    await leftBehind(async (played, more) => {
      const head = await played.heads.get("head");
      const chain = await chainIn(played.dir, head);
      const older = headOf(chain[more % (chain.length + 1)]);
      if (older) await played.heads.set("head", older);
      else await played.heads.delete("head");
      expect(await played.reopen("last")).toEqual([]);
      expect(await verified(played)).toMatchObject(WHOLE);
      expect((await played.heads.get("head"))?.seq).toBeGreaterThanOrEqual((head?.seq ?? 0) + 2);
    }, 15);
  });

  it("cannot hide behind such lines that a record of the chain was taken out, cut off, or lost with its file", async () => {
    await leftBehind(async (played, more) => {
      await played.reopen("last");
      const head = await played.heads.get("head");
      const chain = await chainIn(played.dir, head);
      const victim = String(chain[more % chain.length]?.hash);
      for (const path of await filesOf(played.dir)) {
        const text = await readFile(path, "utf8");
        const lines = text.split("\n");
        const at = lines.findIndex((line) => line.includes(`"hash":"${victim}"`));
        if (at === -1) continue;
        const left = [lines.toSpliced(at, 1), lines.slice(0, at).concat(""), []][more % 3] ?? [];
        if (left.length > 0) await writeFile(path, left.join("\n"));
        else await rm(path);
      }
      expect((await verified(played)).ok).toBe(false);
      const alarms = await played.reopen("after");
      if (victim === head?.hash) expect(alarms).toEqual([expect.stringContaining("was cut or replaced")]);
      expect((await verified(played)).ok).toBe(false);
    }, 40);
  });
});

function headOf(line: Readonly<Record<string, unknown>> | undefined): AuditHead | undefined {
  return line && { seq: Number(line.seq), hash: String(line.hash) };
}
