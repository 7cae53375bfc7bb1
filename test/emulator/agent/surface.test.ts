import { afterEach, describe, expect, test } from "vitest";
import { type Kagent, type KagentOptions, startKagent } from "../../../emulator/agent/kagent.ts";
import { fail, pause, say, script } from "../../../emulator/agent/script.ts";
import { call, get, post, prompt, promptV10 } from "./raw-client.ts";

const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

const skill = {
  id: "s",
  name: "Care",
  description: "cares",
  tags: ["k8s"],
  examples: ["Why is checkout failing?"],
};
const k8s = {
  name: "k8s-agent",
  description: "Looks after things",
  skills: [skill],
  tools: ["read_thing"],
  gatedTools: ["scale_thing"],
  subagents: ["istio-agent"],
  answer: () => script(say("Well.")),
};
const istio = { name: "istio-agent", description: "Mesh", answer: () => script(say("Fine.")) };

async function kagentWith(options: Partial<KagentOptions> = {}): Promise<Kagent> {
  const kagent = await startKagent({ agents: [k8s, istio], speed: 0, ...options });
  started.push(kagent);
  return kagent;
}

const ask = (url: string, headers: Record<string, string> = {}, contextId = "c-1") =>
  call(url, { method: "message/stream", params: prompt("why?", contextId), headers });
const v10 = { "a2a-version": "1.0" };

