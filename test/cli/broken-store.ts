import { loadAdapter } from "../../src/store/sqlite.ts";

/** What can be done to the file of a store, from another process as it were, while the bot uses it. */
export interface BrokenStore {
  /** Every write fails as on a full disk; reads go on. */
  fill(): Promise<void>;
  /** Every read and write fails. */
  hide(): Promise<void>;
  /** All is well again. */
  mend(): Promise<void>;
  /** Every write waits, and fails after five seconds. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  rows(prefix: string): Promise<readonly { readonly key: string; readonly value: string }[]>;
  put(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}

const FULL = "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END";

/** Opens the file beside the bot. SQLite itself refuses what the bot does, so that nothing of the bot is replaced. */
export async function openBeside(path: string): Promise<BrokenStore> {
  const KeyvSqlite = await loadAdapter();
  const store = new KeyvSqlite({ uri: `sqlite://${path}`, busyTimeout: 5_000 });
  const run = async (...statements: readonly string[]) => {
    for (const sql of statements) await store.query(sql);
  };
  let isHidden = false;
  return {
    fill: () =>
      run(
        `CREATE TRIGGER full_insert BEFORE INSERT ON keyv ${FULL}`,
        `CREATE TRIGGER full_update BEFORE UPDATE ON keyv ${FULL}`,
        `CREATE TRIGGER full_delete BEFORE DELETE ON keyv ${FULL}`,
      ),
    async hide() {
      isHidden = true;
      await run("ALTER TABLE keyv RENAME TO hidden");
    },
    async mend() {
      const names = ["full_insert", "full_update", "full_delete"];
      await run(...names.map((name) => `DROP TRIGGER IF EXISTS ${name}`));
      if (isHidden) await run("ALTER TABLE hidden RENAME TO keyv");
      isHidden = false;
    },
    lock: () => run("BEGIN IMMEDIATE"),
    unlock: () => run("ROLLBACK"),
    async rows(prefix) {
      const found: unknown = await store.query("SELECT key, value FROM keyv WHERE key LIKE ?", `${prefix}%`);
      return Array.isArray(found) ? found.map((row) => Object(row)) : [];
    },
    async put(key, value) {
      await store.query("INSERT OR REPLACE INTO keyv(key, value) VALUES(?, ?)", key, value);
    },
    close: () => store.close(),
  };
}
