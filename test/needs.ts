import type { TestContext } from "vitest";
import { loadAdapter } from "../src/store/sqlite.ts";
import { isInstalled } from "./deploy/chart.ts";

type Skip = TestContext["skip"];

const hasSqlite = await loadAdapter().then(
  () => true,
  () => false,
);

/** Skips where the optional package of the SQLite store is not there; the summary prints the reason. */
export function needsSqlite(skip: Skip): void {
  skip(!hasSqlite, "the optional package @keyv/sqlite is not there");
}

/** Skips where a program is not on the PATH; `args` make it say its version. */
export function needsProgram(skip: Skip, name: string, ...args: readonly string[]): void {
  skip(!isInstalled(name, ...args), `${name} is not on the PATH`);
}
