import { expect, onTestFinished, test } from "vitest";
import type { AgentDefinition } from "../../emulator/agent/agent.ts";
import { agentDied, threeMinuteCut } from "../../emulator/agent/fault.ts";
import { type Kagent, type KagentOptions, startKagent } from "../../emulator/agent/kagent.ts";
import { fail, pause, say, script, silence, think, tool, usage } from "../../emulator/agent/script.ts";
import type { A2ALimits } from "../../src/a2a/options.ts";
import type { Agent, AgentEvent } from "../../src/conversation/agent.ts";
import { agentRef, collect, directoryFor, outgoing, patient, taskRef } from "./support/asking.ts";
import { answerText, turnOf } from "./support/transcript.ts";

const prose = "The checkout pods restart, because their memory limit is too low for the morning's load.";

const answers: AgentDefinition["answer"] = ({ text }) => {
  if (text === "slow") return script(say(prose, { tokensPerSecond: 200 }));
  if (text === "silent") return script(say("One moment."), silence());
  if (text === "boom") return script(say("Let me see."), fail("Error code: 429 - rate limit"));
  if (text === "pause")
    return script(say("I will scale."), pause("May I?", { id: "c1", name: "scale_thing", args: {} }));
  return script(
    think("hmm"),
    say("Let me look."),
    tool("read_thing", { name: "checkout" }, { output: "restarts: 7" }),
    say(prose),
    usage(100, 20),
  );
};

interface Local {
  readonly kagent: Kagent;
  readonly agent: Agent;
}

async function start(
  definition: Partial<AgentDefinition> = {},
  options: Partial<KagentOptions> = {},
  limits: Partial<A2ALimits> = {},
): Promise<Local> {
  const common = { name: "k8s-agent", description: "Looks after things", answer: answers };
  const kagent = await startKagent({ agents: [{ ...common, ...definition }], ...options });
  onTestFinished(() => kagent.stop());
  const process = options.surface === "process" ? { agentUrl: kagent.url } : {};
  const directory = directoryFor(kagent.url, { endpoint: { protocol: "auto", ...process }, limits });
  return { kagent, agent: directory.agent(agentRef) };
}

/** Asks, and calls `meanwhile` when the first text is there. */
async function ask(
  { agent }: Local,
  text: string,
  meanwhile: (taskId: string) => void = () => {},
): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  let started = false;
  for await (const event of agent.send(outgoing({ text }), patient())) {
    events.push(event);
    if (event.kind !== "text" || started) continue;
    started = true;
    meanwhile(turnOf(events).taskId ?? "");
  }
  return events;
}

const kinds: readonly [string, Partial<AgentDefinition>, Partial<KagentOptions>][] = [
  ["Go agent", { runtime: "go" }, {}],
  ["Python agent", { runtime: "python" }, {}],
  ["Go agent that sends whole messages", { runtime: "go", stream: false }, {}],
  ["Python agent that sends whole messages", { runtime: "python", stream: false }, {}],
  ["Go process", { runtime: "go" }, { surface: "process" }],
  ["Python process", { runtime: "python" }, { surface: "process" }],
  ["Go process of 1.0", { runtime: "go", speaks: "1.0" }, { surface: "process" }],
  ["Python process of 1.0", { runtime: "python", speaks: "1.0" }, { surface: "process" }],
  ["agent of the main controller", { runtime: "go" }, { surface: "main" }],
];

test.each(kinds)("%s: an answer is read to the last character", async (_name, definition, options) => {
  const turn = turnOf(await ask(await start(definition, options), "why?"));
  expect(turn.state).toBe("completed");
  expect(answerText(turn)).toBe(`Let me look.\n\n${prose}`);
  expect(turn.output).toMatchObject([
    { text: "Let me look." },
    { call: { name: "read_thing", args: '{"name":"checkout"}' }, ok: true },
    { text: prose },
  ]);
});

test.each(kinds)(
  "%s: a stream that breaks gives the whole answer, from one run",
  async (_name, definition, options) => {
    const local = await start(definition, options);
    local.kagent.agent("k8s-agent").fault({ fault: "cut", afterEvents: 4, how: "destroy" });
    const turn = turnOf(await ask(local, "slow"));
    expect(turn.state).toBe("completed");
    expect(answerText(turn)).toBe(prose);
    expect(local.kagent.runs()).toHaveLength(1);
  },
);

// Agents that send whole messages have nothing to send of a turn that fails.
const streaming = kinds.filter(([, { stream }]) => stream !== false);

test.each(streaming)(
  "%s: a failure keeps its text and tells why apart",
  async (_name, definition, options) => {
    const events = await ask(await start(definition, options), "boom");
    expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "failed", error: { code: "agent-failed" } });
    expect(answerText(turnOf(events))).toBe("Let me see.");
  },
);

