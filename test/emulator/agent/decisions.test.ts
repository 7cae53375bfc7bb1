import { afterEach, describe, expect, test } from "vitest";
import type { Kagent } from "../../../emulator/agent/kagent.ts";
import { pause, type Script, say } from "../../../emulator/agent/script.ts";
import { askUser, operation } from "../../../emulator/agent/tool-call.ts";
import { type DialectName, decision, dialects, extension, pausing, uniformReply } from "./replying.ts";

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
const released = names.filter((name) => dialects[name].speaks === "0.3");
const newer = names.filter((name) => dialects[name].speaks === "1.0");
const dids = (kagent: Kagent) => kagent.decisions.map(({ did }) => did);
const tools = (kagent: Kagent) => kagent.toolRuns.map(({ tool }) => tool);

describe("two decisions at once", () => {
  const slow: Script = function* () {
    const reply = yield pause("", operation("k8s_scale", {}, { output: "scaled", ms: 60_000 }));
    yield say(`So: ${reply?.decided?.[0]?.result}`);
  };
  const both = async (name: DialectName, times: readonly boolean[]) => {
    const stage = await pausingNow(name, slow, { options: { speed: 200 } });
    const paused = await stage.ask();
    const answers = await Promise.all(
      times.map((approved) => stage.reply(uniformReply(name, paused, stage.task(), approved))),
    );
    return { ...stage, answers };
  };

  test("run the tool twice on Python 0.3, and the second stream has no end", async () => {
    const { kagent, answers } = await both("python 0.3", [true, true]);
    await kagent.until(() => tools(kagent).length === 2);
    expect(dids(kagent)).toEqual(["approved", "double"]);
    expect(answers.filter(({ text }) => text.includes('"state":"completed"'))).toHaveLength(1);
  });

  test("both take effect on Python 0.3 when they differ", async () => {
    const { kagent, answers } = await both("python 0.3", [true, false]);
    expect([dids(kagent), tools(kagent)]).toEqual([["approved", "double"], ["k8s_scale"]]);
    expect(answers.map(({ text }) => text).join()).toContain("Reason: no");
  });

  test("are refused but one on Go, and all after the end", async () => {
    const { kagent, answers, reply, task } = await both("go 0.3", [true, false]);
    expect([dids(kagent), tools(kagent)]).toEqual([["approved", "refused"], ["k8s_scale"]]);
    expect(answers[1]?.events).toMatchObject([{ error: { code: -32603 } }]);
    const late = await reply(decision(task(), { decision_type: "approve" }));
    expect(late.events).toMatchObject([{ error: { code: -32603 } }]);
    expect(dids(kagent).at(-1)).toBe("refused");
  });

  test("are refused but one on Go's 1.0 line", async () => {
    const { kagent, answers } = await both("go 1.0", [true, true]);
    expect(answers[1]?.events).toMatchObject([
      { error: { code: -32603, message: "task execution is already in progress" } },
    ]);
    expect(tools(kagent)).toEqual(["k8s_scale"]);
  });

  test("run the tool once on Python's 1.0 line, and both streams see the end", async () => {
    const { kagent, answers } = await both("python 1.0", [true, true]);
    expect(tools(kagent)).toEqual(["k8s_scale"]);
    expect(answers.filter(({ text }) => text.includes("TASK_STATE_COMPLETED"))).toHaveLength(2);
  });
});