describe("a released controller", () => {
  test("lists its agents in another order each time, ready or not", async () => {
    const kagent = await kagentWith();
    kagent.agent("istio-agent").down();
    const lists = [
      await get(`${kagent.url}/api/agents`),
      await get(`${kagent.url}/api/agents?namespace=kagent`),
    ];
    const [first, second] = lists.map(({ text }) => JSON.parse(text));
    expect(first).toMatchObject({ error: false, message: "Successfully listed agents" });
    const names = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id);
    expect(names(first)).toEqual(names(second).reverse());
    expect(first.data).toContainEqual(
      expect.objectContaining({
        id: "kagent__NS__k8s_agent",
        deploymentReady: true,
        accepted: true,
        agent: expect.objectContaining({
          metadata: expect.objectContaining({ name: "k8s-agent", namespace: "kagent" }),
        }),
        tools: [
          { type: "McpServer", mcpServer: expect.objectContaining({ requireApproval: ["scale_thing"] }) },
          { type: "Agent", agent: { name: "istio-agent", namespace: "kagent" } },
        ],
      }),
    );
    expect(first.data).toContainEqual(
      expect.objectContaining({ id: "kagent__NS__istio_agent", deploymentReady: false }),
    );
    expect(JSON.parse((await get(`${kagent.url}/api/agents?namespace=other`)).text)).not.toHaveProperty(
      "data",
    );
  });

  test("says its version and its health to anybody", async () => {
    const kagent = await kagentWith({ version: "0.10.4", token: "secret" });
    expect(JSON.parse((await get(`${kagent.url}/version`)).text)).toMatchObject({ kagent_version: "0.10.4" });
    expect((await get(`${kagent.url}/health`)).text).toBe(
      '{"error":false,"data":{"status":"OK"},"message":"OK"}',
    );
  });

  test("serves a card whose address is not the one it was asked at", async () => {
    const kagent = await kagentWith();
    const { text, status } = await get(`${kagent.agent("k8s-agent").url}.well-known/agent-card.json`);
    expect(status).toBe(200);
    const card = JSON.parse(text);
    expect(card).toMatchObject({ name: "k8s_agent", protocolVersion: "0.3", skills: [skill] });
    expect(card.supportedInterfaces).toHaveLength(2);
    expect(card.url).not.toContain(new URL(kagent.url).port);
  });

  test("speaks 0.3 without a header, 1.0 with it, and refuses other versions in text", async () => {
    const kagent = await kagentWith();
    const { url } = kagent.agent("k8s-agent");
    expect((await ask(url)).text).toContain('"completed"');
    expect((await ask(url, { "a2a-version": "0.3" })).text).toContain('"completed"');
    const params = promptV10("why?", "c-1");
    const newer = await call(url, { method: "SendStreamingMessage", params, headers: v10 });
    expect(newer.text).toContain("TASK_STATE_COMPLETED");
    expect(JSON.parse((await ask(url, v10)).text).error.code).toBe(-32601);
    const other = await ask(url, { "a2a-version": "9.9" });
    expect([other.status, other.text]).toEqual([400, 'unsupported A2A version "9.9"\n']);
  });

  test("does not know some addresses", async () => {
    const kagent = await kagentWith();
    const unknown = await ask(`${kagent.url}/api/a2a/kagent/nope/`);
    expect([unknown.status, unknown.text]).toEqual([404, "Agent kagent/nope not found\n"]);
    const route = await get(`${kagent.url}/api/nope`);
    expect([route.status, route.text]).toEqual([404, "404 page not found\n"]);
    expect((await post(`${kagent.url}/api/agents`, "{}")).status).toBe(405);
  });

  test("cannot read the errors of a Go agent, and hands on those of a Python one", async () => {
    const kagent = await kagentWith({ agents: [k8s, { ...istio, runtime: "python" }] });
    const params = { id: "no-such-task" };
    const errors = await Promise.all(
      ["k8s-agent", "istio-agent"].map(async (name) => {
        const { text } = await call(kagent.agent(name).url, { method: "tasks/get", params });
        return JSON.parse(text).error;
      }),
    );
    expect(errors).toMatchObject([
      { code: -32603, message: expect.stringContaining("failed to decode response") },
      { code: -32001, message: "Task not found" },
    ]);
    const refused = await call(kagent.agent("istio-agent").url, { method: "message/stream" });
    expect([refused.status, refused.text]).toEqual([200, ""]);
  });

  test("keeps the tasks of a session for its user", async () => {
    const kagent = await kagentWith();
    await ask(kagent.agent("k8s-agent").url);
    const of = async (user: string) => get(`${kagent.url}/api/sessions/c-1/tasks`, { "x-user-id": user });
    expect(JSON.parse((await of("ana")).text).data).toMatchObject([
      { kind: "task", status: { state: "completed" } },
    ]);
    expect((await of("ben")).status).toBe(404);
    const id = kagent.runs()[0]?.taskId;
    expect(JSON.parse((await get(`${kagent.url}/api/tasks/${id}`)).text).data).toMatchObject({ id });
  });

  test("wants a token where it was told so", async () => {
    const kagent = await kagentWith({ token: "secret" });
    const { url } = kagent.agent("k8s-agent");
    const refused = await ask(url);
    expect([refused.status, refused.text]).toEqual([401, "Unauthorized\n"]);
    expect((await ask(url, { authorization: "Bearer secret" })).status).toBe(200);
  });

  test("takes the user from a JWT behind a trusted proxy", async () => {
    const kagent = await kagentWith({ auth: "trusted-proxy" });
    const claims = Buffer.from('{"sub":"bot"}').toString("base64url");
    const { url } = kagent.agent("k8s-agent");
    expect((await ask(url, { authorization: "Bearer nonsense" })).status).toBe(401);
    expect((await ask(url, { authorization: `Bearer e30.${claims}.sig` })).status).toBe(200);
    expect(kagent.runs().map((run) => run.userId)).toEqual(["bot"]);
  });

  test("notes what it was asked, and what really ran", async () => {
    const kagent = await kagentWith();
    const { url } = kagent.agent("k8s-agent");
    await ask(url, { traceparent: "00-1-2-01" });
    await call(url, { method: "tasks/get", params: { id: "nope" } });
    expect(kagent.requests).toMatchObject([
      {
        method: "POST",
        headers: { traceparent: "00-1-2-01" },
        rpc: { method: "message/stream", params: { message: {} } },
      },
      { rpc: { method: "tasks/get", params: { id: "nope" } } },
    ]);
    expect(kagent.runs()).toMatchObject([{ agent: "k8s-agent", contextId: "c-1", prompts: ["why?"] }]);
  });

  test("refuses a task that is over, and a wrong context", async () => {
    const asking = { ...k8s, runtime: "python" as const, answer: () => script(pause("Which one?")) };
    const kagent = await kagentWith({ agents: [asking, { ...istio, runtime: "python" }] });
    await ask(kagent.agent("k8s-agent").url);
    await ask(kagent.agent("istio-agent").url);
    const [paused, over] = kagent.runs();
    const wrong = prompt("go on", "c-other", paused?.taskId);
    const late = prompt("go on", "c-1", over?.taskId);
    const first = await call(kagent.agent("k8s-agent").url, { method: "message/stream", params: wrong });
    const second = await call(kagent.agent("istio-agent").url, { method: "message/stream", params: late });
    expect(first.events).toMatchObject([{ error: { code: -32602, message: "bad context id" } }]);
    expect(second.events).toMatchObject([
      { error: { code: -32602, message: expect.stringContaining("terminal state") } },
    ]);
  });

  test("cannot work with a slash in a context", async () => {
    const kagent = await kagentWith();
    expect((await ask(kagent.agent("k8s-agent").url, {}, "a/b")).text).toContain("session not found: a/b");
  });
});

