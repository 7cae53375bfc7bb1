import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { traced } from "./stage.ts";

/** Files of OpenTelemetry's packages that this process has loaded, without those of its API. */
function loaded(): readonly string[] {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).filter((path) => /@opentelemetry\/(?!api\/)/.test(path));
}

it.each([
  ["without a collector", { OTEL_EXPORTER_OTLP_ENDPOINT: "" }],
  ["where the SDK is disabled", { OTEL_SDK_DISABLED: "true" }],
  ["where traces are not exported", { OTEL_TRACES_EXPORTER: "none" }],
])("%s nothing is loaded for it, and the agent and the log still get ids", async (_where, env) => {
  const { ana, ops, shown, discord, said, passed, receiver, stopBot } = await traced({ env });
  await ana.runs(ops, "/k8s", { prompt: "why?" });
  await shown("heard: why?");
  await discord.until(() => said("turn over").length === 1, { what: "the end of the turn" });
  await stopBot();
  expect(loaded()).toEqual([]);
  expect(receiver.headers).toEqual([]);
  const [sent] = passed.filter(({ body }) => body.includes("message/stream"));
  const [, traceId, spanId] =
    /^00-([\da-f]{32})-([\da-f]{16})-01$/.exec(String(sent?.headers.traceparent)) ?? [];
  expect(said("turn over")).toMatchObject([{ trace_id: traceId, span_id: spanId }]);
});

it("with a collector it is, so that what is said above can be seen", async () => {
  const { said } = await traced();
  expect(said("traces are exported")).toHaveLength(1);
  expect(loaded().some((path) => path.includes("exporter-trace-otlp-proto"))).toBe(true);
});
