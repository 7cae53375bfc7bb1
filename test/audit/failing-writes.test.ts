import { mkdir, rename } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { BridgeError } from "../../src/conversation/errors.ts";
import { intercepted } from "./intercepted.ts";
import { record } from "./sample.ts";
import { createStage } from "./stage.ts";

describe("a write that fails", () => {
  it("rejects while the store is away, and what it left is in the chain once", async () => {
    const stage = await createStage();
    const away = new Set<string>();
    const reached = async (what: string) => {
      if (away.has(what)) throw new BridgeError("store-failed", "The store is away.");
    };
    const shaky = intercepted(stage.heads, {
      cas: (...all) => reached("cas").then(() => stage.heads.cas(...all)),
      get: (key) => reached("get").then(() => stage.heads.get(key)),
    });
    const trail = await stage.open({}, shaky);
    away.add("cas");
    await expect(trail.write(record("a"))).rejects.toMatchObject({ code: "store-failed" });
    away.add("get");
    await expect(trail.write(record("b"))).rejects.toMatchObject({ code: "store-failed" });
    away.clear();
    await trail.write(record("c"));
    away.add("get");
    await expect(trail.write(record("d"))).rejects.toMatchObject({ code: "store-failed" });
    away.clear();
    await trail.write(record("e"));
    expect((await stage.records()).map((one) => one.turnId ?? one.event)).toEqual(["opened", "a", "c", "e"]);
    expect(await stage.verify()).toMatchObject({ ok: true, records: 4, beside: 0 });
  });

  it("rejects when the store moved the head and failed to say so, and goes on after it", async () => {
    const stage = await createStage();
    let lost = false;
    const shaky = intercepted(stage.heads, {
      async cas(...all) {
        const moved = await stage.heads.cas(...all);
        if (!lost) return moved;
        lost = false;
        throw new BridgeError("store-failed", "The store does not answer.");
      },
    });
    const trail = await stage.open({}, shaky);
    lost = true;
    await expect(trail.write(record("a"))).rejects.toMatchObject({ code: "store-failed" });
    await trail.write(record("b"));
    expect((await stage.records()).map((one) => one.turnId)).toEqual([undefined, "a", "b"]);
    expect(await stage.verify()).toMatchObject({ ok: true, records: 3 });
  });

  it("rejects when the directory is gone, and never reports a record that is nowhere", async () => {
    const stage = await createStage();
    const trail = await stage.open();
    await rename(stage.dir, `${stage.dir}-moved`);
    await expect(trail.write(record("a"))).rejects.toMatchObject({ code: "store-failed" });
    await mkdir(stage.dir);
    await trail.write(record("b"));
    expect(await stage.records()).toMatchObject([{ turnId: "b", seq: 2 }]);
    expect(stage.logged()).toContainEqual(expect.objectContaining({ level: "error" }));
    expect((await stage.verify()).findings).toMatchObject([{ kind: "missing", seq: 1 }]);
  });
});
