import { BridgeError } from "../conversation/errors.ts";
import type { Clock, Entry, Log, Store } from "../conversation/ports.ts";
import type { Driver, RawRow } from "./driver.ts";
import { canonical, decodeRow, encodeRow, isLive } from "./row.ts";

/** What all collections of one open store share. */
export interface CollectionContext {
  readonly driver: Driver;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/**
 * Rows of one kind, under `name:` in the driver. `read` turns stored JSON into the exact type and throws when it is
 * none. A row that cannot be read makes `get` reject; `list` logs it as an error and goes on, so that one bad
 * row does not keep the others from being recovered. `set` and `cas` without a TTL make a row that never expires.
 */
export function createCollection<T>(
  { driver, clock, log }: CollectionContext,
  name: string,
  read: (value: unknown) => T,
): Store<T> {
  const prefix = `${name}:`;
  const encode = (value: T, ttlMs: number | undefined) =>
    encodeRow(ttlMs === undefined ? { value } : { value, expires: clock.now() + ttlMs });

  const live = (text: string): T | undefined => {
    const row = decodeRow(text);
    return isLive(row, clock.now()) ? read(row.value) : undefined;
  };

  const entry = (row: RawRow): readonly Entry<T>[] => {
    const key = row.key.slice(prefix.length);
    try {
      const value = live(row.text);
      return value === undefined ? [] : [{ key, value }];
    } catch (err) {
      log.error({ err, collection: name, key }, "a stored row cannot be read and is left out");
      return [];
    }
  };

  return {
    async get(key) {
      const text = await driver.read(prefix + key);
      return text === undefined ? undefined : readOrRefuse(name, () => live(text));
    },
    set: (key, value, ttlMs) => driver.write(prefix + key, encode(value, ttlMs)),
    delete: (key) => driver.remove(prefix + key),
    async list(start) {
      return (await driver.range(prefix + start)).flatMap(entry);
    },
    claim: (key, value, ttlMs) => driver.insert(prefix + key, encode(value, ttlMs), clock.now()),
    async cas(key, expected, next, ttlMs) {
      const wanted = canonical(expected);
      for (;;) {
        const text = await driver.read(prefix + key);
        if (text === undefined) return false;
        // Compared as it is read: what `read` leaves out of a row can never stand in the way.
        const found = readOrRefuse(name, () => live(text));
        if (found === undefined || canonical(found) !== wanted) return false;
        // Lost to somebody who wrote in between: the row may still hold the same value with another expiry.
        if (await driver.replace(prefix + key, text, encode(next, ttlMs))) return true;
      }
    },
  };
}

function readOrRefuse<R>(collection: string, read: () => R): R {
  try {
    return read();
  } catch (cause) {
    const sentence = `A stored row of “${collection}” cannot be read. Look into the log, or start with a new STORE_URL.`;
    throw new BridgeError("store-failed", sentence, { cause });
  }
}
