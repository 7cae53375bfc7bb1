import { afterEach, describe, expect, test } from "vitest";
import { exactNumber, writeJson } from "../../../emulator/agent/json.ts";
import { type Kagent, startKagent } from "../../../emulator/agent/kagent.ts";
import { createRecordings } from "../../../emulator/agent/recordings.ts";
import { pause, type Script, say } from "../../../emulator/agent/script.ts";
import { askUser, operation } from "../../../emulator/agent/tool-call.ts";
import { call, get, prompt } from "./raw-client.ts";
import { decision, pausing } from "./replying.ts";

const recordings = createRecordings();
const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

describe("a recorded pause", () => {
  async function recorded(name: string) {
    const recording = recordings.read("controller-0.9.12-go", name);
    const agent = { name: "k8s-agent", description: "replays", answer: () => recording };
    const kagent = await startKagent({ speed: 0, agents: [agent] });
    started.push(kagent);
    const { url } = kagent.agent("k8s-agent");
    const paused = await call(url, { method: "message/stream", params: prompt("scale please", "c-1") });
    const callId = /"originalFunctionCall":\{[^}]*\},"id":"(call_\w+)"/.exec(paused.text)?.[1] ?? "";
    const ids = { taskId: kagent.runs()[0]?.taskId ?? "", contextId: "c-1" };
    const reply = (data: object, headers = {}) =>
      call(url, { method: "message/stream", params: { message: decision(ids, data) }, headers });
    return { kagent, callId, reply };
  }

  test("goes on as recorded after the same decision in another form", async () => {
    const { kagent, callId, reply } = await recorded("approve");
    const answer = await reply({ decision_type: "batch", decisions: { [callId]: "approve" } });
    expect(answer.text).toContain("scaled alpha to 4 replicas");
    expect(kagent.runs()[0]?.task.state()).toBe("completed");
    expect(kagent.decisions.map(({ did }) => did)).toEqual(["approved"]);
    expect(kagent.toolRuns).toMatchObject([{ tool: "scale_thing", callId, args: { replicas: 4 } }]);
  });

  test("goes on otherwise after another decision", async () => {
    const { kagent, callId, reply } = await recorded("approve");
    const answer = await reply({
      decision_type: "batch",
      decisions: { [callId]: "reject" },
      rejection_reasons: { [callId]: "not now" },
    });
    expect(answer.text).toContain("Reason: not now");
    expect(kagent.runs()[0]?.task.state()).toBe("completed");
    expect(kagent.toolRuns).toEqual([]);
  });

  test("is lost by what is no decision", async () => {
    const { kagent, reply } = await recorded("approve");
    await reply({ decision_type: "yes" });
    expect(kagent.decisions.map(({ did }) => did)).toEqual(["burned"]);
    expect([kagent.runs()[0]?.task.state(), kagent.toolRuns]).toEqual(["completed", []]);
  });

  test("can be decided elsewhere", async () => {
    const { kagent } = await recorded("approve");
    const { taskId = "" } = kagent.runs()[0] ?? {};
    kagent.agent("k8s-agent").decideElsewhere(taskId, { approved: true });
    await kagent.until(() => kagent.runs()[0]?.task.state() === "completed");
    expect(kagent.toolRuns).toMatchObject([{ tool: "scale_thing" }]);
  });
});

describe("a scripted pause", () => {
  const mixed: Script = function* () {
    const calls = [
      askUser([{ question: "Which?" }]),
      operation("a", {}, { output: "ran a" }),
      operation("b", {}, { error: "b is broken" }),
    ];
    const reply = yield pause("", calls);
    yield say(`So: ${reply?.decided?.map(({ approved, result }) => `${approved} ${result}`).join("; ")}`);
  };

  test("tells the script what became of each call", async () => {
    const { kagent, ask, reply, task } = await pausing("go 0.3", mixed);
    started.push(kagent);
    await ask();
    const answer = await reply(
      decision(task(), { decision_type: "approve", ask_user_answers: [{ answer: ["x"] }] }),
    );
    const said = 'So: true [{"answer":["x"],"question":"Which?"}]; true ran a; true b is broken';
    expect(answer.text).toContain(JSON.stringify(said).slice(1, -1));
    expect(kagent.toolRuns.map(({ tool }) => tool)).toEqual(["a", "b"]);
    expect(kagent.decisions.map(({ did }) => did)).toEqual(["answered"]);
  });

  test("stands in the REST list of the session", async () => {
    const { kagent, ask } = await pausing("python 0.3", mixed);
    started.push(kagent);
    await ask();
    const { text } = await get(`${kagent.url}/api/sessions/c-1/tasks`, { "x-user-id": "ana" });
    const [task] = JSON.parse(text).data;
    expect(task.status.state).toBe("input-required");
    expect(task.status.message.parts).toHaveLength(3);
  });

  test("keeps numbers as they are given, beyond what a double holds", async () => {
    const args = { size: exactNumber("9007199254740993"), share: exactNumber("4.0") };
    const { kagent, ask, look, task } = await pausing("go 0.3", function* () {
      yield pause("", operation("resize", args));
    });
    started.push(kagent);
    expect((await ask()).text).toContain('"args":{"size":9007199254740993,"share":4.0}');
    expect((await look(task().taskId)).status.state).toBe("input-required");
    expect(writeJson({ text: "9", number: exactNumber("-1.5e3") })).toBe('{"text":"9","number":-1.5e3}');
  });
});
