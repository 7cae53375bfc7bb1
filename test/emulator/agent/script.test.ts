import { afterEach, describe, expect, test } from "vitest";
import type { AgentDefinition } from "../../../emulator/agent/agent.ts";
import { type Kagent, type KagentOptions, startKagent } from "../../../emulator/agent/kagent.ts";
import {
  fail,
  file,
  pause,
  type Script,
  say,
  script,
  silence,
  think,
  tool,
  usage,
  wait,
} from "../../../emulator/agent/script.ts";
import { call, prompt, promptV10, type RawAnswer } from "./raw-client.ts";

const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

async function scripted(
  answer: Script,
  agent: Partial<AgentDefinition> = {},
  options: Partial<KagentOptions> = {},
) {
  const definition = { name: "k8s-agent", description: "scripted", answer: () => answer, ...agent };
  const kagent = await startKagent({ speed: 0, ...options, agents: [definition] });
  started.push(kagent);
  return { kagent, url: kagent.agent("k8s-agent").url };
}

/** Every value of `key` in the events, in order, wherever it stands. */
function valuesOf(answer: RawAnswer, key: string): unknown[] {
  const found: unknown[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === key) found.push(inner);
      visit(inner);
    }
  };
  visit(answer.events);
  return found;
}

const stream = (url: string, text = "why?", contextId = "c-1") =>
  call(url, { method: "message/stream", params: prompt(text, contextId) });
const v10 = { "a2a-version": "1.0" };

describe("a scripted answer on 0.3", () => {
  const answer = script(
    say("Let me look. ", { tokenSize: 8 }),
    tool("read_thing", { name: "alpha" }, { output: "ok" }),
    say("All well.", { tokenSize: 5 }),
    usage(10, 4),
  );

  test.each([
    ["go", [true, true, undefined, undefined, true, true, undefined]],
    ["python", [true, true, false, null, true, true, false]],
  ] as const)(
    "gives its text as deltas, as a whole and as the artifact, flagged as %s flags it",
    async (runtime, flags) => {
      const { url } = await scripted(answer, { runtime });
      const seen = await stream(url);
      const updates = seen.events.flatMap((event) =>
        JSON.stringify(event).includes('"role":"agent"') ? [event] : [],
      );
      const key = runtime === "go" ? "adk_partial" : "kagent_adk_partial";
      expect(updates.map((event) => valuesOf({ ...seen, events: [event] }, key)[0])).toEqual(flags);
      expect(valuesOf(seen, "text").filter((text) => text !== "ok")).toEqual([
        ...["why?", "Let me l", "ook. ", "Let me look. ", "All w", "ell.", "All well.", "All well."],
      ]);
      expect(valuesOf(seen, "state")).toEqual(["submitted", ...Array(8).fill("working"), "completed"]);
    },
  );

  test("has no deltas where the agent does not stream", async () => {
    const { url } = await scripted(answer, { runtime: "go", stream: false });
    const seen = await stream(url);
    expect(valuesOf(seen, "text").filter((text) => text !== "ok")).toEqual([
      ...["why?", "Let me look. ", "All well.", "All well."],
    ]);
  });

  test("is re-encoded for a client that asks a released controller for 1.0", async () => {
    const { url } = await scripted(answer, { runtime: "go" });
    const params = promptV10("why?", "c-1");
    const seen = await call(url, { method: "SendStreamingMessage", params, headers: v10 });
    expect(seen.events.map((event) => Object.keys(Object(Object(event).result))[0])).toEqual([
      ...Array(9).fill("statusUpdate"),
      "artifactUpdate",
      "statusUpdate",
    ]);
    expect(valuesOf(seen, "state").at(-1)).toBe("TASK_STATE_COMPLETED");
    expect(seen.text).not.toContain('"kind"');
  });

  test("says that it is reasoning, and carries files in the artifact", async () => {
    const png = new Uint8Array([1, 2, 3]);
    const { url } = await scripted(script(think("hm"), say("Here."), file("a.png", "image/png", png)), {
      runtime: "go",
    });
    const seen = await stream(url);
    expect(valuesOf(seen, "adk_thought")).toEqual([true]);
    expect(valuesOf(seen, "file").at(-1)).toEqual({ name: "a.png", mimeType: "image/png", bytes: "AQID" });
  });

  test.each([
    ["go", ["failed"]],
    ["python", ["working", "failed"]],
  ] as const)("fails as %s fails, with what was said before", async (runtime, states) => {
    const { url } = await scripted(script(say("So far"), fail("Error code: 500")), { runtime });
    const seen = await stream(url);
    const ends = seen.events.slice(-states.length);
    expect(ends.map((event) => valuesOf({ ...seen, events: [event] }, "state")[0])).toEqual(states);
    expect(valuesOf({ ...seen, events: ends }, "text")).toEqual(states.map(() => "Error code: 500"));
  });

  test.each([
    ["go", "completed"],
    ["python", "working"],
  ] as const)("ends an empty run as %s does", async (runtime, state) => {
    const { url } = await scripted(script(), { runtime });
    const seen = await stream(url);
    expect(valuesOf(seen, "state").at(-1)).toBe(state);
    expect(seen.text).not.toContain("artifact");
  });
});

