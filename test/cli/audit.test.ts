import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAuditHead, renderHead } from "../../src/audit/head.ts";
import { auditVerify } from "../../src/cli/audit.ts";
import { openStore } from "../../src/store/open.ts";
import { KEY, record } from "../audit/sample.ts";
import { createStage } from "../audit/stage.ts";
import { reading } from "../config/setting.ts";
import { needsSqlite } from "../needs.ts";
import { silentLog } from "../silent-log.ts";
import { createContext } from "../store/context.ts";

const OTHER_KEY = "another-key-of-the-operators-after-it";

async function trailOfThree() {
  const stage = await createStage();
  const trail = await stage.open();
  await trail.write(record("a"));
  await trail.write(record("b"));
  await trail.close();
  const [file = ""] = await stage.files();
  const head = trail.head();
  return { ...stage, file, head: head ? renderHead(head) : "" };
}

interface Typed {
  readonly paths?: readonly string[];
  readonly head?: string;
  readonly after?: string;
  readonly json?: boolean;
}

function verify(typed: Typed, variables: Readonly<Record<string, string>> = {}) {
  const context = {
    variables: { STORE_URL: "memory:", AUDIT_KEY: KEY, ...variables },
    readFile: reading({}),
    log: silentLog,
  };
  return auditVerify({ paths: [], json: false, ...typed }, context);
}

describe("audit verify", () => {
  it("says that a trail is whole, and where it ends", async () => {
    const { dir, head } = await trailOfThree();
    expect(await verify({ paths: [dir], head })).toEqual({
      text: `The audit trail is whole: 3 records in 1 file.\nThe last record is ${head}\nHeld against the head ${head} (--head)\n`,
      exitCode: 0,
    });
    expect(await verify({}, { AUDIT_DIR: dir })).toEqual({
      text: expect.stringContaining(
        "Without a head (there is no store here).\nNote: No head to compare with",
      ),
      exitCode: 0,
    });
  });

  it("fails with file, line and record of what is wrong", async () => {
    const { dir, file, head } = await trailOfThree();
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"turnId":"a"', '"turnId":"x"'));
    expect(await verify({ paths: [dir], head })).toMatchObject({
      text: expect.stringContaining(
        `The audit trail is broken: 2 records in 1 file, 1 finding.\n  ${basename(file)}:2: This record was changed`,
      ),
      exitCode: 1,
    });
    await truncate(file, text.indexOf("\n") + 1);
    expect(await verify({ paths: [file], head })).toMatchObject({
      text: expect.stringContaining("  The end is cut off: records 2 to 3 are missing.\n"),
      exitCode: 1,
    });
    await rm(file);
    expect(await verify({ paths: [dir], head })).toMatchObject({ exitCode: 1 });
  });

  it("begins behind a record whose file is gone or has another key", async () => {
    const { dir, heads, head, open } = await trailOfThree();
    const elsewhere = `${dir}-new`;
    const next = await open({ dir: elsewhere, key: OTHER_KEY });
    await next.write(record("c"));
    expect((await heads.get("head"))?.seq).toBe(5);
    const variables = { AUDIT_KEY: OTHER_KEY };
    expect(await verify({ paths: [elsewhere], after: head }, variables)).toMatchObject({ exitCode: 0 });
    expect(await verify({ paths: [elsewhere] }, variables)).toMatchObject({
      text: expect.stringContaining("Records 1 to 3 are missing"),
      exitCode: 1,
    });
    expect(await verify({ paths: [dir], head })).toMatchObject({ exitCode: 0 });
  });

  it("prints JSON", async () => {
    const { dir, head } = await trailOfThree();
    const { text, exitCode } = await verify({ paths: [dir], head, json: true });
    expect(exitCode).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      ok: true,
      records: 3,
      findings: [],
      headFrom: "--head",
      head: { seq: 3 },
    });
  });

  it("holds the files against the head in the store", async ({ skip }) => {
    needsSqlite(skip);
    const { dir, file, heads } = await trailOfThree();
    const url = `sqlite://${join(dir, "store.sqlite")}`;
    const store = await openStore(url, await createContext());
    const head = await heads.get("head");
    if (head) await store.collection("audit", readAuditHead).set("head", head);
    await store.close();
    const whole = await verify({ paths: [dir] }, { STORE_URL: url });
    expect(whole).toMatchObject({ text: expect.stringContaining("(the store)"), exitCode: 0 });
    await truncate(file, (await readFile(file, "utf8")).indexOf("\n") + 1);
    expect(await verify({ paths: [dir] }, { STORE_URL: url })).toMatchObject({ exitCode: 1 });
  });

  it.each([
    [{ head: "3" }, {}, "--head is not understood."],
    [{ after: "x:y" }, {}, "--after is not understood."],
    [{ paths: ["none"] }, {}, "The files cannot be read:"],
    [{}, { AUDIT_DIR: "off" }, "AUDIT_DIR is off."],
    [{}, { AUDIT_KEY: "short" }, "AUDIT_KEY: A key is at least 32 characters"],
    [{}, { AUDIT_DIR: "test/cli" }, "There are no audit files in test/cli."],
  ])("cannot look with %j and %j, and says why", async (typed, variables, sentence) => {
    expect(await verify(typed, variables)).toEqual({ text: expect.stringContaining(sentence), exitCode: 2 });
  });

  it("asks for the key of a keyed trail", async () => {
    const { dir, head } = await trailOfThree();
    const context = { variables: { STORE_URL: "memory:" }, readFile: reading({}), log: silentLog };
    expect(await auditVerify({ paths: [dir], head, json: false }, context)).toMatchObject({
      text: expect.stringContaining("was written with a key"),
      exitCode: 2,
    });
  });
});
