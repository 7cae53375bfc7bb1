import { describe, expect, it } from "vitest";
import { createBoundedLabel } from "../../src/telemetry/bounded-label.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { read } from "../pages.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const agent = { agent: "kagent/k8s-agent", cluster: "default" };

/** The lines of ours that hold this. */
async function linesWith(metrics: ReturnType<typeof createMetrics>, part: string) {
  const text = await metrics.text();
  return text.split("\n").filter((line) => !line.startsWith("#") && line.includes(`kagent_discord_${part}`));
}

describe("the metrics", () => {
  it("tell turns by agent and outcome, with the trace as an exemplar", async () => {
    const metrics = createMetrics("1.2.3");
    metrics.turnOver({ ...agent, outcome: "failed", code: "agent-lost", ms: 3500, traceId: TRACE });
    const [total] = await linesWith(metrics, "turns_total");
    expect(total).toMatch(
      new RegExp(
        `^kagent_discord_turns_total\\{agent="kagent/k8s-agent",cluster="default",outcome="failed"\\} 1 # \\{trace_id="${TRACE}"\\} 1 `,
      ),
    );
    expect((await linesWith(metrics, 'turn_failures_total{code="agent-lost"'))[0]).toContain("} 1 # ");
    const buckets = await linesWith(metrics, "turn_duration_seconds_bucket");
    expect(buckets.find((line) => line.includes('le="2"'))).toMatch(/\} 0$/);
    expect(buckets.find((line) => line.includes('le="5"'))).toContain(`} 1 # {trace_id="${TRACE}"} 3.5 `);
  });

  it("begin with 0 where an alert counts, so that the first event is an increase", async () => {
    const metrics = createMetrics("1.2.3");
    metrics.storeOp("write", 1, true);
    const zero = [
      'config_reloads_total{result="refused"}',
      'store_errors_total{op="write"}',
      "audit_errors_total",
    ];
    for (const name of [
      ...zero,
      'turn_failures_total{code="kagent-unreachable"}',
      "gateway_disconnects_total",
    ])
      expect(await linesWith(metrics, `${name} `)).toEqual([`kagent_discord_${name} 0`]);
    metrics.storeOp("write", 1, false);
    expect(await linesWith(metrics, zero[1] ?? "")).toEqual([
      'kagent_discord_store_errors_total{op="write"} 1',
    ]);
  });

  it("are the same at every scrape", async () => {
    const metrics = createMetrics("1.2.3");
    metrics.discordAnswer("GET /gateway/bot", "200");
    const first = await linesWith(metrics, "discord_requests_total");
    expect(await linesWith(metrics, "discord_requests_total")).toEqual(first);
    expect((await metrics.text()).endsWith("# EOF\n")).toBe(true);
    expect(metrics.contentType).toContain("openmetrics");
  });

  it("forget states in which nothing waits any more", async () => {
    const metrics = createMetrics("1.2.3");
    metrics.figures({ approvalsWaiting: { open: 1, doubtful: 1 } });
    metrics.figures({ approvalsWaiting: { open: 0 } });
    expect(await linesWith(metrics, "approvals_waiting")).toEqual([
      'kagent_discord_approvals_waiting{state="open"} 0',
    ]);
  });

  it("hold those of the process and its event loop", async () => {
    const text = await createMetrics("1.2.3").text();
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).toContain('kagent_discord_build_info{version="1.2.3",node="v');
  });

  it("are all in the table of the documents, and nothing else is", () => {
    const [, table = ""] =
      /<!-- metrics -->([\s\S]*?)<!-- \/metrics -->/.exec(read("docs/operations.md")) ?? [];
    const named = [...table.matchAll(/^\| `(kagent_discord_\w+)`/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([...createMetrics("0").names].sort());
  });
});

describe("a bounded label", () => {
  it("lets the first values through, for ever, and no more", () => {
    const label = createBoundedLabel(2);
    expect(["a", "b", "c", "a", "d", "b"].map(label)).toEqual(["a", "b", "other", "a", "other", "b"]);
  });
});
