import { expect, it } from "vitest";
import { startReceiver } from "../tracing/receiver.ts";
import { operate } from "./operating.ts";

it("a process that is asked to end sends its spans first, and its metrics name the same traces", async () => {
  const receiver = await startReceiver();
  const { answers, ask, ana, ops, discord, figure, terminate, exitCode } = await operate({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  await answers("/readyz", 200);
  await ana.runs(ops, "/k8s", { prompt: "why?" });
  const ended = 'turns_total{agent="kagent/k8s-agent",cluster="default",outcome="completed"}';
  await discord.until(async () => (await figure(ended)) === 1, { what: "the turn in the metrics" });
  const { text } = await ask("/metrics");
  terminate();
  expect(await exitCode).toBe(0);
  const [turn] = receiver.spans().filter(({ name }) => name === "turn");
  expect(turn?.attributes).toMatchObject({ "kagent_discord.outcome": "completed" });
  expect(text).toContain(`trace_id="${turn?.traceId}"`);
  expect(receiver.refused).toEqual([]);
});
