import { expect, test } from "vitest";
import { createRecordings } from "../../emulator/agent/recordings.ts";
import { CallError } from "../../src/a2a/call-error.ts";
import { RunReader } from "../../src/a2a/kagent/run-reader.ts";
import { lookAt } from "../../src/a2a/task-lookup.ts";
import type { TaskPort } from "../../src/a2a/task-port.ts";
import { readEnvelope, readTaskResult } from "../../src/a2a/wire/codec.ts";
import type { Agent, AgentEvent } from "../../src/conversation/agent.ts";
import type { Decision, InputRequest } from "../../src/conversation/approval.ts";
import { agentRef, collect, directoryFor, outgoing, patient, taskRef } from "./support/asking.ts";
import { pausesOf } from "./support/pauses.ts";
import { answersTo, bodyOf, replaying } from "./support/replay.ts";
import { serve } from "./support/server.ts";
import { answerText, turnOf } from "./support/transcript.ts";

const recordings = createRecordings();

/** Yes to everything, and an answer to every question. */
function yes(request: InputRequest): Decision {
  const verdicts = request.items.map((item) => {
    const approved = { itemId: item.id, approved: true };
    if (item.kind === "operation" || request.asksAgain) return approved;
    return { ...approved, answers: item.questions.map(() => ["shop"]) };
  });
  return { verdicts };
}

function waitsFor(events: readonly AgentEvent[]): InputRequest | undefined {
  const last = events.at(-1);
  return last?.kind === "waiting" ? last.request : undefined;
}

async function decide(agent: Agent, request: InputRequest): Promise<readonly AgentEvent[]> {
  const { taskId, contextId } = request;
  const reply = { request, decision: yes(request) };
  return collect(agent.send(outgoing({ messageId: "d-1", taskId, contextId, text: "", reply }), patient()));
}

/** The recorded conversation with every pause decided: the events of each leg. */
async function play(folder: string, name: string): Promise<readonly (readonly AgentEvent[])[]> {
  const recording = recordings.read(folder, name);
  const { url } = await serve(replaying(recording));
  const directory = directoryFor(url, {
    endpoint: { protocol: recording.protocol },
    limits: { silenceMs: 60_000 },
  });
  const agent = directory.agent(agentRef);
  const legs: (readonly AgentEvent[])[] = [
    await collect(agent.send(outgoing({ contextId: "ctx" }), patient())),
  ];
  for (let request = waitsFor(legs[0] ?? []); request; request = waitsFor(legs.at(-1) ?? []))
    legs.push(await decide(agent, request));
  return legs;
}

const cases = [
  "approve",
  "reject_reason",
  "batch_mixed",
  "ask_user",
  "mixed_batch",
  "nested_approve",
  "nested_ask",
];

const played = recordings
  .folders()
  .filter((folder) => !/python-(0.10.0|1.0.0a1)/.test(folder))
  .flatMap((folder) => {
    const names = recordings.names(folder);
    return cases.filter((name) => names.includes(name)).map((name) => [folder, name] as const);
  });

test.each(played)("%s: %s goes on after its decision", async (folder, name) => {
  const [asked, decided, ...more] = await play(folder, name);
  expect(waitsFor(asked ?? [])).toBeDefined();
  expect(decided?.at(-1)).toEqual({ kind: "over", outcome: "completed" });
  expect(answerText(turnOf(decided ?? []))).not.toBe("");
  expect(more).toEqual([]);
});

test.each(["go-0.10.0-rc3/stream", "python-0.10.4/stream", "python-1.0.0a1/stream", "go-main-a2a1/stream"])(
  "%s pauses twice in one task, for different things",
  async (folder) => {
    const legs = await play(folder, "twice");
    expect(legs.map((events) => events.at(-1)?.kind)).toEqual(["waiting", "waiting", "over"]);
    const asked = legs.flatMap((events) => waitsFor(events)?.items ?? []);
    expect(asked.map((item) => item.kind === "operation" && item.args)).toEqual([
      expect.stringContaining("alpha"),
      expect.stringContaining("beta"),
    ]);
  },
);

const nestedTwice = recordings
  .folders()
  .filter((folder) => recordings.names(folder).includes("nested_twice"));

