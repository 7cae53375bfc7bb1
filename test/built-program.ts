import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ROOT } from "./pages.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The built program's entry; absent where nothing was built. */
    readonly program?: string;
  }
}

/** Builds the program once for every file that starts it: a process that compiles its sources takes twice as long. */
export default function build(project: TestProject): () => void {
  // Inside the package, where its dependencies are found; with the file that tells its version.
  const folder = mkdtempSync(join(ROOT, "node_modules", ".program-"));
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, "-p", "tsconfig.build.json", "--outDir", folder, "--noCheck", "--sourceMap", "false"],
    { cwd: ROOT, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the program cannot be built:\n${stdout}`);
  copyFileSync(join(ROOT, "package.json"), join(folder, "package.json"));
  project.provide("program", join(folder, "src", "main.js"));
  return () => rmSync(folder, { recursive: true, force: true });
}
