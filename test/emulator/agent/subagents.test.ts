import { afterEach, describe, expect, test } from "vitest";
import type { Kagent } from "../../../emulator/agent/kagent.ts";
import { delegate, pause, type Script, say } from "../../../emulator/agent/script.ts";
import { askUser, operation } from "../../../emulator/agent/tool-call.ts";
import { type DialectName, decision, extension, pausing, uniformReply } from "./replying.ts";

const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

const pausingNow: typeof pausing = async (...given) => {
  const stage = await pausing(...given);
  started.push(stage.kagent);
  return stage;
};

describe("a sub-agent that waits", () => {
  const parent: Script = function* () {
    const reply = yield delegate("helm-agent", "upgrade it");
    yield say(`helm: ${reply?.decided?.[0]?.result}`);
  };
  const child: Script = function* () {
    const reply = yield pause("", operation("helm_upgrade", { name: "shop" }, { output: "upgraded" }));
    yield say(`child: ${reply?.decided?.[0]?.result}`);
  };
  const twice: Script = function* () {
    yield pause("", operation("helm_upgrade", {}));
    yield pause("", operation("helm_uninstall", {}));
  };
  const nested = async (name: DialectName, inner = child) => {
    const stage = await pausingNow(name, parent, { others: [{ name: "helm-agent", answer: inner }] });
    const paused = await stage.ask("upgrade");
    const run = stage.kagent.runs().find((one) => one.agent === "helm-agent");
    const ids = { taskId: run?.taskId ?? "", contextId: run?.contextId ?? "" };
    return { ...stage, paused, child: ids, helm: stage.kagent.agent("helm-agent") };
  };

  test.each(["python 0.3", "go 0.3", "go 1.0"] as const)("runs once when %s passes it on", async (name) => {
    const { kagent, helm, paused, child, reply, task } = await nested(name);
    expect(paused.text).toContain(child.taskId);
    const answer = await reply(uniformReply(name, paused, task(), true));
    expect(answer.text).toContain("helm: child: upgraded");
    expect(helm.toolRuns).toMatchObject([{ taskId: child.taskId, tool: "helm_upgrade" }]);
    expect(kagent.decisions.map(({ agent, from }) => [agent, from])).toEqual([
      ["kagent/k8s-agent", "client"],
      ["kagent/helm-agent", "parent"],
    ]);
  });

  test("hears a rejection with its reason on Python 0.3", async () => {
    const { helm, paused, reply, task } = await nested("python 0.3");
    const answer = await reply(uniformReply("python 0.3", paused, task(), false));
    expect(answer.text).toContain("child: Tool call was rejected by user. Reason: no");
    expect(helm.toolRuns).toEqual([]);
  });

  test.each(["go 0.3", "go 1.0"] as const)(
    "hears no rejection on %s, waits on, and can be answered at its own address",
    async (name) => {
      const { helm, paused, child, reply, look, task } = await nested(name);
      const answer = await reply(uniformReply(name, paused, task(), false));
      expect(answer.text).toContain("is rejected");
      expect(answer.text).not.toContain("Reason: no");
      expect((await look(child.taskId, helm.url)).status.state).toMatch(/input.required/i);
      const [inner] = JSON.stringify(await look(child.taskId, helm.url)).match(/adk-[0-9a-f-]{36}/) ?? [];
      const approvals = [{ id: inner, approved: false, rejection_reason: "no" }];
      const no =
        name === "go 0.3"
          ? decision(child, { decision_type: "reject", rejection_reason: "no" })
          : extension(child, { type: "tool_approval_response", approvals });
      expect((await reply(no, {}, helm.url)).text).toContain("Reason: no");
      expect(helm.decisions).toMatchObject([{ from: "client", did: "rejected" }]);
      expect(helm.toolRuns).toEqual([]);
    },
  );

  test.each(["python 0.3", "go 0.3", "go 1.0"] as const)("waits a second time unseen on %s", async (name) => {
    const { helm, paused, child, reply, look, task } = await nested(name, twice);
    const answer = await reply(uniformReply(name, paused, task(), true));
    expect(answer.text).toContain('"waiting_for":"subagent_approval"');
    expect(answer.text).toMatch(/completed/i);
    const waits = JSON.stringify((await look(child.taskId, helm.url)).status);
    expect(waits).toContain("helm_uninstall");
    expect(helm.toolRuns.map(({ tool }) => tool)).toEqual(["helm_upgrade"]);
  });

  test("gets no decision at all through Python's first 1.0 release", async () => {
    const { helm, paused, child, reply, look, task } = await nested("python 1.0");
    const answer = await reply(uniformReply("python 1.0", paused, task(), true));
    expect(answer.text).toContain("resume failed: Validation failed");
    expect((await look(child.taskId, helm.url)).status.state).toBe("TASK_STATE_INPUT_REQUIRED");
    expect([helm.decisions, helm.toolRuns]).toEqual([[], []]);
  });

  test.each([
    ["python 0.3", '"state":"failed"'],
    ["go 0.3", "helm: Remote agent"],
  ] as const)("that is away ends as %s has it", async (name, end) => {
    const stage = await pausingNow(name, parent, { others: [{ name: "helm-agent", answer: child }] });
    stage.kagent.agent("helm-agent").down();
    expect((await stage.ask("upgrade")).text).toContain(end);
  });

  test("can ask, and its context is one for each user on Go and each conversation on Python", async () => {
    const asking: Script = function* () {
      const reply = yield pause("", askUser([{ question: "Which?", choices: ["a", "b"] }]));
      yield say(`chosen ${JSON.stringify(reply?.decided?.[0]?.answers)}`);
    };
    for (const [name, contexts] of [
      ["go 0.3", 1],
      ["python 0.3", 2],
    ] as const) {
      const { kagent, ask, reply, task } = await nested(name, asking);
      await ask("upgrade", "c-2");
      const children = kagent.runs().filter(({ agent }) => agent === "helm-agent");
      expect(new Set(children.map(({ contextId }) => contextId)).size).toBe(contexts);
      const ask_user_answers = [{ answer: ["b"] }];
      const answer = await reply(decision(task(), { decision_type: "approve", ask_user_answers }));
      expect(answer.text).toContain('chosen [[\\"b\\"]]');
      expect(kagent.decisions.map(({ did }) => did)).toEqual(["answered", "answered"]);
    }
  });
});