test.each(nestedTwice.filter((folder) => !/1.0.0a1/.test(folder)))(
  "%s completes while its sub-agent waits again, and says so",
  async (folder) => {
    const legs = await play(folder, "nested_twice");
    const last = legs.at(-1) ?? [];
    const asked = waitsFor(legs[0] ?? [])?.items[0];
    expect(last.at(-1)).toEqual({ kind: "over", outcome: "completed" });
    const waiting = last.filter((event) => event.kind === "subagent-waiting");
    expect(waiting).toHaveLength(1);
    expect(waiting[0]?.subagent).toBe(asked?.via?.name);
    const contextId = waiting[0]?.contextId;
    if (contextId !== undefined) expect(contextId).toBe(asked?.via?.contextId);
  },
);

test.each(nestedTwice)("a task of %s that is read tells of waiting sub-agents only", (folder) => {
  const told = (name: string) => {
    const read = answersTo(recordings.read(folder, name), "tasks/get", "GetTask").at(-1);
    const envelope = readEnvelope(bodyOf(read));
    const task = envelope?.kind === "result" ? readTaskResult(envelope.value) : undefined;
    const reader = new RunReader(1e7);
    if (task) reader.task(task);
    return reader.take().filter(({ kind }) => kind === "subagent-waiting").length;
  };
  expect(told("nested_approve")).toBe(0);
  // 1.0.0a1 fails at the first decision, so that nothing waits.
  expect(told("nested_twice")).toBe(/1.0.0a1/.test(folder) ? 0 : 1);
});

test("every decision at Python 0.10.0 ends with the advice to upgrade", async () => {
  let decisions = 0;
  for (const name of recordings.names("python-0.10.0/stream")) {
    if (pausesOf(recordings.read("python-0.10.0/stream", name)).length === 0) continue;
    const legs = await play("python-0.10.0/stream", name);
    const error = { code: "decision-not-taken", message: expect.stringContaining("0.10.4 or later") };
    expect(legs.at(-1)?.at(-1), name).toMatchObject({ kind: "over", outcome: "failed", error });
    decisions += 1;
  }
  expect(decisions).toBeGreaterThan(5);
});

test.each(["nested_approve", "nested_ask", "nested_reject", "nested_batch", "nested_twice"])(
  "a decision that Python 1.0.0a1 does not hand on to its sub-agent is no success: %s",
  async (name) => {
    const last = (await play("python-1.0.0a1/stream", name)).at(-1) ?? [];
    const error = { code: "decision-not-taken", message: expect.stringContaining("went on without this") };
    expect(last.at(-1)).toMatchObject({ kind: "over", outcome: "failed", error });
  },
);

/** A port that reads one recorded body, or fails so, beside a store with no tasks, or one that fails. */
function portWith(read: string | CallError, store: "empty" | "broken" = "empty"): TaskPort {
  const never = () => Promise.reject(new Error("not asked for"));
  return {
    send: never,
    subscribe: never,
    cancel: never,
    withoutEcho: (text) => text,
    hasStore: true,
    async get() {
      const envelope = typeof read === "string" ? readEnvelope(read) : undefined;
      const task = envelope?.kind === "result" ? readTaskResult(envelope.value) : undefined;
      if (!task) throw read;
      return task;
    },
    stored: () => (store === "empty" ? Promise.resolve([]) : Promise.reject(new CallError({ kind: "cut" }))),
  };
}

test("a look at a waiting task finds the request that its stream told", async () => {
  let looked = 0;
  for (const folder of recordings.folders()) {
    for (const name of recordings.names(folder)) {
      const recording = recordings.read(folder, name);
      const pauses = pausesOf(recording);
      for (const exchange of answersTo(recording, "tasks/get", "GetTask")) {
        const pause = pauses.find((one) => recording.exchanges[one.exchange] === exchange);
        if (!pause) continue;
        const look = await lookAt(portWith(bodyOf(exchange)), taskRef(pause.taskId), patient());
        expect(look, `${folder}/${name}`).toMatchObject({ state: "waiting" });
        expect("request" in look ? look.request : undefined).toEqual(pause.request);
        looked += 1;
      }
    }
  }
  expect(looked).toBeGreaterThan(60);
});

test("a task is gone only when its agent and the store both know nothing of it", async () => {
  const notFound = new CallError({ kind: "rpc", code: -32001, message: "Task not found" });
  const anything = new CallError({ kind: "rpc", code: -32603, message: "failed to decode response" });
  const look = (port: TaskPort) => lookAt(port, taskRef("t-1"), patient());
  expect(await look(portWith(notFound))).toEqual({ state: "gone" });
  expect(await look(portWith(notFound, "broken"))).toHaveProperty("failure");
  expect(await look(portWith(anything))).toHaveProperty("failure");
});
