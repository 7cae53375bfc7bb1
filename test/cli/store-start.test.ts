import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, type TestContext } from "vitest";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { openStore } from "../../src/store/open.ts";
import { loadAdapter } from "../../src/store/sqlite.ts";
import { needsSqlite } from "../needs.ts";
import { silentLog } from "../silent-log.ts";
import { records, runProcess } from "./bot-process.ts";

/** Runs SQL on the file; the connection stays until the test is over. */
async function beside({ onTestFinished }: TestContext, path: string, ...statements: readonly string[]) {
  const KeyvSqlite = await loadAdapter();
  const store = new KeyvSqlite({ uri: `sqlite://${path}` });
  onTestFinished(() => store.close());
  for (const sql of statements) await store.query(sql);
}

/** A store that a bot has used. */
async function used(path: string): Promise<void> {
  const store = await openStore(`sqlite://${path}`, { clock: { now: Date.now }, log: silentLog });
  for (let id = 0; id < 200; id += 1) await store.collection("old", String).set(`${id}`, "x".repeat(400));
  await store.close();
}

interface Row {
  readonly what: string;
  readonly says: string;
  readonly diskIsFull?: boolean;
  prepare(path: string, context: TestContext): Promise<void>;
}

const rows: readonly Row[] = [
  {
    what: "whose directory cannot be made",
    says: "cannot be opened. Its directory must exist or be creatable, be writable, and lie on a local disk.",
    async prepare(path) {
      writeFileSync(dirname(path), "a file where the directory should be");
    },
  },
  {
    what: "that is another file",
    says: "is damaged, or no database. Restore it from a backup, or move it away",
    async prepare(path) {
      mkdirSync(dirname(path));
      writeFileSync(path, "a letter to the team\n".repeat(500));
    },
  },
  {
    what: "that is damaged",
    says: "is damaged, or no database. Restore it from a backup, or move it away",
    async prepare(path) {
      await used(path);
      // Behind the header, so that it still looks like a database.
      writeSync(openSync(path, "r+"), Buffer.alloc(60_000, 0xa5), 0, 60_000, 100);
    },
  },
  {
    what: "that another process has locked",
    says: "is locked by another process. Is the bot running twice? Stop the other one",
    async prepare(path, context) {
      await used(path);
      await beside(context, path, "BEGIN IMMEDIATE");
    },
  },
  {
    what: "that another process keeps for itself",
    says: "is locked by another process. Is the bot running twice? Stop the other one",
    async prepare(path, context) {
      await used(path);
      await beside(context, path, "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE");
    },
  },
  {
    what: "on a full disk",
    says: "cannot be written: its disk is full or failing. Make room, then start again.",
    diskIsFull: true,
    prepare: used,
  },
  {
    what: "of a newer version",
    says: "The store was written by a newer version of this program",
    async prepare(path, context) {
      await used(path);
      await beside(context, path, "INSERT INTO keyv VALUES('old:new', '{\"schema\":99,\"value\":1}')");
    },
  },
];

describe("a store at the start", () => {
  beforeEach(({ skip }) => needsSqlite(skip));
  const possible = rows.filter(({ diskIsFull }) => !diskIsFull || process.platform !== "win32");
  it.concurrent.for(possible)(
    "$what ends it with exit code 1 and a sentence, before a login",
    async (row, context) => {
      const discord = await startDiscord();
      discord.createGuild({ name: "acme" });
      const dir = mkdtempSync(join(tmpdir(), "store-start-"));
      context.onTestFinished(async () => {
        await discord.stop();
        rmSync(dir, { recursive: true, force: true });
      });
      const path = join(dir, "data", "store.sqlite");
      await row.prepare(path, context);
      const env = {
        DISCORD_BOT_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
        KAGENT_BASE_URL: "http://127.0.0.1:9",
        STORE_URL: `sqlite://${path}`,
        AUDIT_DIR: join(dir, "audit"),
        HTTP_PORT: "off",
      };
      const { code, output } = await runProcess(["start"], env, { diskIsFull: row.diskIsFull === true });
      const [last] = records(output).filter(({ level }) => level === "error");
      expect(last).toMatchObject({ err: { code: "store-failed" }, msg: expect.stringContaining(row.says) });
      expect(code).toBe(1);
      expect(discord.gateway.stats.identifies).toBe(0);
    },
  );
});
