import { expect, test } from "vitest";
import { agentRef, collect, directoryFor, outgoing, patient } from "./support/asking.ts";
import { json, serve } from "./support/server.ts";

function entry(name: string, changes: Record<string, unknown> = {}) {
  return {
    agent: { kind: "Agent", metadata: { name, namespace: "kagent" }, spec: { description: `About ${name}` } },
    accepted: true,
    deploymentReady: true,
    ...changes,
  };
}

test("agents are listed in order, with what makes them usable", async () => {
  const skills = [{ examples: ["why?", "why?", ""] }, { examples: ["how?"] }];
  const k8s = entry("k8s-agent");
  const { url } = await serve((_seen, response) => {
    const spec = { ...k8s.agent.spec, declarative: { a2aConfig: { skills } } };
    const harness = entry("harness", {
      agent: { kind: "AgentHarness", metadata: { name: "h", namespace: "kagent" } },
    });
    const data = [
      { ...k8s, agent: { ...k8s.agent, spec } },
      harness,
      entry("down-agent", { deploymentReady: false }),
      7,
    ];
    json(response, { error: false, data });
  });
  const directory = directoryFor(url);
  expect(directory.known()).toEqual([]);
  expect(await directory.list("default")).toEqual([
    {
      ref: { cluster: "default", namespace: "kagent", name: "down-agent" },
      description: "About down-agent",
      ready: false,
      examples: [],
    },
    {
      ref: { cluster: "default", namespace: "kagent", name: "k8s-agent" },
      description: "About k8s-agent",
      ready: true,
      examples: ["why?", "how?"],
    },
  ]);
  expect(directory.known()).toHaveLength(2);
});

test("an empty list has no data, and is no error", async () => {
  const { url } = await serve((_seen, response) =>
    json(response, { error: false, message: "Successfully listed agents" }),
  );
  expect(await directoryFor(url).list("default")).toEqual([]);
});

test("readers share one read, and a fresh list is not read again", async () => {
  const { url, calls } = await serve((_seen, response) => json(response, { data: [entry("k8s-agent")] }));
  const directory = directoryFor(url);
  await Promise.all([directory.list("default"), directory.list("default")]);
  await directory.list("default");
  expect(calls).toHaveLength(1);
  await directory.refresh("default");
  expect(calls).toHaveLength(2);
});

test("the last good list stays known when kagent goes away", async () => {
  let away = false;
  const { url } = await serve((_seen, response) => {
    if (away) response.writeHead(503).end();
    else json(response, { data: [entry("k8s-agent")] });
  });
  const directory = directoryFor(url, { agentsTtlMs: 0 });
  await directory.list("default");
  away = true;
  await expect(directory.list("default")).rejects.toMatchObject({ code: "kagent-unreachable" });
  expect(directory.known()).toHaveLength(1);
});

test("a controller without a list gives the configured agents as their cards describe them", async () => {
  const { url } = await serve((seen, response) => {
    if (seen.path === "/api/a2a/kagent/k8s-agent/.well-known/agent-card.json") {
      json(response, {
        name: "k8s_agent",
        description: "Looks after things",
        skills: [{ examples: ["why?"] }],
      });
    } else response.writeHead(404).end("404 page not found");
  });
  const configured = ["k8s-agent", "gone-agent"].map((name) => ({
    cluster: "default",
    namespace: "kagent",
    name,
  }));
  const agents = await directoryFor(url, { configured }).list("default");
  expect(agents).toMatchObject([
    { ref: { name: "k8s-agent" }, description: "Looks after things", ready: true, examples: ["why?"] },
    { ref: { name: "gone-agent" }, ready: false },
  ]);
});

test("an agent in a sandbox is reached on its own path once the list has told of it", async () => {
  const { url, calls } = await serve((seen, response) => {
    if (seen.path === "/api/agents")
      json(response, { data: [entry("k8s-agent", { workloadMode: "sandbox" })] });
    else response.writeHead(404).end();
  });
  const directory = directoryFor(url);
  await directory.list("default");
  await expect(collect(directory.agent(agentRef).send(outgoing(), patient()))).rejects.toThrow();
  expect(calls.map(({ path }) => path)).toContain("/api/a2a-sandboxes/kagent/k8s-agent/");
});
