import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { BridgeError } from "../conversation/errors.ts";
import type { Driver } from "./driver.ts";
import { prefixEnd } from "./prefix.ts";

/** Runs one SQL statement and gives its rows. */
type Query = (sql: string, ...parameters: readonly (string | number)[]) => Promise<unknown>;

const textRows = z.array(z.object({ key: z.string(), value: z.string() }));
const schemaRows = z.array(z.object({ newest: z.number().nullable() }));
const keyRows = z.array(z.object({ key: z.string() }));

/** Milliseconds that SQLite waits for another process's lock. */
const BUSY_TIMEOUT_MS = 5000;

/** A JSON number of a row's envelope; text that is no JSON gives NULL instead of an error. */
const field = (name: string) => `CASE WHEN json_valid(value) THEN json_extract(value, '$.${name}') END`;

/**
 * Opens (and creates) a SQLite file through Keyv's adapter, in its table and row format. The adapter's own get and
 * set are not used: they cannot claim or compare, and Keyv deletes an expired row in a second step, which may hit
 * a row claimed in between.
 *
 * Rejects with `BridgeError("store-failed")` when the adapter is not installed, otherwise with SQLite's error.
 */
export async function openSqlite(path: string): Promise<Driver> {
  const KeyvSqlite = await loadAdapter();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const adapter = new KeyvSqlite({ uri: `sqlite://${path}`, busyTimeout: BUSY_TIMEOUT_MS });
  // The failure of opening is both emitted and thrown by the next query; unlistened it would end the process.
  adapter.on("error", () => {});
  const query = inOrder((sql, ...parameters) => adapter.query(sql, ...parameters));
  try {
    await query("PRAGMA synchronous=FULL");
    await query("PRAGMA journal_mode=WAL");
  } catch (error) {
    await adapter.close().catch(() => {});
    throw error;
  }
  return createDriver(query, () => adapter.close());
}

/** The adapter's class. It is an optional package with a native part, so it can be missing on a machine. */
export async function loadAdapter(load = () => import("@keyv/sqlite")) {
  try {
    return (await load()).KeyvSqlite;
  } catch (cause) {
    throw new BridgeError(
      "store-failed",
      "STORE_URL asks for SQLite, but the package @keyv/sqlite is not installed or not built: install python3, make and g++ and run “npm ci” again, or set STORE_URL=memory: (nothing survives a restart).",
      { cause },
    );
  }
}

function createDriver(query: Query, close: () => Promise<void>): Driver {
  return {
    async read(key) {
      return textRows.parse(await query("SELECT key, value FROM keyv WHERE key = ?", key))[0]?.value;
    },
    async write(key, text) {
      await query(
        "INSERT INTO keyv(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        key,
        text,
      );
    },
    async remove(key) {
      await query("DELETE FROM keyv WHERE key = ?", key);
    },
    range: (prefix) => readRange(query, prefix),
    async insert(key, text, now) {
      const written = await query(
        `INSERT INTO keyv(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value
         WHERE ${field("expires")} <= ? RETURNING key`,
        key,
        text,
        now,
      );
      return keyRows.parse(written).length > 0;
    },
    async replace(key, expected, text) {
      const sql = "UPDATE keyv SET value = ? WHERE key = ? AND value = ? RETURNING key";
      return keyRows.parse(await query(sql, text, key, expected)).length > 0;
    },
    async sweep(now) {
      await query(`DELETE FROM keyv WHERE ${field("expires")} <= ?`, now);
    },
    async newestSchema() {
      const rows = await query(`SELECT max(${field("schema")}) AS newest FROM keyv`);
      return schemaRows.parse(rows)[0]?.newest ?? 0;
    },
    close,
  };
}

async function readRange(query: Query, prefix: string) {
  const end = prefixEnd(prefix);
  const rows =
    end === undefined
      ? await query("SELECT key, value FROM keyv WHERE key >= ? ORDER BY key", prefix)
      : await query("SELECT key, value FROM keyv WHERE key >= ? AND key < ? ORDER BY key", prefix, end);
  return textRows.parse(rows).map(({ key, value }) => ({ key, text: value }));
}

/** SQLite's thread pool may swap two calls that nobody awaits between; writes must keep the order they were made in. */
function inOrder(query: Query): Query {
  let last: Promise<unknown> = Promise.resolve();
  return (sql, ...parameters) => {
    const result = last.then(() => query(sql, ...parameters));
    last = result.catch(() => {});
    return result;
  };
}
