import type { Store } from "../../src/conversation/ports.ts";

/** The store's collection with some of its methods in other hands. */
export function intercepted<T>(store: Store<T>, own: Partial<Store<T>>): Store<T> {
  return {
    get: (key) => store.get(key),
    set: (key, value, ttlMs) => store.set(key, value, ttlMs),
    delete: (key) => store.delete(key),
    list: (prefix) => store.list(prefix),
    claim: (key, value, ttlMs) => store.claim(key, value, ttlMs),
    cas: (key, expected, next, ttlMs) => store.cas(key, expected, next, ttlMs),
    ...own,
  };
}
