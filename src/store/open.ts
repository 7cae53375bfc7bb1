import { randomUUID } from "node:crypto";
import { BridgeError } from "../conversation/errors.ts";
import type { Clock, Log, Store } from "../conversation/ports.ts";
import { createCollection } from "./collection.ts";
import type { Driver } from "./driver.ts";
import { guarded } from "./guard.ts";
import { openMemory } from "./memory.ts";
import { observeDriver, type StoreObserver } from "./observed-driver.ts";
import { openFailure } from "./open-failure.ts";
import { SCHEMA_VERSION } from "./row.ts";
import { openSqlite } from "./sqlite.ts";
import { readStoreUrl, type StoreAddress } from "./url.ts";

/** A store that was opened, proven writable and found readable by this version. */
export interface OpenStore {
  /** Rows of one kind; `name` is lower-case letters, digits and dashes; `read` throws on a value that is not a `T`. */
  collection<T>(name: string, read: (value: unknown) => T): Store<T>;
  /** Writes, reads and deletes one row; rejects with `BridgeError("store-failed")` when that does not work. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What a store needs from outside; `timeoutMs` bounds every call (default 10 s). */
export interface StoreContext {
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly timeoutMs?: number;
  readonly observe?: StoreObserver;
}

/** How often expired rows are removed, at most: milliseconds. Nothing else removes rows that nobody reads again. */
const SWEEP_EVERY_MS = 10 * 60 * 1000;

/**
 * Opens the store that a STORE_URL names. Rejects with `BridgeError("store-failed")` and a sentence that says what to
 * do when it cannot be opened or written, or when a newer version of this program has written to it.
 */
export async function openStore(url: string, context: StoreContext): Promise<OpenStore> {
  const address = readStoreUrl(url);
  if (!address) {
    const sentence = "STORE_URL is not understood. Write memory: or sqlite://path/to/file.sqlite.";
    throw new BridgeError("store-failed", sentence);
  }
  const opened = guarded(await openDriver(address), context.timeoutMs ?? 10_000);
  const driver = context.observe ? observeDriver(opened, context.observe) : opened;
  const store = createStore(sweeping(driver, context), context);
  try {
    await refuseNewer(driver);
    await driver.sweep(context.clock.now());
    await store.check();
  } catch (error) {
    await driver.close().catch(() => {});
    throw address.driver === "sqlite" ? openFailure(address.path, error) : error;
  }
  return store;
}

function createStore(driver: Driver, context: StoreContext): OpenStore {
  return {
    collection(name, read) {
      // A colon inside a name would let the rows of one collection appear in another.
      if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`not a collection name: ${name}`);
      return createCollection({ ...context, driver }, name, read);
    },
    async check() {
      const probes = createCollection({ ...context, driver }, "store-check", String);
      const id = randomUUID();
      await probes.set(id, id, 60_000);
      const found = await probes.get(id);
      await probes.delete(id);
      if (found === id) return;
      throw new BridgeError("store-failed", "The store forgot a row it had just been given. Check its disk.");
    },
    close: () => driver.close(),
  };
}

async function openDriver(address: StoreAddress): Promise<Driver> {
  if (address.driver === "memory") return openMemory();
  try {
    return await openSqlite(address.path);
  } catch (error) {
    throw openFailure(address.path, error);
  }
}

async function refuseNewer(driver: Driver): Promise<void> {
  const newest = await driver.newestSchema();
  if (newest <= SCHEMA_VERSION) return;
  const sentence = `The store was written by a newer version of this program (schema ${newest}, this one reads up to ${SCHEMA_VERSION}). Start the newer version again, or set STORE_URL to a new file.`;
  throw new BridgeError("store-failed", sentence);
}

/** The driver, which also removes expired rows now and then after a write. */
function sweeping(driver: Driver, { clock, log }: StoreContext): Driver {
  let sweptAt = clock.now();
  const sweepIfDue = () => {
    if (clock.now() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = clock.now();
    driver.sweep(sweptAt).catch((err) => log.warn({ err }, "expired rows could not be removed"));
  };
  return {
    ...driver,
    write: (key, text) => driver.write(key, text).finally(sweepIfDue),
    insert: (key, text, now) => driver.insert(key, text, now).finally(sweepIfDue),
  };
}
