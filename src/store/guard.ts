import { setTimeout as wait } from "node:timers/promises";
import { BridgeError } from "../conversation/errors.ts";
import type { Driver } from "./driver.ts";

/** The driver with every failure turned into `BridgeError("store-failed")`, and no call longer than `timeoutMs`. */
export function guarded(driver: Driver, timeoutMs: number): Driver {
  const guard = <R>(call: Promise<R>) => within(call, timeoutMs);
  return {
    read: (key) => guard(driver.read(key)),
    write: (key, text) => guard(driver.write(key, text)),
    remove: (key) => guard(driver.remove(key)),
    range: (prefix) => guard(driver.range(prefix)),
    insert: (key, text, now) => guard(driver.insert(key, text, now)),
    replace: (key, expected, text) => guard(driver.replace(key, expected, text)),
    sweep: (now) => guard(driver.sweep(now)),
    newestSchema: () => guard(driver.newestSchema()),
    close: () => guard(driver.close()),
  };
}

async function within<R>(call: Promise<R>, timeoutMs: number): Promise<R> {
  const done = new AbortController();
  try {
    return await Promise.race([call, lateness(timeoutMs, done.signal)]);
  } catch (cause) {
    throw storeFailed(cause);
  } finally {
    done.abort();
  }
}

async function lateness(timeoutMs: number, signal: AbortSignal): Promise<never> {
  await wait(timeoutMs, undefined, { signal });
  throw new BridgeError("store-failed", "The store does not answer. Check its disk, then try again.");
}

function storeFailed(cause: unknown): BridgeError {
  if (cause instanceof BridgeError) return cause;
  const sentence =
    "The store cannot be read or written. Check its disk space and permissions, then try again.";
  return new BridgeError("store-failed", sentence, { cause });
}
