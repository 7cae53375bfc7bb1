/** Which driver a STORE_URL asks for, and where. */
export type StoreAddress =
  | { readonly driver: "memory" }
  | { readonly driver: "sqlite"; readonly path: string };

/** Reads `memory:`, `sqlite://relative/path` or `sqlite:///absolute/path`; undefined for anything else. */
export function readStoreUrl(url: string): StoreAddress | undefined {
  if (url === "memory:") return { driver: "memory" };
  const path = /^sqlite:\/\/(.+)$/.exec(url)?.[1];
  // `:memory:` and `file:` have a meaning of their own in SQLite.
  if (path === undefined || path.startsWith(":") || path.endsWith("/")) return undefined;
  return { driver: "sqlite", path };
}
