import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with why each test was skipped, and one plain line that any tool can read: `N passed, N failed, N skipped`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state !== "pending") counts[result.state] += 1;
        if (result.state === "skipped" && result.note !== undefined)
          process.stdout.write(`\nskipped: ${test.fullName} (${result.note})`);
      }
    }
    const broken = modules.filter(
      (module) => module.state() === "failed" && module.errors().length > 0,
    ).length;
    const failed = counts.failed + broken + unhandledErrors.length;
    process.stdout.write(`\n${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
  }
}
