import { collectDefaultMetrics } from "prom-client";
import { discordMetrics } from "./discord-metrics.ts";
import { createInstruments } from "./instruments.ts";
import { processMetrics } from "./process-metrics.ts";
import { turnMetrics } from "./turn-metrics.ts";

/** How often the event loop's delay is sampled, in milliseconds: each sample wakes the process. */
const LOOP_PRECISION_MS = 50;

/** The metrics of the process: what is told of it, and how it is read. No label holds an id of a person, place or task. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Metrics in a registry of their own, with those that prom-client knows of the process and its event loop. */
export function createMetrics(version: string) {
  const instruments = createInstruments();
  const { registry } = instruments;
  const own = {
    ...turnMetrics(instruments),
    ...discordMetrics(instruments),
    ...processMetrics(instruments),
  };
  const build = instruments.gauge("build_info", "1; the labels tell what runs.", ["version", "node"]);
  build.set({ version, node: process.version }, 1);
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  return {
    ...own,
    /** The names of ours; a histogram is found as `_bucket`, `_sum` and `_count`. */
    names,
    /** OpenMetrics: https://prometheus.io/docs/specs/om/open_metrics_spec/ */
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
