import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SKIPPED = new Set(["node_modules", "dist", "data", "coverage"]);

/** Text of a file; the path is relative to the repository. */
export const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** Paths below a folder, relative to the repository, of files that end so. */
export function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return SKIPPED.has(entry.name) || entry.name.startsWith(".") ? [] : filesBelow(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

/** Every document. */
export const PAGES = filesBelow(".", ".md");

/** Documents for those who use or run the bot. */
export const GUIDES = ["README.md", ...filesBelow("docs", ".md")];
