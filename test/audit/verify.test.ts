import { appendFile, copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyTrail } from "../../src/audit/verify.ts";
import { KEY, PLAIN, record } from "./sample.ts";
import { createStage } from "./stage.ts";

async function rotated() {
  const stage = await createStage();
  const trail = await stage.open({ maxFileBytes: 980 });
  for (let index = 0; index < 9; index += 1) await trail.write(record(`t${index}`));
  await trail.close();
  const files = await stage.files();
  expect(files.length).toBeGreaterThan(3);
  const [first = "", second = "", third = ""] = files;
  return { ...stage, files, first, second, third };
}

describe("the verification of files", () => {
  it("takes directories and files, of several places, in any order", async () => {
    const { files, dir, heads } = await rotated();
    const elsewhere = join(dir, "archive");
    await mkdir(elsewhere);
    for (const file of files.slice(0, 2)) await rename(file, join(elsewhere, basename(file)));
    const head = await heads.get("head");
    const paths = [...files.slice(2)].reverse();
    expect(await verifyTrail([...paths, elsewhere], { key: KEY, head })).toMatchObject({
      ok: true,
      records: 10,
      files: files.length,
      last: head,
      notes: [],
    });
  });

  it("finds a whole file that is missing, doubled or exchanged", async () => {
    const missing = await rotated();
    await rm(missing.second);
    expect((await missing.verify()).findings).toMatchObject([
      { kind: "missing", file: basename(missing.third), line: 1 },
    ]);
    const doubled = await rotated();
    await copyFile(doubled.first, doubled.first.replace(".jsonl", "-copy.jsonl"));
    expect((await doubled.verify()).findings[0]).toMatchObject({ kind: "duplicated", seq: 1 });
    const exchanged = await rotated();
    await rename(exchanged.first, `${exchanged.dir}/x`);
    await rename(exchanged.second, exchanged.first);
    await rename(`${exchanged.dir}/x`, exchanged.second);
    expect((await exchanged.verify()).findings.map((one) => one.kind)).toContain("reordered");
  });

  it("finds the last file missing, with the head, and says that it cannot without", async () => {
    const { files, dir, verify } = await rotated();
    await rm(files.at(-1) ?? "");
    expect((await verify()).findings).toMatchObject([{ kind: "cut-off" }]);
    expect(await verifyTrail([dir], { key: KEY })).toMatchObject({
      ok: true,
      notes: [expect.stringContaining("No head to compare with")],
    });
  });

  it("names file and line of a changed record, and bytes that are no text", async () => {
    const { first, second, verify } = await rotated();
    await writeFile(first, (await readFile(first, "utf8")).replace('"turnId":"t0"', '"turnId":"tX"'));
    const bytes = await readFile(second);
    await writeFile(second, Buffer.concat([Buffer.from([0xff]), bytes.subarray(1)]));
    expect((await verify()).findings).toMatchObject([
      { kind: "changed", file: basename(first), line: 2, seq: 2 },
      { kind: "changed", file: basename(second), line: 1, seq: 4 },
    ]);
  });

  it("notes an unfinished line at the end of any file, where nothing is missing", async () => {
    const { first, verify } = await rotated();
    await appendFile(first, '{"half');
    expect(await verify()).toMatchObject({
      ok: true,
      notes: [`${basename(first)}:4: 6 bytes of an unfinished line, as a crash leaves them.`],
    });
  });

  it("says that a keyed trail needs its key", async () => {
    const { dir } = await rotated();
    expect(await verifyTrail([dir], { key: undefined })).toMatchObject({ ok: false, needsKey: true });
    const plain = await createStage();
    await plain.openExactly({ ...PLAIN, dir: plain.dir });
    expect(await verifyTrail([plain.dir], { key: undefined })).toMatchObject({
      ok: true,
      needsKey: false,
      notes: [expect.stringContaining("No head"), expect.stringContaining("No key")],
    });
  });
});