describe("the controller of the main branch", () => {
  test("insists on 1.0, and has neither a version nor REST", async () => {
    const kagent = await kagentWith({ surface: "main" });
    const { url } = kagent.agent("k8s-agent");
    const refused = await ask(url);
    expect([refused.status, refused.text]).toEqual([
      400,
      'missing required A2A-Version header; expected "1.0"\n',
    ]);
    expect((await ask(url, { "a2a-version": "0.3" })).text).toContain('unsupported A2A-Version "0.3"');
    expect((await get(`${kagent.url}/version`)).status).toBe(404);
    expect((await get(`${kagent.url}/api/agents`)).status).toBe(404);
    const params = promptV10("why?", "c-1");
    const seen = await call(url, { method: "SendStreamingMessage", params, headers: v10 });
    expect(seen.events[0]).toMatchObject({ result: { task: { status: { state: "TASK_STATE_SUBMITTED" } } } });
  });
});

describe("an agent process", () => {
  test.each([
    ["python", "0.3", "text/event-stream; charset=utf-8", /^data: .*\r\n\r\n/],
    ["go", "0.3", "text/event-stream", /^id: .*\ndata: .*\n\n/],
  ] as const)(
    "of %s that speaks %s answers at the root in its own frames",
    async (runtime, speaks, type, frame) => {
      const kagent = await kagentWith({ surface: "process", agents: [{ ...k8s, runtime, speaks }] });
      const seen = await ask(`${kagent.url}/`);
      expect(seen.headers["content-type"]).toBe(type);
      expect(seen.text).toMatch(frame);
      const card = JSON.parse((await get(`${kagent.url}/.well-known/agent-card.json`)).text);
      expect(card).toMatchObject({ name: "k8s_agent", preferredTransport: "JSONRPC" });
    },
  );

  test("of Go calls its JSON text; one of Python 1.0 insists on the version header", async () => {
    const go = await kagentWith({ surface: "process", agents: [{ ...k8s, runtime: "go" }] });
    const read = await call(`${go.url}/`, { method: "tasks/get", params: { id: "nope" } });
    expect(read.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(JSON.parse(read.text).error).toMatchObject({ code: -32001, data: { error: expect.any(String) } });
    const python = await kagentWith({
      surface: "process",
      agents: [{ ...k8s, runtime: "python", speaks: "1.0" }],
    });
    const params = promptV10("why?", "c-1");
    const refused = await call(`${python.url}/`, { method: "SendStreamingMessage", params });
    expect(JSON.parse(refused.text).error.code).toBe(-32009);
    const seen = await call(`${python.url}/`, { method: "SendStreamingMessage", params, headers: v10 });
    expect(seen.text).toContain("TASK_STATE_COMPLETED");
  });

  test("shows a failure of its script as a failed run", async () => {
    const broken = { ...k8s, answer: () => script(fail("no")) };
    const kagent = await kagentWith({ surface: "process", agents: [broken] });
    await ask(`${kagent.url}/`);
    expect(kagent.runs()[0]?.task.state()).toBe("failed");
  });
});
