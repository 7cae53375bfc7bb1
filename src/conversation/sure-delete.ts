import type { Clock, Store } from "./ports.ts";

/** How long a failed deletion waits for its next try (ms). */
const AGAIN_MS = 5_000;

/**
 * The store, with deletions that are tried again beside until they work or `signal` is aborted: what people have read the end
 * of must not begin again at the next start, because the store failed for a moment. Whoever deletes hears of the first failure.
 * A row that is written meanwhile stays.
 */
export function deletingSurely<T>(
  store: Store<T>,
  clock: Pick<Clock, "sleep">,
  signal: AbortSignal,
): Store<T> {
  const due = new Set<string>();

  async function again(key: string): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(AGAIN_MS, signal).catch(() => {});
      if (signal.aborted || !due.has(key)) return;
      await store.delete(key).then(
        () => due.delete(key),
        () => {},
      );
    }
  }

  const written = (key: string) => due.delete(key);
  return {
    get: store.get,
    list: store.list,
    async delete(key) {
      try {
        await store.delete(key);
      } catch (error) {
        if (!due.has(key)) void again(key);
        due.add(key);
        throw error;
      }
    },
    set(key, value, ttlMs) {
      written(key);
      return store.set(key, value, ttlMs);
    },
    claim(key, value, ttlMs) {
      written(key);
      return store.claim(key, value, ttlMs);
    },
    cas(key, expected, next, ttlMs) {
      written(key);
      return store.cas(key, expected, next, ttlMs);
    },
  };
}
