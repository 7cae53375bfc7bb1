import { rename } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { intercepted } from "./intercepted.ts";
import { record } from "./sample.ts";
import { createGate, createStage } from "./stage.ts";

describe("two processes that write one trail", () => {
  it("make one chain, in files of their own", async () => {
    const stage = await createStage();
    const writers = [await stage.open(), await stage.open(), await stage.open({ maxFileBytes: 900 })];
    await Promise.all(
      writers.flatMap((trail, writer) =>
        Array.from({ length: 20 }, async (_, index) => {
          for (let wait = 0; wait < index; wait += 1) await Promise.resolve();
          await trail.write(record(`${writer}-${index}`));
        }),
      ),
    );
    for (const [writer, trail] of writers.entries()) await trail.write(record(`${writer}-last`));
    for (const [writer, trail] of writers.entries()) await trail.write(record(`${writer}-very-last`));
    const turns = (await stage.records()).flatMap((one) => one.turnId ?? []);
    expect(turns.length).toBe(66);
    expect(new Set(turns).size).toBe(66);
    expect(await stage.verify()).toMatchObject({ ok: true, records: 69 });
  });

  it("keep what one had written when the other begins before the head knows it", async () => {
    const stage = await createStage();
    const gate = createGate();
    const reached = createGate();
    const slow = intercepted(stage.heads, {
      async cas(...all) {
        reached.open();
        await gate.opened;
        return stage.heads.cas(...all);
      },
    });
    const first = await stage.open({}, slow);
    const writing = first.write(record("in flight"));
    await reached.opened;
    const second = await stage.open();
    await second.write(record("second"));
    gate.open();
    await writing;
    await first.write(record("after"));
    await second.write(record("last"));
    expect((await stage.records()).map((one) => one.turnId ?? one.event)).toEqual([
      "opened",
      "in flight",
      "opened",
      "second",
      "after",
      "last",
    ]);
    expect(await stage.verify()).toMatchObject({ ok: true, records: 6, notes: [] });
  });

  it("write again after the winner what lost, when the other was there before", async () => {
    const stage = await createStage();
    const second = await stage.open();
    let overtaken = false;
    const late = intercepted(stage.heads, {
      async cas(...all) {
        if (overtaken) return stage.heads.cas(...all);
        overtaken = true;
        await second.write(record("winner"));
        return stage.heads.cas(...all);
      },
    });
    const first = await stage.open({}, late);
    await first.write(record("loser"));
    expect((await stage.records()).map((one) => one.turnId ?? one.event)).toEqual([
      "opened",
      "winner",
      "opened",
      "loser",
    ]);
    const { ok, records, beside, notes } = await stage.verify();
    expect([ok, records, beside]).toEqual([true, 4, 1]);
    expect(notes).toEqual([expect.stringContaining("1 record stands beside the chain (the first: audit-")]);
  });

  it("never put back what lost, when the files could not be looked at then", async () => {
    const stage = await createStage();
    const second = await stage.open();
    let overtaken = true;
    const late = intercepted(stage.heads, {
      async cas(...all) {
        if (overtaken) return stage.heads.cas(...all);
        overtaken = true;
        await second.write(record("winner"));
        await rename(stage.dir, `${stage.dir}-away`);
        return stage.heads.cas(...all);
      },
    });
    const first = await stage.open({}, late);
    overtaken = false;
    await expect(first.write(record("loser"))).rejects.toMatchObject({ code: "store-failed" });
    await rename(`${stage.dir}-away`, stage.dir);
    await first.write(record("after"));
    expect((await stage.records()).flatMap((one) => one.turnId ?? [])).toEqual(["winner", "after"]);
    expect(await stage.verify()).toMatchObject({ ok: true, records: 4, beside: 1 });
  });
});
