import type { Driver } from "./driver.ts";
import { decodeRow, isLive, SCHEMA_VERSION } from "./row.ts";

/** Rows in this process only: nothing survives a restart. */
export function openMemory(): Driver {
  const rows = new Map<string, string>();
  const holdsLive = (key: string, now: number) => {
    const text = rows.get(key);
    return text !== undefined && isLive(decodeRow(text), now);
  };
  return {
    async read(key) {
      return rows.get(key);
    },
    async write(key, text) {
      rows.set(key, text);
    },
    async remove(key) {
      rows.delete(key);
    },
    async range(prefix) {
      const found = [...rows].filter(([key]) => key.startsWith(prefix));
      return found.map(([key, text]) => ({ key, text })).sort((a, b) => byCodePoints(a.key, b.key));
    },
    async insert(key, text, now) {
      if (holdsLive(key, now)) return false;
      rows.set(key, text);
      return true;
    },
    async replace(key, expected, text) {
      if (rows.get(key) !== expected) return false;
      rows.set(key, text);
      return true;
    },
    async sweep(now) {
      for (const key of [...rows.keys()]) if (!holdsLive(key, now)) rows.delete(key);
    },
    async newestSchema() {
      return rows.size === 0 ? 0 : SCHEMA_VERSION;
    },
    async close() {
      rows.clear();
    },
  };
}

/** UTF-8 orders like code points; JavaScript's own `<` compares UTF-16 units and would differ from SQLite. */
function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
