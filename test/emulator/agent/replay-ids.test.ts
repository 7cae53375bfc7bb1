import { afterEach, describe, expect, test } from "vitest";
import { type Kagent, startKagent } from "../../../emulator/agent/kagent.ts";
import { createRecordings, type Recording } from "../../../emulator/agent/recordings.ts";
import { call, prompt, promptV10, recordedText } from "./raw-client.ts";

const recordings = createRecordings();
const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

async function replaying(recording: Recording, speed = 0) {
  const agent = { name: "istio-agent", description: "replays", answer: () => recording, speed };
  const kagent = await startKagent({ agents: [agent] });
  started.push(kagent);
  const { url } = kagent.agent("istio-agent");
  const ask = (text: string, contextId: string) =>
    call(url, { method: "message/stream", params: prompt(text, contextId), id: 41 });
  return { kagent, url, ask };
}

const plain = recordings.read("controller-0.9.12-go", "plain");
const slow = recordings.read("controller-0.9.12-go", "cancel_slow");

describe("a replay", () => {
  test("takes on the ids, the user, the text and the agent of the request", async () => {
    const { ask } = await replaying(plain);
    const { text, events } = await ask('Why "so"?', "discord:1:2");
    expect(events).toHaveLength(69);
    expect(events[0]).toMatchObject({
      id: 41,
      result: {
        contextId: "discord:1:2",
        status: { message: { messageId: "m-discord:1:2-9", parts: [{ text: 'Why "so"?' }] } },
      },
    });
    expect(text).toContain('"adk_user_id":"ana"');
    expect(text).toContain("kagent__NS__istio_agent");
    const recorded = recordedText(plain.exchanges[0]);
    const ids = new Set(recorded.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g));
    expect([...ids].filter((id) => text.includes(id))).toEqual([]);
    expect(text).not.toMatch(/ctx-plain|plain please|guild-1|k8s_agent/);
  });

  test("can run beside another one of the same recording", async () => {
    const { ask, kagent } = await replaying(plain);
    const [one, two] = await Promise.all([ask("a", "c-1"), ask("b", "c-2")]);
    const taskIds = kagent.runs().map((run) => run.taskId);
    expect(new Set(taskIds).size).toBe(2);
    expect([one.text, two.text].map((text) => taskIds.filter((id) => text.includes(id)).length)).toEqual([
      1, 1,
    ]);
  });

  test("keeps the borders of the recorded chunks, and their times divided by the speed", async () => {
    const { url } = await replaying(plain, 4);
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "message/stream",
      params: prompt("why?", "c-1"),
    });
    const before = performance.now();
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    const pieces: string[] = [];
    if (!response.body) throw new Error("no body");
    for await (const piece of response.body) pieces.push(Buffer.from(piece).toString());
    const took = performance.now() - before;
    expect(took).toBeGreaterThan((plain.exchanges[0]?.response?.endMs ?? 0) / 4 - 30);
    // A busy machine may read several at once, but never a part of one.
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.every((piece) => piece.startsWith("id: ") && piece.endsWith("\n\n"))).toBe(true);
  });

  test("goes on when its client leaves, and can be followed by another stream", async () => {
    const { url, kagent } = await replaying(plain, 3);
    await call(url, { method: "message/stream", params: prompt("why?", "c-1"), leaveAfter: /"Here "/ });
    const [run] = kagent.runs();
    const seen = await call(url, { method: "tasks/resubscribe", params: { id: run?.taskId } });
    expect(seen.text).toContain('"completed"');
    expect(seen.text).not.toContain('"submitted"');
    expect(run?.task.answer()).toMatch(/^Here is what I found/);
  });

  test("waits for the cancel that ended the recorded stream", async () => {
    const { url, kagent, ask } = await replaying(slow);
    const running = ask("count", "c-1");
    const run = await kagent.until(() =>
      kagent.runs().find((one) => one.task.toJson({ withPartials: true }).metadata),
    );
    const canceled = await call(url, { method: "tasks/cancel", params: { id: run.taskId } });
    expect(JSON.parse(canceled.text).result).toMatchObject({ id: run.taskId, status: { state: "canceled" } });
    expect((await running).events.at(-1)).toMatchObject({
      result: { final: true, status: { state: "canceled" } },
    });
    const read = await call(url, { method: "tasks/get", params: { id: run.taskId } });
    expect(JSON.parse(read.text).result.status.state).toBe("canceled");
  });

  test("of 0.3 is told in 1.0 to a client that asks for it", async () => {
    const { url } = await replaying(plain);
    const params = promptV10("why?", "c-1");
    const seen = await call(url, {
      method: "SendStreamingMessage",
      params,
      headers: { "a2a-version": "1.0" },
    });
    expect(seen.events).toHaveLength(69);
    expect(seen.events.at(-1)).toMatchObject({
      result: { statusUpdate: { status: { state: "TASK_STATE_COMPLETED" } } },
    });
  });

  test("starts again with a new prompt in the same context, and follows the recording where it goes on", async () => {
    const memory = recordings.read("controller-0.9.12-python", "memory");
    const { ask, kagent } = await replaying(memory);
    await ask("one", "c-1");
    await ask("two", "c-1");
    await ask("three", "c-1");
    const answers = kagent.runs().map((run) => run.task.answer().slice(0, 12));
    expect(answers).toEqual(["Here is what", "Your previou", "Here is what"]);
  });
});
