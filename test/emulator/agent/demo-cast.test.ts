import { afterEach, describe, expect, test } from "vitest";
import { byWords, demoAgents } from "../../../emulator/agent/demo-cast.ts";
import { type Kagent, startKagent } from "../../../emulator/agent/kagent.ts";
import { say, script } from "../../../emulator/agent/script.ts";
import { call, get, prompt } from "./raw-client.ts";
import { decision } from "./replying.ts";

const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

async function cast(): Promise<Kagent> {
  const kagent = await startKagent({ agents: demoAgents(), speed: 0 });
  started.push(kagent);
  return kagent;
}

async function answerOf(kagent: Kagent, agent: string, text: string, contextId = "c-1"): Promise<string> {
  await call(kagent.agent(agent).url, { method: "message/stream", params: prompt(text, contextId) });
  const run = kagent.runs().at(-1);
  return `${run?.task.state()}: ${run?.task.answer()}`;
}

test.each([
  ["k8s-agent", "Why is checkout failing?", /^completed: Here is what I found about the \*\*checkout\*\*/],
  ["k8s-agent", "Check the state of alpha", /^completed: The tool answered: .*replicas=2/],
  ["k8s-agent", "Write a full report on the shop namespace", /^completed: # Report for the shop namespace/],
  ["k8s-agent", "watch the rollout", /The rollout is complete\.$/],
  ["istio-agent", "Is mTLS on in shop?", /^completed: mTLS is \*\*on\*\*[\s\S]*\| cart \|/],
  ["security-agent", "boom please", /^failed: /],
  ["security-agent", "Who can delete pods in shop?", /^completed: Here is what I found/],
])("the %s of the demo answers “%s” sensibly", async (agent, text, answer) => {
  expect(await answerOf(await cast(), agent, text)).toMatch(answer);
});

test("the agents of the demo remember what was said in the same conversation", async () => {
  const kagent = await cast();
  await answerOf(kagent, "k8s-agent", "Why is checkout failing?");
  const recalled = await answerOf(kagent, "k8s-agent", "What did I ask?");
  expect(recalled).toContain("You asked me “Why is checkout failing?”");
  expect(recalled).toContain("- the third pod restarted 4 times");
  expect(await answerOf(kagent, "k8s-agent", "What did I ask?", "c-2")).toContain("first message");
});

test("the agents of the demo are ready, with descriptions and examples", async () => {
  const kagent = await cast();
  const { data } = JSON.parse((await get(`${kagent.url}/api/agents`)).text);
  expect(data).toHaveLength(3);
  for (const element of data) {
    expect(element).toMatchObject({ deploymentReady: true, accepted: true });
    expect(element.agent.spec.description).not.toBe("");
    expect(element.agent.spec.declarative.a2aConfig.skills[0].examples.length).toBeGreaterThan(1);
  }
});

test("a cast of one's own chooses by the words of the prompt", async () => {
  const cues = [{ words: /\bred\b/, answer: script(say("stop")) }];
  const agent = { name: "light", description: "", answer: byWords(cues, script(say("go"))) };
  const kagent = await startKagent({ agents: [agent] });
  started.push(kagent);
  expect(await answerOf(kagent, "light", "it is red")).toBe("completed: stop");
  expect(await answerOf(kagent, "light", "it is green")).toBe("completed: go");
});

describe("the pauses of the demo", () => {
  async function decided(text: string, data: object): Promise<{ kagent: Kagent; answer: string }> {
    const kagent = await cast();
    const { url } = kagent.agent("k8s-agent");
    await call(url, { method: "message/stream", params: prompt(text, "c-1") });
    const [run] = kagent.runs();
    expect(run?.task.state()).toBe("input-required");
    const message = decision({ taskId: run?.taskId ?? "", contextId: "c-1" }, data);
    await call(url, { method: "message/stream", params: { message } });
    return { kagent, answer: `${run?.task.state()}: ${run?.task.answer()}` };
  }

  test("scale checkout when that is approved", async () => {
    const { kagent, answer } = await decided("Scale checkout to 4", { decision_type: "approve" });
    expect(answer).toContain("completed: Done: `checkout` went from **2 to 4**");
    expect(kagent.toolRuns).toMatchObject([
      { tool: "k8s_scale", args: { name: "checkout", namespace: "shop", replicas: 4 } },
    ]);
  });

  test("delete nothing when that is rejected, and quote the reason", async () => {
    const data = { decision_type: "reject", rejection_reason: "Still used by the migration job" };
    const { kagent, answer } = await decided("Clean up what is left of the migration", data);
    expect(answer).toContain("completed: I leave the pod where it is.");
    expect(answer).toContain("Still used by the migration job");
    expect(kagent.toolRuns).toEqual([]);
  });

  test("look where they were told to", async () => {
    const data = { decision_type: "approve", ask_user_answers: [{ answer: ["payments"] }] };
    const { answer } = await decided("Are there errors?", data);
    expect(answer).toContain("completed: In `payments` there are 3 warnings");
  });
});