test.each(kinds)("%s: a pause for a person says for what", async (_name, definition, options) => {
  const last = (await ask(await start(definition, options), "pause")).at(-1);
  const request = { items: [{ kind: "operation", tool: "scale_thing", args: "{}" }] };
  const text = "The agent asks for approval to run `scale_thing`.";
  expect(last).toMatchObject({ kind: "waiting", text, request });
});

test.each([threeMinuteCut, agentDied])("the error event “%s” is not the end of a run", async (error) => {
  const local = await start();
  local.kagent.agent("k8s-agent").fault({ fault: "cut", afterEvents: 4, how: { error } });
  expect(answerText(turnOf(await ask(local, "slow")))).toBe(prose);
});

test("the first answer is lost on the way: the run is found and not started again", async () => {
  const local = await start();
  local.kagent.agent("k8s-agent").fault({ fault: "reset", runs: true });
  const turn = turnOf(await ask(local, "slow"));
  expect(answerText(turn)).toBe(prose);
  expect(local.kagent.runs()).toHaveLength(1);
});

test("a stream that falls silent is left when its task is over", async () => {
  const local = await start({}, {}, { idleMs: 10_000 });
  local.kagent.agent("k8s-agent").fault({ fault: "silence", afterEvents: 4 });
  expect(answerText(turnOf(await ask(local, "slow")))).toBe(prose);
});

test("a Python run survives a restart of the controller", async () => {
  const local = await start({ runtime: "python" });
  const turn = turnOf(await ask(local, "slow", () => void local.kagent.restart(50)));
  expect(turn.state).toBe("completed");
  expect(answerText(turn)).toBe(prose);
});

test("a Go run dies with the controller, is given up and canceled", async () => {
  const local = await start({ runtime: "go" }, {}, { silenceMs: 30_000 });
  const events = await ask(local, "slow", () => void local.kagent.restart(50));
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "lost", error: { code: "agent-lost" } });
  expect(prose.startsWith(answerText(turnOf(events)))).toBe(true);
});

test("an agent whose pod went and came back is given up soon", async () => {
  const local = await start({ runtime: "python" }, {}, { restartSilenceMs: 3_000 });
  const pod = local.kagent.agent("k8s-agent");
  const events = await ask(local, "slow", () => {
    pod.down();
    setTimeout(() => pod.up(), 30);
  });
  expect(events.at(-1)).toMatchObject({ kind: "over", outcome: "lost" });
});

test("stopping works where the runtime can, and says so where it cannot", async () => {
  const go = await start({ runtime: "go" });
  const outcomes: Promise<string>[] = [];
  const stop =
    ({ agent }: Local) =>
    (taskId: string) =>
      void outcomes.push(agent.cancel(taskRef(taskId)));
  expect((await ask(go, "silent", stop(go))).at(-1)).toEqual({ kind: "over", outcome: "canceled" });
  const python = await start({ runtime: "python" });
  expect(answerText(turnOf(await ask(python, "slow", stop(python))))).toBe(prose);
  expect(await Promise.all(outcomes)).toEqual(["canceled", "unsupported"]);
});

test("a run is followed to its end after a restart of ours", async () => {
  const local = await start({ runtime: "go" });
  const abort = new AbortController();
  let taskId = "";
  for await (const event of local.agent.send(outgoing({ text: "slow" }), abort.signal)) {
    if (event.kind === "task") taskId = event.taskId;
    if (event.kind === "text") abort.abort();
  }
  const turn = turnOf(await collect(local.agent.follow(taskRef(taskId), patient())));
  expect(turn.state).toBe("completed");
  expect(answerText(turn)).toBe(prose);
});

test("an agent without a pod is not ready, and nothing was started", async () => {
  const local = await start();
  local.kagent.agent("k8s-agent").down();
  await expect(ask(local, "why?")).rejects.toMatchObject({ code: "agent-not-ready" });
});

test("a refusal of zero bytes ends with a sentence", async () => {
  const local = await start({ runtime: "python" });
  local.kagent.agent("k8s-agent").fault({ fault: "empty" });
  expect((await ask(local, "why?")).at(-1)).toMatchObject({
    outcome: "failed",
    error: { code: "agent-refused" },
  });
});

test("a token is needed where the controller asks for one", async () => {
  const local = await start({}, { token: "secret", auth: "unsecure" });
  await expect(ask(local, "why?")).rejects.toMatchObject({ code: "kagent-unauthorized" });
});

test("an empty answer is complete", async () => {
  const empty = (): ReturnType<typeof script> => script();
  for (const runtime of ["go", "python"] as const) {
    expect((await ask(await start({ runtime, answer: empty }), "why?")).at(-1)).toEqual({
      kind: "over",
      outcome: "completed",
    });
  }
});
