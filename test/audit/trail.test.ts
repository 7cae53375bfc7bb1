import { appendFile, chmod, mkdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { AuditHead } from "../../src/audit/head.ts";
import { BridgeError } from "../../src/conversation/errors.ts";
import { intercepted } from "./intercepted.ts";
import { PLAIN, record } from "./sample.ts";
import { createStage } from "./stage.ts";

type Stage = Awaited<ReturnType<typeof createStage>>;

describe("the audit trail", () => {
  it("holds what was written, in order, each record chained to the one before it", async () => {
    const stage = await createStage();
    const trail = await stage.open();
    await trail.write(record("a"));
    await trail.write(record("b", { event: "outcome", detail: "completed" }));
    expect(await stage.records()).toMatchObject([
      { event: "opened", seq: 1, prev: "", stream: "audit", keyed: true, arguments: false },
      { event: "decided", seq: 2, turnId: "a", actor: { id: "1", name: "Änne \u202e 😀" } },
      { event: "outcome", seq: 3, turnId: "b", detail: "completed" },
    ]);
    const records = await stage.records();
    expect(records.map((one) => one.prev)).toEqual(["", ...records.slice(0, -1).map((one) => one.hash)]);
    expect(trail.head()).toEqual({ seq: 3, hash: records[2]?.hash });
    expect(await stage.heads.get("head")).toEqual(trail.head());
    expect(await stage.verify()).toMatchObject({ ok: true, records: 3, notes: [] });
  });

  it("can be read by its owner alone", async () => {
    const stage = await createStage();
    await stage.open();
    const [file = ""] = await stage.files();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(stage.dir)).mode & 0o777).toBe(0o700);
  });

  it("keeps arguments out unless they are switched on", async () => {
    const stage = await createStage();
    const items = [{ tool: "k8s_scale", argsHash: "h", args: '{"replicas":0}', approved: true }];
    const without = await stage.open();
    await without.write(record("a", { items }));
    await without.close();
    const withArgs = await stage.open({ args: true });
    await withArgs.write(record("b", { items }));
    const [, a, , b] = await stage.records();
    expect(a?.items).toEqual([{ tool: "k8s_scale", argsHash: "h", approved: true }]);
    expect(b?.items).toEqual(items);
  });

  it("writes what comes together with fewer moves of the head than records", async () => {
    const stage = await createStage();
    let moves = 0;
    const counting = intercepted(stage.heads, {
      cas: (...all) => {
        moves += 1;
        return stage.heads.cas(...all);
      },
    });
    const trail = await stage.open({}, counting);
    await Promise.all(Array.from({ length: 200 }, (_, index) => trail.write(record(`t${index}`))));
    expect(moves).toBeLessThanOrEqual(2);
    const turns = (await stage.records()).slice(1).map((one) => one.turnId);
    expect(turns).toEqual(Array.from({ length: 200 }, (_, index) => `t${index}`));
    expect(await stage.verify()).toMatchObject({ ok: true, records: 201 });
  });

  it("begins a new file when one is full, and the chain goes on", async () => {
    const stage = await createStage();
    const trail = await stage.open({ maxFileBytes: 1200 });
    for (let index = 0; index < 10; index += 1) await trail.write(record(`t${index}`));
    const sizes = await Promise.all((await stage.files()).map(async (path) => (await stat(path)).size));
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1200);
    expect(await stage.verify()).toMatchObject({ ok: true, records: 11, files: sizes.length });
  });

  it("prints each durable line, byte for byte, when that is switched on", async () => {
    const stage = await createStage();
    const trail = await stage.open({ stdout: true });
    await trail.write(record("a"));
    const [file = ""] = await stage.files();
    expect(stage.printed.join("")).toBe(await readFile(file, "utf8"));
  });

  it("is switched off without a directory, and says so", async () => {
    const stage = await createStage();
    const trail = await stage.openExactly(PLAIN);
    await trail.write(record("a"));
    expect(trail.head()).toBeUndefined();
    expect(stage.logged()).toMatchObject([{ level: "warn", msg: expect.stringContaining("switched off") }]);
  });

  it("warns when it has no key", async () => {
    const stage = await createStage();
    await stage.open();
    expect(stage.logged().filter((line) => line.level === "warn")).toEqual([]);
    const other = await createStage();
    await other.openExactly({ ...PLAIN, dir: other.dir });
    expect(other.logged()).toContainEqual(
      expect.objectContaining({ level: "warn", msg: expect.stringContaining("AUDIT_KEY is not set") }),
    );
    expect(await other.records()).toMatchObject([{ keyed: false }]);
  });
});