describe("a scripted answer of a 1.0 runtime", () => {
  test("is one artifact a model turn, replaced by the whole, and nothing is repeated", async () => {
    const answer = script(
      say("Let me look. ", { tokenSize: 8 }),
      tool("read", {}, { output: "ok" }),
      say("Well."),
    );
    const { kagent, url } = await scripted(answer, { runtime: "go" }, { surface: "main" });
    const params = promptV10("why?", "c-1");
    const seen = await call(url, { method: "SendStreamingMessage", params, headers: v10 });
    const artifacts = valuesOf(seen, "artifactUpdate").map((update) => [
      Object(update).append,
      Object(update).lastChunk,
    ]);
    expect(artifacts).toEqual([
      ...[
        [undefined, undefined],
        [true, undefined],
        [undefined, true],
      ],
      ...[
        [undefined, true],
        [undefined, undefined],
        [true, undefined],
        [undefined, true],
      ],
    ]);
    expect(new Set(valuesOf(seen, "artifactId")).size).toBe(3);
    const [run] = kagent.runs();
    const read = await call(url, { method: "GetTask", params: { id: run?.taskId }, headers: v10 });
    expect(JSON.parse(read.text).result).toMatchObject({
      status: { state: "TASK_STATE_COMPLETED" },
      artifacts: [{}, {}, { parts: [{ text: "Well." }] }],
    });
  });
});

describe("a conversation", () => {
  const recalling: Script = function* ({ text, history }) {
    yield say(`${history.map((said) => `${said.prompt}→${said.answer}`).join("; ")}|${text}`);
  };

  test("is remembered by context and user", async () => {
    const { kagent, url } = await scripted(recalling);
    await stream(url, "one");
    await stream(url, "two");
    await stream(url, "three", "c-2");
    const other = { "x-user-id": "ben" };
    await call(url, { method: "message/stream", params: prompt("four", "c-1"), headers: other });
    expect(kagent.runs().map((run) => [run.userId, run.task.answer()])).toEqual([
      ["ana", "|one"],
      ["ana", "one→|one|two"],
      ["ana", "|three"],
      ["ben", "|four"],
    ]);
  });

  test("goes on where a question in words was answered, on the same task", async () => {
    const asking: Script = function* () {
      const reply = yield pause("Which one?");
      yield say(`So be it: ${reply?.text ?? ""}`);
    };
    const { kagent, url } = await scripted(asking, { runtime: "python" });
    const paused = await stream(url);
    const [run] = kagent.runs();
    expect(valuesOf(paused, "state").at(-1)).toBe("input-required");
    const params = prompt("alpha", "c-1", run?.taskId);
    const seen = await call(url, { method: "message/stream", params });
    expect(valuesOf(seen, "text").at(-1)).toBe("So be it: alpha");
    expect(kagent.runs()).toHaveLength(1);
    expect(run?.prompts).toEqual(["why?", "alpha"]);
  });
});

