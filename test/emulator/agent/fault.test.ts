import { afterEach, describe, expect, test } from "vitest";
import type { AgentDefinition } from "../../../emulator/agent/agent.ts";
import { threeMinuteCut } from "../../../emulator/agent/fault.ts";
import { type Kagent, type KagentOptions, startKagent } from "../../../emulator/agent/kagent.ts";
import { createRecordings } from "../../../emulator/agent/recordings.ts";
import { say, script, silence, wait } from "../../../emulator/agent/script.ts";
import { call, get, prompt } from "./raw-client.ts";

const recordings = createRecordings();
const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

async function faulty(agent: Partial<AgentDefinition> = {}, options: Partial<KagentOptions> = {}) {
  const plain = recordings.read("controller-0.9.12-go", "plain");
  const definition = { name: "k8s-agent", description: "breaks", answer: () => plain, ...agent };
  const kagent = await startKagent({ speed: 0, ...options, agents: [definition] });
  started.push(kagent);
  const k8s = kagent.agent("k8s-agent");
  const ask = (contextId = "c-1") =>
    call(k8s.url, { method: "message/stream", params: prompt("why?", contextId) });
  const read = async (method = "tasks/get") =>
    JSON.parse((await call(k8s.url, { method, params: { id: kagent.runs()[0]?.taskId } })).text);
  return { kagent, k8s, ask, read };
}

describe("a stream that is cut", () => {
  test.each([1, 5, 68])("after %i events has them whole, and the run goes on", async (afterEvents) => {
    const { k8s, ask, read } = await faulty();
    k8s.fault({ fault: "cut", afterEvents });
    const seen = await ask();
    expect(seen.events).toHaveLength(afterEvents);
    expect(seen.broken).toBeDefined();
    expect(await read()).toMatchObject({ result: { status: { state: "completed" } } });
    expect((await ask("c-2")).events).toHaveLength(69);
  });

  test("after a number of bytes breaks in the middle of a line", async () => {
    const { k8s, ask } = await faulty();
    k8s.fault({ fault: "cut", afterBytes: 100, how: "destroy" });
    expect((await ask().catch(String)).toString()).toMatch(/Unterminated|JSON|SyntaxError/);
  });

  test("may look complete, or say the three minutes are up", async () => {
    const { k8s, ask } = await faulty();
    k8s.fault({ fault: "cut", afterEvents: 3, how: "end" });
    k8s.fault({ fault: "cut", afterEvents: 3, how: { error: threeMinuteCut } });
    const [clean, said] = [await ask(), await ask("c-2")];
    expect([clean.events.length, clean.broken]).toEqual([3, undefined]);
    expect(said.events.at(-1)).toMatchObject({ error: { code: -32603, message: threeMinuteCut } });
    expect(said.broken).toBeUndefined();
  });
});

