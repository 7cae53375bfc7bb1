import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { discordMetrics } from "../../src/telemetry/discord-metrics.ts";
import type { Instruments } from "../../src/telemetry/instruments.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { processMetrics } from "../../src/telemetry/process-metrics.ts";
import { turnMetrics } from "../../src/telemetry/turn-metrics.ts";

/** A metric as it is scraped. */
export interface Scraped {
  readonly kind: "counter" | "gauge" | "part of a histogram";
  readonly labels: readonly string[];
}

/** What Prometheus adds to every series of a pod. */
const TARGET = ["namespace", "pod", "container", "job", "instance"];
const nothing = () => {};

/** Every series that the process exports, by its name. */
export function exported(): ReadonlyMap<string, Scraped> {
  const found = new Map<string, Scraped>();
  const note = (name: string, kind: Scraped["kind"], labels: readonly string[] = []) =>
    found.set(`kagent_discord_${name}`, { kind, labels: [...labels, ...TARGET] });
  const recorder: Omit<Instruments, "registry"> = {
    counter(name, _help, labels) {
      note(name, "counter", labels);
      return { add: nothing };
    },
    gauge(name, _help, labels) {
      note(name, "gauge", labels);
      return { set: nothing, replace: nothing };
    },
    histogram(name, _help, _buckets, labels = []) {
      for (const part of ["bucket", "sum", "count"])
        note(`${name}_${part}`, "part of a histogram", [...labels, ...(part === "bucket" ? ["le"] : [])]);
      return { observeMs: nothing };
    },
  };
  const instruments = { ...recorder, registry: Object() };
  for (const declare of [turnMetrics, discordMetrics, processMetrics]) declare(instruments);
  note("build_info", "gauge", ["version", "node"]);
  return found;
}

/** The names of the metrics of ours, as the program itself lists them; histograms without their suffixes. */
export const ownNames = (): readonly string[] => createMetrics("0").names;

/** Names of the metrics that prom-client exports of every process. */
export async function processNames(): Promise<readonly string[]> {
  const text = await createMetrics("0").text();
  return [...text.matchAll(/^(?:# TYPE )?((?:process|nodejs)_\w+)/gm)].map(([, name = ""]) => name);
}

/** A use of a metric in a query. */
interface Selection {
  readonly metric: string;
  /** The labels that its selector names. */
  readonly labels: readonly string[];
  /** The function over its range, such as `rate`; absent for an instant selector. */
  readonly over?: string;
}

/** What a query is made of. */
export interface Query {
  readonly errors: readonly string[];
  readonly selections: readonly Selection[];
  /** Labels after `by` and `on`. */
  readonly groupedBy: readonly string[];
}

/** Reads PromQL; Grafana's variables count as what they stand for. */
export function readQuery(written: string): Query {
  const text = written.replaceAll("$__rate_interval", "5m");
  const of = ({ from, to }: { from: number; to: number }) => text.slice(from, to);
  const [errors, groupedBy, selections]: [string[], string[], Selection[]] = [[], [], []];
  parser.parse(text).iterate({
    enter(ref) {
      if (ref.type.isError) errors.push(`at ${ref.from}: ${text.slice(ref.from, ref.from + 20)}`);
      if (ref.name === "GroupingLabels")
        groupedBy.push(
          ...of(ref)
            .replaceAll(/[()\s]/g, "")
            .split(","),
        );
      if (ref.name === "VectorSelector") selections.push(selectionOf(ref.node, of));
    },
  });
  return { errors, selections, groupedBy: groupedBy.filter((label) => label !== "") };
}

function selectionOf(node: SyntaxNode, of: (node: SyntaxNode) => string): Selection {
  const [, metric = "", matchers = ""] = /^([\w:]*)(?:\{(.*)\})?/s.exec(of(node)) ?? [];
  const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label);
  for (let above: SyntaxNode | null = node.parent; above; above = above.parent)
    if (above.name === "FunctionCall") {
      const name = above.getChild("FunctionIdentifier");
      const isRange = /Matrix/.test(node.parent?.name ?? "");
      return { metric, labels, ...(isRange && name ? { over: of(name) } : {}) };
    }
  return { metric, labels };
}
