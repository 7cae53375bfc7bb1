import { createServer } from "node:http";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { say, script, tool } from "../../emulator/agent/script.ts";
import { agent } from "../e2e/story.ts";
import { portOf } from "./port.ts";
import { traced } from "./stage.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const SECRET = "kagent-token-of-the-test";
const TELLING = script(
  tool("k8s_get", { name: "argument-marker" }, { output: "output-marker" }),
  say(`answer-marker ${SECRET}`),
);

/** Asks one question that is answered, and stops the bot. */
async function answered(env: Readonly<Record<string, string>> = {}) {
  const story = await traced({
    agents: [agent("k8s-agent", TELLING)],
    env: { KAGENT_TOKEN: SECRET, ...env },
  });
  await story.ana.runs(story.ops, "/k8s", { prompt: "question-marker" });
  await story.shown("answer-marker");
  await story.discord.until(() => story.said("turn over").length === 1, { what: "the end of the turn" });
  await story.stopBot();
  return story;
}

describe("what is exported", () => {
  it("holds nothing that anybody said, and no credentials", async () => {
    const { receiver, discord, span } = await answered();
    expect(span("turn").attributes).toMatchObject({ "kagent_discord.tools": 1 });
    const text = receiver.text();
    for (const one of [
      "question-marker",
      "answer-marker",
      "argument-marker",
      "output-marker",
      SECRET,
      discord.token,
    ])
      expect(text).not.toContain(one);
    expect(text).not.toMatch(/\/(interactions|webhooks)\/\d+/);
    expect(text).not.toContain("http://");
  });

  it("holds prompts, answers and arguments where that is switched on, without secrets", async () => {
    const { receiver, span } = await answered({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" });
    const { attributes } = span("invoke_agent k8s-agent");
    expect(JSON.parse(String(attributes["gen_ai.input.messages"]))).toEqual([
      { role: "user", parts: [{ type: "text", content: expect.stringContaining("question-marker") }] },
    ]);
    const [output] = JSON.parse(String(attributes["gen_ai.output.messages"]));
    expect(output.role).toBe("assistant");
    expect(JSON.stringify(output.parts)).toContain("answer-marker ***");
    expect(output.parts).toContainEqual({
      type: "tool_call",
      id: expect.any(String),
      name: "k8s_get",
      arguments: expect.stringContaining("argument-marker"),
    });
    expect(receiver.text()).not.toContain(SECRET);
    expect(receiver.text()).not.toContain("output-marker");
  });

  it("carries the headers of its collector, which no log line shows", async () => {
    const { receiver, lines } = await answered({
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20collector-marker",
    });
    expect(receiver.headers[0]?.authorization).toBe("Bearer collector-marker");
    expect(JSON.stringify(lines)).not.toContain("collector-marker");
  });

  it("follows the SDK's own variables", async () => {
    vi.stubEnv("OTEL_SERVICE_NAME", "ops-bot");
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod");
    const { span } = await answered();
    expect(span("turn").resource).toMatchObject({
      "service.name": "ops-bot",
      "deployment.environment.name": "prod",
    });
  });

  it("is nothing where the sampler says so, and the agent is told that nothing is recorded", async () => {
    vi.stubEnv("OTEL_TRACES_SAMPLER", "always_off");
    const { receiver, passed, said } = await answered();
    expect(receiver.headers).toEqual([]);
    const [sent] = passed.filter(({ body }) => body.includes("message/stream"));
    expect(sent?.headers.traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    expect(String(sent?.headers.traceparent)).toContain(String(said("turn over")[0]?.trace_id));
  });
});

describe("a collector that does not work", () => {
  it("is told once in the log, and again when it is back; people see nothing of it", async () => {
    vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "20");
    const story = await traced();
    const { ana, ops, receiver, discord, said, lines } = story;
    const ask = async (prompt: string) => {
      const before = receiver.headers.length;
      await ana.runs(ops, "/k8s", { prompt });
      await discord.until(() =>
        discord.transcript(discord.threads(ops).at(-1) ?? ops).includes(`heard: ${prompt}`),
      );
      await discord.until(() => receiver.headers.length > before, { what: "an export" });
    };
    receiver.answer(400);
    for (const prompt of ["one", "two", "three"]) await ask(prompt);
    const complaints = () => said("traces do not reach their collector; they are dropped meanwhile");
    expect(complaints()).toHaveLength(1);
    receiver.answer(200);
    await ask("four");
    await discord.until(() => said("traces reach their collector again").length === 1);
    expect(complaints()).toHaveLength(1);
    expect(lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("does not keep the bot from ending when it never answers", async () => {
    // The SDK itself would wait for longer than this test may take.
    for (const name of ["OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_BSP_EXPORT_TIMEOUT"]) vi.stubEnv(name, "600000");
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      silent.close();
      silent.closeAllConnections();
    });
    const { ana, ops, shown, stopBot, said } = await traced({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(silent)}` },
    });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await shown("heard: why?");
    await stopBot();
    expect(said("traces are exported")).toHaveLength(1);
  });
});
