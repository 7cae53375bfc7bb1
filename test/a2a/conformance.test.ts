import { TaskState } from "@a2a-js/sdk";
import { expect, test } from "vitest";
import type { AgentEvent } from "../../src/conversation/agent.ts";
import { agentRef, collect, directoryFor, outgoing, patient, taskRef } from "./support/asking.ts";
import { type Behaviour, startSdkAgent, type Wire } from "./support/sdk-agent.ts";
import { answerText, turnOf } from "./support/transcript.ts";

const wires: readonly Wire[] = ["0.3", "1.0"];

async function start(wire: Wire, behave: Behaviour) {
  const server = await startSdkAgent(wire, behave);
  const directory = directoryFor(server.url, { endpoint: { agentUrl: server.url, protocol: "auto" } });
  return { ...server, agent: directory.agent(agentRef) };
}

const answering: Behaviour = async (run) => {
  run.status(TaskState.TASK_STATE_WORKING, "Looking.");
  run.artifact("a", "Hello ");
  run.artifact("a", "world", { append: true, lastChunk: true });
  run.status(TaskState.TASK_STATE_COMPLETED);
};

test.each(wires)("a streamed answer of the official %s server is shown once", async (wire) => {
  const { agent, prompts } = await start(wire, answering);
  const turn = turnOf(await collect(agent.send(outgoing({ text: "why?" }), patient())));
  expect(prompts).toEqual(["why?"]);
  expect(turn.state).toBe("completed");
  expect(answerText(turn)).toBe("Looking.\n\nHello world");
});

test.each(wires)("an answer that the official %s server gives with the end is shown once", async (wire) => {
  const { agent } = await start(wire, async (run) => {
    run.artifact("a", "Hello world", { lastChunk: true });
    run.status(TaskState.TASK_STATE_COMPLETED, "Hello world");
  });
  const turn = turnOf(await collect(agent.send(outgoing(), patient())));
  expect(answerText(turn)).toBe("Hello world");
});

test.each(wires)("files reach the official %s server", async (wire) => {
  let files = 0;
  const { agent } = await start(wire, async (run) => {
    files = run.files;
    run.status(TaskState.TASK_STATE_COMPLETED);
  });
  const image = { name: "a.png", mediaType: "image/png", bytes: Buffer.from("png") };
  await collect(agent.send(outgoing({ files: [image] }), patient()));
  expect(files).toBe(1);
});

test.each(wires)("a question of the official %s server is waited for", async (wire) => {
  const { agent } = await start(wire, async (run) =>
    run.status(TaskState.TASK_STATE_INPUT_REQUIRED, "Which one?"),
  );
  const events = await collect(agent.send(outgoing(), patient()));
  expect(events.at(-1)).toEqual({ kind: "waiting", text: "Which one?" });
});

test.each(wires)("failures of the official %s server keep what was written", async (wire) => {
  const { agent } = await start(wire, async (run) => {
    run.artifact("a", "Half an ");
    run.status(TaskState.TASK_STATE_FAILED, "The model is gone");
  });
  const events = await collect(agent.send(outgoing(), patient()));
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "failed", text: "The model is gone" });
  expect(answerText(turnOf(events))).toBe("Half an ");
});

test.each(wires)("a connection to the official %s server that breaks is taken up again", async (wire) => {
  let goOn = (): void => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { agent, drop, prompts } = await start(wire, async (run) => {
    run.status(TaskState.TASK_STATE_WORKING);
    run.artifact("a", "Hello ");
    await gate;
    run.artifact("a", "world", { append: true, lastChunk: true });
    run.status(TaskState.TASK_STATE_COMPLETED);
  });
  const events: AgentEvent[] = [];
  for await (const event of agent.send(outgoing(), patient())) {
    events.push(event);
    if (event.kind === "text" && events.filter(({ kind }) => kind === "text").length === 1) drop();
    if (event.kind === "connection" && !event.connected) goOn();
  }
  expect(prompts).toHaveLength(1);
  expect(turnOf(events).state).toBe("completed");
  expect(answerText(turnOf(events))).toBe("Hello world");
});

test.each(wires)("a run at the official %s server is canceled", async (wire) => {
  const { agent } = await start(wire, async (run) => {
    run.status(TaskState.TASK_STATE_WORKING);
    await run.canceled;
    run.status(TaskState.TASK_STATE_CANCELED);
  });
  const events: AgentEvent[] = [];
  let outcome: Promise<string> | undefined;
  for await (const event of agent.send(outgoing(), patient())) {
    events.push(event);
    if (event.kind === "task")
      outcome = agent.cancel({ ...taskRef(event.taskId), contextId: event.contextId });
  }
  expect(await outcome).toBe("canceled");
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "canceled" });
});

test.each(wires)(
  "a finished run of the official %s server is told again to whoever follows it",
  async (wire) => {
    const { agent } = await start(wire, answering);
    const first = turnOf(await collect(agent.send(outgoing(), patient())));
    const again = turnOf(await collect(agent.follow(taskRef(first.taskId ?? ""), patient())));
    expect(again.state).toBe("completed");
    expect(answerText(again)).toContain("Hello world");
  },
);
