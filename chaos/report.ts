import type { ChaosResult } from "./run.ts";

/** The counts of a crash test as a table for a terminal, then every violation in a sentence. */
export function renderResult(result: ChaosResult): string {
  const rows: readonly (readonly [string, string])[] = [
    ["kills", `${result.kills}`],
    ["  before it was ready again", `${result.beforeReady}`],
    ["  while something was happening", `${result.aimed}`],
    ["unfinished turns picked up by starts", `${result.recovered}`],
    ["conversations", `${result.conversations}`],
    ["  asked again: nobody had heard", `${result.askedAgain}`],
    ["runs at agents", `${result.runs}`],
    ["  killed before the first event, and said so", `${result.saidLost}`],
    ["  tried again by a click", `${result.triedAgain}`],
    ["pauses", `${result.pauses}`],
    ["decisions that took effect", `${result.decisions}`],
    ["  doubles that the agent refused", `${result.refusedDoubles}`],
    ["  sent again by a click", `${result.sentAgain}`],
    ["tools run", `${result.toolRuns}`],
    ["429s", `${result.tooMany}`],
    ["errors in the log", `${result.errors.length}`],
    ["audit", result.auditRecords],
    ["took", `${Math.round(result.tookMs / 1_000)} s`],
    ["violations", `${result.violations.length}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...table, ...result.violations.map((violation) => `✗ ${violation}`)].join("\n");
}
