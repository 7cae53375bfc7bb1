import { context, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, it, onTestFinished } from "vitest";
import { BridgeError } from "../../src/conversation/errors.ts";
import { openTracing } from "../../src/telemetry/tracing.ts";
import { silentLog } from "../silent-log.ts";
import { startReceiver } from "./receiver.ts";

const CLICK = { kind: "component", id: "7", userId: "8" } as const;

async function opened(content = false) {
  const receiver = await startReceiver();
  const options = { url: receiver.url.concat("/v1/traces"), headers: {}, content };
  const tracing = await openTracing(options, { version: "1", log: silentLog, secrets: ["a-known-secret"] });
  onTestFinished(() => tracing.close());
  return { receiver, tracing };
}

it("a click that fails carries the reference that people read, and no words of the error", async () => {
  const { receiver, tracing } = await opened();
  const { handling } = tracing;
  await handling.handle(CLICK, async () => handling.failed("ref-12", new Error("a-marker")));
  const refused = handling.handle(CLICK, async () => {
    throw new BridgeError("store-failed", "The a-marker store.");
  });
  await expect(refused).rejects.toThrow("The a-marker store.");
  await tracing.close();
  const [first, second] = receiver.spans();
  expect(first?.status).toEqual({ code: "error", message: "internal" });
  expect(first?.attributes).toMatchObject({ "kagent_discord.reference": "ref-12", "error.type": "internal" });
  expect(second?.status).toEqual({ code: "error", message: "store-failed" });
  expect(receiver.text()).not.toContain("a-marker");
});

it("what happens outside of anything that people caused is not recorded", async () => {
  const { receiver, tracing } = await opened();
  tracing.passing.store("read", 1, true);
  tracing.passing.discord("GET", "/gateway/bot", 200, 1);
  await tracing.close();
  expect(receiver.headers).toEqual([]);
});

it("failures of the store and of Discord say what they are", async () => {
  const { receiver, tracing } = await opened();
  await tracing.handling.handle(CLICK, async () => {
    tracing.passing.store("write", 3, false);
    tracing.passing.discord("POST", "/channels/:id/messages", 429, 5);
    tracing.passing.discord("POST", "/channels/:id/messages", undefined, 5);
    tracing.passing.discord("POST", "/channels/:id/messages", 204, 5);
  });
  await tracing.close();
  const types = receiver.spans().map(({ attributes, status }) => [attributes["error.type"], status.code]);
  expect(types).toEqual([
    ["store-failed", "error"],
    ["429", "error"],
    ["no-answer", "error"],
    [undefined, "unset"],
    [undefined, "unset"],
  ]);
});

it("an SDK that somebody put into the process gets the spans, and none of ours is started beside it", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  onTestFinished(() => trace.disable());
  const { receiver, tracing } = await opened();
  await tracing.handling.handle(CLICK, async () => {});
  await tracing.close();
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(["interaction component"]);
  expect(receiver.headers).toEqual([]);
});

it("after its end nothing of it stays in the process", async () => {
  const { receiver, tracing } = await opened();
  await tracing.close();
  await tracing.handling.handle(CLICK, async () => {
    expect(trace.getSpan(context.active())).toBeUndefined();
  });
  expect(receiver.headers).toEqual([]);
});
