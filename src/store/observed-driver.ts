import type { Clock } from "../conversation/ports.ts";
import type { Driver } from "./driver.ts";

/** Hears of operations: which, how long (ms), whether it succeeded. Must be cheap and must not throw. */
export type StoreObserver = (operation: string, ms: number, ok: boolean) => void;

/** The driver, with somebody who hears of its operations. */
export function observeDriver(
  driver: Driver,
  observe: StoreObserver,
  clock: Pick<Clock, "now"> = performance,
): Driver {
  async function watched<R>(operation: string, call: Promise<R>): Promise<R> {
    const began = clock.now();
    let ok = false;
    try {
      const result = await call;
      ok = true;
      return result;
    } finally {
      observe(operation, clock.now() - began, ok);
    }
  }
  return {
    read: (key) => watched("read", driver.read(key)),
    write: (key, text) => watched("write", driver.write(key, text)),
    remove: (key) => watched("remove", driver.remove(key)),
    range: (prefix) => watched("range", driver.range(prefix)),
    insert: (key, text, now) => watched("insert", driver.insert(key, text, now)),
    replace: (key, expected, text) => watched("replace", driver.replace(key, expected, text)),
    sweep: (now) => watched("sweep", driver.sweep(now)),
    newestSchema: () => driver.newestSchema(),
    close: () => driver.close(),
  };
}
