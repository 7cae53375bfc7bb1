import { defineConfig } from "vitest/config";
import { ProjectOrder } from "./test/project-order.ts";
import { SummaryReporter } from "./test/summary-reporter.ts";

/** Files that start the program as a process. */
const PROCESSES = [
  "test/cli/{process-end,store-outage,store-start,usage}.test.ts",
  "test/deploy/started.test.ts",
  "test/redaction/*.test.ts",
];
/** Files that change their own process for good, or look at what it has loaded: proxies, tracing. */
const ALONE = ["test/network/*.test.ts", "test/tracing/{off,process}.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // More than two cores can feed: stories wait as much as they work.
    maxWorkers: 4,
    reporters: ["default", new SummaryReporter()],
    sequence: { sequencer: ProjectOrder },
    // A worker keeps what it has loaded, discord.js above all: nothing here has state in a module.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: "processes", include: PROCESSES, globalSetup: "test/built-program.ts" },
      },
      { extends: true, test: { name: "alone", include: ALONE, isolate: true } },
      {
        extends: true,
        test: { name: "shared", include: ["test/**/*.test.ts"], exclude: [...PROCESSES, ...ALONE] },
      },
    ],
  },
});