describe("a start of the audit trail", () => {
  it("goes on where the last process ended", async () => {
    const stage = await createStage();
    for (const turn of ["a", "b", "c"]) {
      const trail = await stage.open();
      await trail.write(record(turn));
      await trail.close();
    }
    expect((await stage.records()).map((one) => one.event)).toEqual(
      Array.from({ length: 3 }, () => ["opened", "decided"]).flat(),
    );
    expect(await stage.verify()).toMatchObject({ ok: true, records: 6, files: 3, notes: [] });
    expect(stage.logged().filter((line) => line.level === "error")).toEqual([]);
  });

  it("notes a line that a crash left unfinished, and loses nothing", async () => {
    const stage = await createStage();
    const trail = await stage.open();
    await trail.write(record("a"));
    await trail.close();
    const [file = ""] = await stage.files();
    await appendFile(file, '{"event":"deci');
    await stage.open();
    expect((await stage.records()).at(-1)).toMatchObject({ event: "opened", torn: [{ bytes: 14 }], seq: 3 });
    expect(await stage.verify()).toMatchObject({
      ok: true,
      records: 3,
      notes: [expect.stringContaining("14 bytes of an unfinished line")],
    });
    expect(stage.logged().filter((line) => line.level === "error")).toEqual([]);
  });

  it("keeps whole records that a crash left before the head knew them", async () => {
    const stage = await createStage();
    const trail = await stage.open();
    const before = trail.head();
    await trail.write(record("a"));
    await trail.close();
    if (before) await stage.heads.set("head", before);
    await stage.open();
    expect((await stage.records()).map((one) => one.turnId ?? one.event)).toEqual(["opened", "a", "opened"]);
    expect(await stage.verify()).toMatchObject({ ok: true, records: 3 });
    expect(stage.logged().filter((line) => line.level === "error")).toEqual([]);
  });

  it("goes on without a head, as with a store in memory", async () => {
    const stage = await createStage();
    const trail = await stage.open();
    await trail.write(record("a"));
    await trail.close();
    await stage.heads.delete("head");
    await stage.open();
    expect(await stage.verify()).toMatchObject({ ok: true, records: 3 });
  });

  it.each([
    ["loses its head", (stage: Stage) => stage.heads.delete("head")],
    ["is put back", (stage: Stage, older: AuditHead) => stage.heads.set("head", older)],
  ])(
    "keeps what was acknowledged when the store %s and a killed process left the newest file",
    async (_what, damage) => {
      const stage = await createStage();
      const trail = await stage.open();
      const older = trail.head();
      await trail.write(record("a"));
      const killed = () => Promise.reject(new Error("killed"));
      await expect(stage.open({}, intercepted(stage.heads, { cas: killed }))).rejects.toThrow();
      await trail.write(record("b"));
      await trail.write(record("c"));
      await trail.close();
      if (older) await damage(stage, older);
      await stage.open();
      expect((await stage.records()).flatMap((one) => one.turnId ?? [])).toEqual(["a", "b", "c"]);
      expect(await stage.verify()).toMatchObject({ ok: true, records: 5, beside: 1 });
      expect(stage.logged().filter((line) => line.level === "error")).toEqual([]);
    },
  );

  it.each([
    ["was cut", async (file: string) => truncate(file, (await readFile(file, "utf8")).indexOf("\n") + 1)],
    ["was cut inside its last line", async (file: string) => truncate(file, (await stat(file)).size - 20)],
    ["is gone", (file: string) => rm(file)],
    [
      "was changed in its last record",
      async (file: string) => {
        const text = await readFile(file, "utf8");
        await writeFile(file, text.replace('"turnId":"b"', '"turnId":"x"'));
      },
    ],
  ])("says it when the file %s, and the hole stays visible", async (_what, damage) => {
    const stage = await createStage();
    const trail = await stage.open();
    await trail.write(record("a"));
    await trail.write(record("b"));
    await trail.close();
    const [file = ""] = await stage.files();
    await damage(file);
    const again = await stage.open();
    expect(stage.logged()).toContainEqual(
      expect.objectContaining({
        level: "error",
        msg: expect.stringContaining("The audit trail was cut or replaced: the store knows 3 records"),
      }),
    );
    expect((await stage.records()).at(-1)).toMatchObject({
      event: "opened",
      seq: 4,
      alarms: expect.arrayContaining([expect.stringContaining("cut or replaced")]),
    });
    await again.write(record("c"));
    expect((await stage.verify()).ok).toBe(false);
  });

  it("refuses a directory that cannot be made, in one sentence", async () => {
    const stage = await createStage();
    await writeFile(stage.dir, "a file");
    await expect(stage.open()).rejects.toThrow(
      new BridgeError(
        "store-failed",
        `The audit trail in ${stage.dir} cannot be written. Check the directory's permissions and disk space (AUDIT_DIR), then try again.`,
      ),
    );
  });

  it("refuses a directory that cannot be written", async ({ skip }) => {
    skip(process.getuid?.() === 0, "root may write everywhere");
    const stage = await createStage();
    await mkdir(stage.dir);
    await chmod(stage.dir, 0o500);
    await expect(stage.open()).rejects.toMatchObject({ code: "store-failed" });
  });
});