describe.each(released)("what else comes to a pause of %s", (name) => {
  const burning = {
    "free text": { data: {}, headers: {} },
    "an unknown decision": { data: { decision_type: "yes" }, headers: {} },
    "a decision of somebody else": { data: { decision_type: "approve" }, headers: { "x-user-id": "ben" } },
  };

  test.each(Object.entries(burning))("%s: the pause is lost", async (_, { data, headers }) => {
    const { kagent, ask, reply, look, task } = await pausingNow(name);
    await ask();
    await reply(decision(task(), data), headers);
    expect((await look(task().taskId)).status.state).toBe("completed");
    expect([dids(kagent), tools(kagent)]).toEqual([["burned"], []]);
    const late = await reply(decision(task(), { decision_type: "approve" }));
    expect(late.events).toMatchObject([{ error: {} }]);
    expect(tools(kagent)).toEqual([]);
  });

  test("a decision without a context: the pause is lost on Python only", async () => {
    const { kagent, ask, reply, task } = await pausingNow(name);
    await ask();
    const { taskId } = task();
    await reply(decision({ taskId }, { decision_type: "approve" }));
    expect(dids(kagent)).toEqual([name === "python 0.3" ? "burned" : "approved"]);
  });

  test("a decision with another context: the pause stays", async () => {
    const { kagent, ask, reply, look, task } = await pausingNow(name);
    await ask();
    const { taskId } = task();
    const refused = await reply(decision({ taskId, contextId: "c-2" }, { decision_type: "approve" }));
    expect(refused.events).toMatchObject([{ error: {} }]);
    expect((await look(taskId)).status.state).toBe("input-required");
    expect(dids(kagent)).toEqual(["refused"]);
  });

  test("a decision with a wrong key, or with answers: everything is approved", async () => {
    const batch = { decision_type: "batch", decisions: { "adk-1": "reject" } };
    for (const data of [batch, { decision_type: "reject", ask_user_answers: [] }]) {
      const { kagent, ask, reply, task } = await pausingNow(name);
      await ask();
      await reply(decision(task(), data));
      expect(tools(kagent)).toEqual(["k8s_scale"]);
    }
  });

  test("a cancel: it ends the task on Go, and not on Python", async () => {
    const { ask, cancel, look, task } = await pausingNow(name);
    await ask();
    const answer = JSON.parse((await cancel(task().taskId)).text);
    const { state } = (await look(task().taskId)).status;
    if (name === "go 0.3") expect([answer.result.status.state, state]).toEqual(["canceled", "canceled"]);
    else expect([answer.error.code, state]).toEqual([-32603, "input-required"]);
  });
});

describe.each(newer)("a reply that is not exactly right to %s", (name) => {
  test("fails the task for good where an id is wrong or missing", async () => {
    const { kagent, ask, reply, look, task } = await pausingNow(name);
    await ask();
    const approvals = [{ id: "call_1", approved: true }];
    await reply(extension(task(), { type: "tool_approval_response", approvals }));
    expect((await look(task().taskId)).status.state).toBe("TASK_STATE_FAILED");
    expect([dids(kagent), tools(kagent)]).toEqual([["failed"], []]);
  });

  test("is words where the header is missing", async () => {
    const { kagent, ask, reply, look, task } = await pausingNow(name);
    const paused = await ask();
    await reply(uniformReply(name, paused, task(), true), { "a2a-extensions": "" });
    const lost = name === "go 1.0" ? "TASK_STATE_COMPLETED" : "TASK_STATE_INPUT_REQUIRED";
    expect((await look(task().taskId)).status.state).toBe(lost);
    const late = await reply(uniformReply(name, paused, task(), true));
    expect(late.text).toMatch(/TASK_STATE_FAILED|terminal state/);
    expect([dids(kagent)[0], tools(kagent)]).toEqual(["burned", []]);
  });

  test("declines no question", async () => {
    const asking: Script = function* () {
      yield pause("", askUser([{ question: "Which?" }]));
    };
    const { ask, reply, look, task } = await pausingNow(name, asking);
    const paused = await ask();
    await reply(uniformReply(name, paused, task(), false));
    expect((await look(task().taskId)).status.state).toBe("TASK_STATE_FAILED");
  });
});

test("Python 0.10.0 carries out no decision at all", async () => {
  const { kagent, ask, reply, task } = await pausingNow("python 0.3", undefined, {
    agent: { release: "0.10.0" },
  });
  await ask();
  const answer = await reply(decision(task(), { decision_type: "approve" }));
  expect(answer.text).toContain("Tool 'k8s_scale' does not require confirmation.");
  expect([dids(kagent), tools(kagent)]).toEqual([["failed"], []]);
});
