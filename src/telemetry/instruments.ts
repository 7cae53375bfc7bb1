import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from "prom-client";

/** Before the name of every metric of ours. */
const PREFIX = "kagent_discord_";

type Labels = Readonly<Record<string, string>>;

/** Counts upwards. `traceId` becomes an exemplar. */
interface CounterOf {
  add(labels?: Labels, value?: number, traceId?: string): void;
}

/** A value of now; `replace` forgets every series that is not given. */
interface GaugeOf {
  set(labels: Labels, value: number): void;
  replace(series: readonly (readonly [Labels, number])[]): void;
}

/** A distribution, in seconds. `traceId` becomes an exemplar. */
interface HistogramOf {
  observeMs(labels: Labels, ms: number, traceId?: string): void;
}

/** Makes metrics in one registry. */
export interface Instruments {
  readonly registry: Registry<OpenMetricsContentType>;
  counter(name: string, help: string, labels?: readonly string[]): CounterOf;
  gauge(name: string, help: string, labels?: readonly string[]): GaugeOf;
  histogram(name: string, help: string, buckets: readonly number[], labels?: readonly string[]): HistogramOf;
}

/** Instruments over a registry of their own, which speaks OpenMetrics: only there can exemplars be told. */
export function createInstruments(): Instruments {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const common = (name: string, help: string, labelNames: readonly string[] = []) => ({
    name: PREFIX + name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  });
  return {
    registry,
    counter(name, help, labels) {
      const counter = new Counter({ ...common(name, help, labels), enableExemplars: true });
      return {
        add: (given = {}, value = 1, traceId) =>
          counter.inc({ labels: given, value, ...exemplarOf(traceId) }),
      };
    },
    gauge(name, help, labels) {
      const gauge = new Gauge(common(name, help, labels));
      return {
        set: (given, value) => gauge.set(given, value),
        replace(series) {
          gauge.reset();
          for (const [given, value] of series) gauge.set(given, value);
        },
      };
    },
    histogram(name, help, buckets, labels) {
      const options = { ...common(name, help, labels), buckets: [...buckets], enableExemplars: true };
      const histogram = new Histogram(options);
      return {
        observeMs: (given, ms, traceId) =>
          histogram.observe({
            labels: given,
            value: Math.max(0, ms) / 1000,
            ...exemplarOf(traceId),
          }),
      };
    },
  };
}

function exemplarOf(traceId: string | undefined) {
  return traceId === undefined ? {} : { exemplarLabels: { trace_id: traceId } };
}
