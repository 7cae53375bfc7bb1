import type { Agent } from "./agent.ts";
import { appName } from "./encoder.ts";
import { type JsonObject, writeJson } from "./json.ts";
import type { Run } from "./run.ts";
import { toTask } from "./translation.ts";

/** An answer of the controller's REST interface; `text` goes out as it is. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What REST knows of an agent besides its definition. */
export interface ListedAgent {
  readonly agent: Agent;
  readonly ready: boolean;
}

export function json(status: number, body: JsonObject): RestAnswer {
  // Failures end with a newline, successes do not.
  const text = writeJson(body) + (status >= 400 ? "\n" : "");
  return { status, headers: { "content-type": "application/json" }, text };
}

export function plain(status: number, text: string): RestAnswer {
  const headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  return { status, headers, text };
}

export const notFound = plain(404, "404 page not found\n");
export const wrongMethod: RestAnswer = { status: 405, headers: {}, text: "" };
export const health = json(200, { error: false, data: { status: "OK" }, message: "OK" });

export function versionAnswer(version: string): RestAnswer {
  return json(200, { kagent_version: version, git_commit: "0000000", build_date: "2026-01-01" });
}

/** A success; an empty list has no `data`. */
function success(data: JsonObject | readonly JsonObject[], message: string): RestAnswer {
  const empty = Array.isArray(data) && data.length === 0;
  return json(200, { error: false, ...(empty ? {} : { data }), message });
}

/** `GET /api/agents`: the order differs from call to call, as the controller's does; `turn` counts the calls. */
export function listAgents(
  agents: readonly ListedAgent[],
  namespace: string | undefined,
  turn: number,
): RestAnswer {
  const wanted = agents.filter(({ agent }) => namespace === undefined || agent.namespace === namespace);
  const shift = wanted.length === 0 ? 0 : turn % wanted.length;
  const turned = [...wanted.slice(shift), ...wanted.slice(0, shift)];
  return success(turned.map(agentElement), "Successfully listed agents");
}

export function oneAgent(agents: readonly ListedAgent[], namespace: string, name: string): RestAnswer {
  const found = agents.find(({ agent }) => agent.namespace === namespace && agent.definition.name === name);
  if (!found) return json(404, { error: `Agent not found: Agent.kagent.dev "${name}" not found` });
  return success(agentElement(found), "Successfully retrieved agent");
}

function agentElement({ agent, ready }: ListedAgent): JsonObject {
  const { definition, namespace } = agent;
  const { name, description, skills = [], stream = true } = definition;
  const tools = toolsOf(agent);
  const a2aConfig =
    skills.length === 0 ? {} : { a2aConfig: { skills: skills.map((skill) => ({ ...skill })) } };
  const accepted = {
    type: "Accepted",
    status: "True",
    reason: "Reconciled",
    message: "Agent configuration accepted",
  };
  const deployed = ready
    ? { type: "Ready", status: "True", reason: "DeploymentReady", message: "Deployment is ready" }
    : {
        type: "Ready",
        status: "False",
        reason: "DeploymentNotReady",
        message: "Deployment is not ready, 0/1 pods are ready",
      };
  return {
    id: appName(namespace, name),
    agent: {
      apiVersion: "kagent.dev/v1alpha2",
      kind: "Agent",
      metadata: { name, namespace, labels: { "app.kubernetes.io/part-of": "kagent" } },
      spec: {
        type: "Declarative",
        declarative: {
          runtime: definition.runtime ?? "go",
          modelConfig: "default-model-config",
          stream,
          tools,
          ...a2aConfig,
        },
        description,
      },
      status: { observedGeneration: 1, conditions: [accepted, deployed] },
    },
    modelProvider: "OpenAI",
    model: "stub-model",
    modelConfigRef: `${namespace}/default-model-config`,
    memoryRefs: null,
    tools,
    deploymentReady: ready,
    accepted: true,
    workloadMode: "deployment",
  };
}

function toolsOf({ definition, namespace }: Agent): JsonObject[] {
  const { tools = [], gatedTools = [], subagents = [] } = definition;
  const server = { kind: "RemoteMCPServer", apiGroup: "kagent.dev", name: "kagent-tool-server" };
  const approval = gatedTools.length === 0 ? {} : { requireApproval: [...gatedTools] };
  const own = {
    type: "McpServer",
    mcpServer: { ...server, toolNames: [...tools, ...gatedTools], ...approval },
  };
  return [
    ...(tools.length + gatedTools.length === 0 ? [] : [own]),
    ...subagents.map((name) => ({ type: "Agent", agent: { name, namespace } })),
  ];
}

/** `GET /api/sessions/{id}/tasks`: a session belongs to one user; another one has none of that id. */
export function sessionTasks(
  runs: readonly Run[],
  id: string,
  userId: string,
  wire: string | undefined,
): RestAnswer {
  if (wire !== undefined && wire !== "0.3" && wire !== "1.0") {
    return json(400, { error: `Unsupported A2A version: unsupported A2A version "${wire}"` });
  }
  const own = runs.filter((run) => run.contextId === id && run.userId === userId);
  if (own.length === 0) {
    return json(404, {
      error: `Session not found for given ID: failed to get session ${id}: no rows in result set`,
    });
  }
  return success(
    own.map((run) => taskOf(run, wire)),
    "Successfully retrieved session tasks",
  );
}

/** `GET /api/tasks/{id}`: any user's, as 0.9.12 answers. */
export function oneTask(runs: readonly Run[], id: string, wire: string | undefined): RestAnswer {
  const run = runs.find((known) => known.taskId === id);
  if (!run) return json(404, { error: `Task not found: failed to get task ${id}: no rows in result set` });
  return success(taskOf(run, wire), "Successfully retrieved task");
}

function taskOf(run: Run, wire: string | undefined): JsonObject {
  const task = run.task.toJson();
  return wire === "1.0" && run.form === "0.3" ? toTask(task) : task;
}