describe("a running task", () => {
  const slow = script(say("one "), wait(60_000), say("two"));

  test("goes on when the client leaves, and shows only its last delta on 0.3", async () => {
    const { kagent, url } = await scripted(slow, { runtime: "go", speed: 100 });
    await call(url, { method: "message/stream", params: prompt("why?", "c-1"), leaveAfter: /"one "/ });
    const [run] = kagent.runs();
    const read = await call(url, { method: "tasks/get", params: { id: run?.taskId } });
    const task = JSON.parse(read.text).result;
    expect(task).toMatchObject({ status: { state: "working", message: { parts: [{ text: "one " }] } } });
    expect(task.history).toHaveLength(2);
    expect(task).not.toHaveProperty("artifacts");
    await kagent.until(() => run?.task.state() === "completed");
    expect(run?.task.answer()).toBe("one two");
  });

  test.each([
    ["go", ["working", "completed"]],
    ["python", ["working"]],
  ] as const)("is followed by a second stream as %s allows it", async (runtime, states) => {
    const { kagent, url } = await scripted(slow, { runtime, speed: 200 });
    await call(url, { method: "message/stream", params: prompt("why?", "c-1"), leaveAfter: /"one "/ });
    const params = { id: kagent.runs()[0]?.taskId };
    const seen = await call(url, { method: "tasks/resubscribe", params });
    expect([...new Set(valuesOf(seen, "state"))]).toEqual(states);
    expect(valuesOf(seen, "text").slice(-2)).toEqual(["one two", "one two"]);
    expect(seen.broken).toBeUndefined();
  });

  test("starts a second stream with a snapshot on 1.0", async () => {
    const { kagent, url } = await scripted(slow, { runtime: "go", speed: 200 }, { surface: "main" });
    const params = promptV10("why?", "c-1");
    await call(url, { method: "SendStreamingMessage", params, headers: v10, leaveAfter: /"one "/ });
    const id = kagent.runs()[0]?.taskId;
    const seen = await call(url, { method: "SubscribeToTask", params: { id }, headers: v10 });
    expect(seen.events[0]).toMatchObject({
      result: { task: { id, artifacts: [{ parts: [{ text: "one " }] }] } },
    });
    expect(valuesOf(seen, "state").at(-1)).toBe("TASK_STATE_COMPLETED");
  });

  test("is cancelled on Go: answer and stream say so", async () => {
    const { kagent, url } = await scripted(script(say("one "), silence()), { runtime: "go" });
    const running = stream(url);
    const run = await kagent.until(() => kagent.runs()[0]);
    const canceled = await call(url, { method: "tasks/cancel", params: { id: run.taskId } });
    expect(JSON.parse(canceled.text).result).toMatchObject({ status: { state: "canceled" } });
    expect(valuesOf(await running, "state").at(-1)).toBe("canceled");
  });

  test("is not cancelled on released Python, and ends as it would have", async () => {
    const { kagent, url } = await scripted(slow, { runtime: "python", speed: 200 });
    const running = stream(url);
    const run = await kagent.until(() => kagent.runs()[0]);
    const refused = await call(url, { method: "tasks/cancel", params: { id: run.taskId } });
    expect(JSON.parse(refused.text).error).toMatchObject({
      code: -32603,
      message: "Cancellation is not supported",
    });
    expect(valuesOf(await running, "state").at(-1)).toBe("completed");
  });

  test("answers a blocking call when it rests, and a non-blocking one at once", async () => {
    const { url } = await scripted(slow, { runtime: "go", speed: 200 });
    const sent = await call(url, { method: "message/send", params: prompt("why?", "c-1") });
    expect(JSON.parse(sent.text).result).toMatchObject({ kind: "task", status: { state: "completed" } });
    const configuration = { blocking: false };
    const early = await call(url, {
      method: "message/send",
      params: { ...prompt("why?", "c-2"), configuration },
    });
    expect(JSON.parse(early.text).result.status.state).toMatch(/submitted|working/);
  });

  test("gives its text out at the rate it was told", async () => {
    const text = "x".repeat(120);
    const { url } = await scripted(script(say(text, { tokensPerSecond: 100, tokenSize: 4 })), { speed: 1 });
    const before = performance.now();
    const seen = await stream(url);
    expect(performance.now() - before).toBeGreaterThan(280);
    expect(valuesOf(seen, "text").at(-1)).toBe(text);
  });
});