describe("an answer that goes wrong", () => {
  test("is another status, as often as it was told", async () => {
    const { k8s, ask, kagent } = await faulty();
    k8s.fault({ fault: "status", status: 503, text: "no healthy upstream" }, { times: 2 });
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(answers[0]?.text).toBe("no healthy upstream");
    expect(kagent.runs()).toHaveLength(1);
  });

  test("is a redirect, zero bytes, a JSON error, an error event or a reset", async () => {
    const { k8s, ask, kagent } = await faulty();
    k8s.fault({ fault: "status", status: 307, text: "", headers: { location: "http://127.0.0.1:9/" } });
    k8s.fault({ fault: "empty" });
    k8s.fault({ fault: "rpc-error", code: -32603, message: "no" });
    k8s.fault({ fault: "rpc-error", code: -32603, message: "no", as: "event" });
    k8s.fault({ fault: "reset" });
    const [moved, empty, json, event] = [await ask(), await ask(), await ask(), await ask()];
    expect([moved.status, moved.headers.location]).toEqual([307, "http://127.0.0.1:9/"]);
    expect([empty.headers["content-type"], empty.text]).toEqual(["text/event-stream", ""]);
    expect([json.headers["content-type"], JSON.parse(json.text).error.message]).toEqual([
      "application/json",
      "no",
    ]);
    expect(event.events).toMatchObject([{ error: { message: "no" } }]);
    await expect(ask()).rejects.toThrow();
    expect(kagent.runs()).toHaveLength(0);
  });

  test("may be lost although the agent runs", async () => {
    const { k8s, ask, kagent, read } = await faulty();
    k8s.fault({ fault: "reset", runs: true });
    await expect(ask()).rejects.toThrow();
    expect(kagent.runs()).toHaveLength(1);
    expect(await read()).toMatchObject({ result: { status: { state: "completed" } } });
  });

  test("has one line of a size that nobody should keep", async () => {
    const { k8s, ask } = await faulty();
    k8s.fault({ fault: "huge-line", bytes: 1_000_000 });
    const { text } = await ask();
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeGreaterThan(999_000);
  });

  test("starts late, and can be aimed at other calls than prompts", async () => {
    const { k8s, ask, read } = await faulty();
    k8s.fault({ fault: "delay", ms: 60 }, { on: "get" });
    k8s.fault({ fault: "rpc-error", code: -32603, message: "away" }, { on: "get" });
    await ask();
    const before = performance.now();
    expect(await read()).toHaveProperty("result");
    expect(performance.now() - before).toBeGreaterThan(50);
    expect(await read()).toMatchObject({ error: { message: "away" } });
  });

  test("falls silent with the connection open", async () => {
    const { k8s, kagent } = await faulty();
    k8s.fault({ fault: "silence", afterEvents: 2 });
    const params = prompt("why?", "c-1");
    const seen = await call(k8s.url, {
      method: "message/stream",
      params,
      leaveAfter: /"working".*\n\n/,
    });
    expect([seen.events.length, seen.broken]).toEqual([2, undefined]);
    await kagent.until(() => kagent.runs()[0]?.task.state() === "completed");
  });

  test("of the REST interface is a status, too", async () => {
    const { kagent } = await faulty();
    kagent.fault({ fault: "status", status: 500, text: "oops" });
    expect((await get(`${kagent.url}/api/agents`)).status).toBe(500);
    expect((await get(`${kagent.url}/api/agents`)).status).toBe(200);
  });
});

describe("an agent that is gone", () => {
  test("is a refused connection behind the controller, and not ready in the list", async () => {
    const { k8s, ask, kagent } = await faulty();
    k8s.down();
    const refused = { error: { code: -32603, message: expect.stringContaining("connection refused") } };
    expect((await ask()).events).toMatchObject([refused]);
    const read = await call(k8s.url, { method: "tasks/get", params: { id: "x" } });
    expect(JSON.parse(read.text)).toMatchObject(refused);
    expect(JSON.parse((await get(`${kagent.url}/api/agents`)).text).data[0].deploymentReady).toBe(false);
    k8s.up();
    expect((await ask()).events).toHaveLength(69);
  });

  test.each([
    ["go", { result: { status: { state: "canceled" } } }],
    ["python", { error: { code: -32603 } }],
  ] as const)("in mid-stream leaves a task that works for ever (%s)", async (runtime, canceled) => {
    const { k8s, ask, kagent, read } = await faulty({
      runtime,
      answer: () => script(say("one "), silence()),
    });
    const running = ask();
    await kagent.until(() => kagent.runs()[0]?.live());
    k8s.kill();
    expect((await running).events.at(-1)).toMatchObject({
      error: { message: "SSE stream error: unexpected EOF" },
    });
    expect(await read()).toMatchObject({ result: { status: { state: "working" } } });
    const again = await call(k8s.url, {
      method: "tasks/resubscribe",
      params: { id: kagent.runs()[0]?.taskId },
    });
    expect(again.events).toMatchObject([{ error: { code: runtime === "go" ? -32603 : -32001 } }]);
    expect(await read("tasks/cancel")).toMatchObject(canceled);
  });
});

describe("a controller that restarts", () => {
  test.each([
    ["python", "completed"],
    ["go", "working"],
  ] as const)("drops its connections; a run of %s is %s afterwards", async (runtime, state) => {
    const slow = script(say("one "), wait(20_000), say("two"));
    const { ask, kagent, read } = await faulty({ runtime, answer: () => slow, speed: 100 });
    const running = ask();
    await kagent.until(() => kagent.runs()[0]?.live());
    const restarted = kagent.restart(50);
    await expect(get(`${kagent.url}/health`)).rejects.toThrow();
    expect((await running).broken).toBeDefined();
    await restarted;
    await kagent.until(() => !kagent.runs()[0]?.live());
    expect(await read()).toMatchObject({ result: { status: { state } } });
  });
});
