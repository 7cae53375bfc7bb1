import { afterEach, describe, expect, test } from "vitest";
import type { Kagent } from "../../../emulator/agent/kagent.ts";
import { pause, type Script, say } from "../../../emulator/agent/script.ts";
import { operation } from "../../../emulator/agent/tool-call.ts";
import { type DialectName, pausing, uniformReply } from "./replying.ts";

const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

const pausingNow: typeof pausing = async (...given) => {
  const stage = await pausing(...given);
  started.push(stage.kagent);
  return stage;
};

const names: readonly DialectName[] = ["python 0.3", "go 0.3", "python 1.0", "go 1.0"];
const dids = (kagent: Kagent) => kagent.decisions.map(({ did }) => did);
const tools = (kagent: Kagent) => kagent.toolRuns.map(({ tool }) => tool);

describe.each(names)("a pause of %s", (name) => {
  test("is in the task until it is decided, and the tool runs once", async () => {
    const { kagent, k8s, ask, reply, look, task } = await pausingNow(name);
    const paused = await ask();
    const ids = task();
    expect((await look(ids.taskId)).status).toMatchObject({
      state: expect.stringMatching(/input.required/i),
      message: Object(paused.events.at(-1)).result.status?.message ?? expect.anything(),
    });
    expect(kagent.toolRuns).toEqual([]);
    const answer = await reply(uniformReply(name, paused, ids, true));
    expect(answer.text).toContain("So: scaled");
    expect(k8s.toolRuns).toMatchObject([
      { agent: "kagent/k8s-agent", taskId: ids.taskId, tool: "k8s_scale", args: { replicas: 4 } },
    ]);
    expect(k8s.decisions).toMatchObject([
      { taskId: ids.taskId, did: "approved", from: "client", userId: "ana", at: expect.any(Number) },
    ]);
    expect(k8s.decisions[0]?.body).toContain("m-reply");
  });

  test("that is rejected runs nothing and tells the reason", async () => {
    const { kagent, ask, reply, task } = await pausingNow(name);
    const paused = await ask();
    const answer = await reply(uniformReply(name, paused, task(), false));
    expect(answer.text).toContain("Tool call was rejected by user. Reason: no");
    expect([dids(kagent), tools(kagent)]).toEqual([["rejected"], []]);
  });

  test("survives restarts of controller and agent, and time away", async () => {
    const { kagent, k8s, ask, reply, look, task } = await pausingNow(name);
    const paused = await ask();
    await kagent.restart();
    k8s.kill();
    k8s.down();
    const yes = uniformReply(name, paused, task(), true);
    expect((await reply(yes)).text).toContain("connection refused");
    expect(k8s.decisions).toEqual([]);
    k8s.up();
    expect((await look(task().taskId)).status.state).toMatch(/input.required/i);
    expect((await reply(yes)).text).toContain("So: scaled");
    expect([dids(kagent), tools(kagent)]).toEqual([["approved"], ["k8s_scale"]]);
  });

  test("can be followed by another one of the same task", async () => {
    const twice: Script = function* () {
      yield pause("", operation("one", {}));
      const reply = yield pause("", operation("two", {}));
      yield say(`done ${reply?.decided?.[0]?.approved}`);
    };
    const { kagent, ask, reply, task } = await pausingNow(name, twice);
    const first = await ask();
    const second = await reply(uniformReply(name, first, task(), true));
    expect(second.text).toMatch(/input.required/i);
    expect((await reply(uniformReply(name, second, task(), false))).text).toContain("done false");
    expect([dids(kagent), tools(kagent)]).toEqual([["approved", "rejected"], ["one"]]);
  });

  test("can be answered elsewhere, once", async () => {
    const { kagent, k8s, ask, look, task } = await pausingNow(name);
    await ask();
    k8s.decideElsewhere(task().taskId, { approved: false, reason: "not now" });
    await kagent.until(() => kagent.runs()[0]?.task.state() === "completed");
    expect(await look(task().taskId)).toMatchObject({
      status: { state: expect.stringMatching(/completed/i) },
    });
    expect(JSON.stringify(await look(task().taskId))).toContain("Reason: not now");
    expect(k8s.decisions).toMatchObject([{ from: "elsewhere", did: "rejected", body: "" }]);
    expect(() => k8s.decideElsewhere(task().taskId, { approved: true })).toThrow("waits for nothing");
  });

  test("that is lost elsewhere runs nothing", async () => {
    const { kagent, k8s, ask, task } = await pausingNow(name);
    await ask();
    k8s.decideElsewhere(task().taskId, { words: "never mind" });
    await kagent.until(() => kagent.runs()[0]?.task.state() === "completed");
    expect([dids(kagent), tools(kagent)]).toEqual([["burned"], []]);
  });

  test("shows what happens to a reply that breaks", async () => {
    const { kagent, k8s, ask, reply, task } = await pausingNow(name);
    const paused = await ask();
    const yes = uniformReply(name, paused, task(), true);
    k8s.fault({ fault: "reset" }, { on: "reply" });
    await expect(reply(yes)).rejects.toThrow();
    expect([dids(kagent), tools(kagent)]).toEqual([[], []]);
    k8s.fault({ fault: "reset", runs: true }, { on: "reply" });
    await expect(reply(yes)).rejects.toThrow();
    await kagent.until(() => kagent.runs()[0]?.task.state() === "completed");
    expect([dids(kagent), tools(kagent)]).toEqual([["approved"], ["k8s_scale"]]);
  });

  test("goes on although the stream of the reply is cut, or the look at the task fails", async () => {
    const { kagent, k8s, ask, reply, look, task } = await pausingNow(name);
    const paused = await ask();
    k8s.fault({ fault: "status", status: 503, text: "{}" }, { on: "get" });
    expect(await look(task().taskId)).toBeUndefined();
    k8s.fault({ fault: "cut", afterEvents: 1 }, { on: "reply" });
    const answer = await reply(uniformReply(name, paused, task(), true));
    expect([answer.events.length, answer.broken === undefined]).toEqual([1, false]);
    await kagent.until(() => kagent.runs()[0]?.task.state() === "completed");
    expect([dids(kagent), tools(kagent)]).toEqual([["approved"], ["k8s_scale"]]);
  });

  test("has faults of its own, which no prompt takes", async () => {
    const { k8s, ask, reply, task } = await pausingNow(name);
    k8s.fault({ fault: "empty" }, { on: "reply" });
    const paused = await ask();
    expect(paused.text).not.toBe("");
    expect((await reply(uniformReply(name, paused, task(), true))).text).toBe("");
  });
});
