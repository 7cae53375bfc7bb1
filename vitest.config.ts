import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/summary-reporter.ts";

/** Files that change their process for good: its proxies, its authorities, its tracing, its death. */
const ALONE = ["test/audit/**/*.test.ts", "test/network/**/*.test.ts", "test/tracing/**/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    reporters: ["default", new SummaryReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: ALONE,
          // A worker keeps what it has loaded, discord.js above all: nothing here has state in a module.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: "alone", include: ALONE, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
