import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Agent, AgentDefinition } from "./agent.ts";
import { type Endpoint, handleA2a, type Surface, send } from "./endpoint.ts";
import { createFaultQueue, type Fault, type FaultTarget } from "./fault.ts";
import { type IdentityRules, identify } from "./identity.ts";
import { readRequest, type SeenRequest } from "./request.ts";
import {
  health,
  listAgents,
  notFound,
  oneAgent,
  oneTask,
  plain,
  type RestAnswer,
  sessionTasks,
  versionAnswer,
  wrongMethod,
} from "./rest.ts";
import type { Run } from "./run.ts";
import { createSleeper } from "./sleeper.ts";
import { createWaiting } from "./waiting.ts";

export interface KagentOptions {
  readonly agents: readonly AgentDefinition[];
  /** A free port when absent. */
  readonly port?: number;
  /** A released controller when absent. `process` serves the first agent at `/`. */
  readonly surface?: Surface;
  /** What `/version` says; `0.9.12` when absent. */
  readonly version?: string;
  /** `unsecure` when absent. */
  readonly auth?: IdentityRules["auth"];
  /** The bearer token that everything but `/health` and `/version` needs. */
  readonly token?: string;
  /** The speed of agents that do not name their own: divides all waits, 0 leaves them out. */
  readonly speed?: number;
}

/** What a test can do to one agent. */
export interface AgentControls {
  readonly url: string;
  /** The next calls go wrong: `times` of them (1 when absent), prompts where `on` is absent. */
  fault(fault: Fault, options?: { readonly times?: number; readonly on?: FaultTarget }): void;
  /** The pod goes away, with its runs, until `up`. */
  down(): void;
  up(): void;
  /** The process dies and comes back at once: its runs say `working` for ever. */
  kill(): void;
}

export interface Kagent {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly SeenRequest[];
  /** Every task that was really started, in order; `prompts` has more than one where a pause was answered. */
  readonly runs: () => readonly Run[];
  agent(name: string): AgentControls;
  /** Faults of the REST interface. */
  fault(fault: Fault, times?: number): void;
  until<T>(read: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  /** Drops all connections and refuses new ones for `downMs`. Go agents lose their runs by it, Python ones do not. */
  restart(downMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a local kagent on loopback. */
export async function startKagent(options: KagentOptions): Promise<Kagent> {
  const { surface = "controller", version = "0.9.12" } = options;
  const rules = { auth: options.auth ?? "unsecure", token: options.token };
  const requests: SeenRequest[] = [];
  const runs = new Set<Run>();
  const waiting = createWaiting();
  const restFaults = createFaultQueue();
  let listed = 0;

  const changed = (run: Run) => {
    runs.add(run);
    waiting.notify();
  };
  const hosts = options.agents.map((definition) => {
    const host = { up: true };
    const agent = createAgent(definition, surface, options.speed ?? 1, changed);
    const ready = () => host.up;
    return { host, endpoint: { agent, surface, faults: createFaultQueue(), ready } };
  });
  const endpoints = hosts.map(({ endpoint }) => endpoint);
  const listedAgents = () => endpoints.map(({ agent, ready }) => ({ agent, ready: ready() }));

  const rest = (request: SeenRequest, userId: string): RestAnswer => {
    const { path, method, query, headers } = request;
    const wire = headers["a2a-version"];
    const namespace = new URLSearchParams(query).get("namespace") ?? undefined;
    const parts = path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
    const [, kind, first, second, third] = parts;
    const known = parts[0] === "api" && ["agents", "sessions", "tasks", "me"].includes(kind ?? "");
    if (!known || surface !== "controller") return notFound;
    if (method !== "GET") return wrongMethod;
    if (kind === "me")
      return {
        status: 200,
        headers: { "content-type": "application/json" },
        text: JSON.stringify({ sub: userId }),
      };
    if (kind === "agents" && first === undefined) return listAgents(listedAgents(), namespace, listed++);
    if (kind === "agents" && second !== undefined && third === undefined)
      return oneAgent(listedAgents(), first ?? "", second);
    if (kind === "sessions" && second === "tasks") return sessionTasks([...runs], first ?? "", userId, wire);
    if (kind === "tasks" && first !== undefined) return oneTask([...runs], first, wire);
    return notFound;
  };

  const answer = async (request: SeenRequest, response: ServerResponse): Promise<void> => {
    if (request.path === "/health") return send(response, request.method === "GET" ? health : wrongMethod);
    const endpoint = findEndpoint(endpoints, surface, request.path);
    const fault = endpoint || /^\/api\/a2a/.test(request.path) ? undefined : restFaults.take("rest");
    if (fault?.fault === "status") return send(response, { ...plain(fault.status, fault.text) });
    if (fault?.fault === "reset") return void response.destroy();
    if (request.path === "/version" && surface === "controller")
      return send(response, versionAnswer(version));
    const userId = identify(rules, request);
    if (userId === undefined) return send(response, plain(401, "Unauthorized\n"));
    if (endpoint) return handleA2a(endpoint, request, userId, response);
    const unknown = /^\/api\/a2a(?<kind>-sandboxes)?\/(?<agent>[^/]+\/[^/]+)/.exec(request.path)?.groups;
    if (!unknown) return send(response, rest(request, userId));
    const name = `${unknown.kind === undefined ? "" : "sandboxes/"}${unknown.agent}`;
    send(response, plain(404, `Agent ${name} not found\n`));
  };

  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    response.on("error", () => {});
    readRequest(incoming).then(
      (request) => {
        requests.push(request);
        waiting.notify();
        return answer(request, response).catch((cause: unknown) => {
          if (!response.headersSent) send(response, plain(500, `${String(cause)}\n`));
          else response.destroy();
        });
      },
      () => response.destroy(),
    );
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  await listen(options.port ?? 0);
  const port = portOf(server.address());
  const url = `http://127.0.0.1:${port}`;
  const lose = (endpoint: Endpoint) => {
    for (const { run } of endpoint.agent.entries.values()) {
      run.stop();
      run.settle("lost");
    }
  };

  return {
    url,
    requests,
    runs: () => [...runs],
    agent(name) {
      const found = hosts.find(({ endpoint }) => endpoint.agent.definition.name === name);
      if (!found) throw new Error(`no agent ${name}`);
      const { host, endpoint } = found;
      const below = surface === "process" ? "/" : `/api/a2a/${endpoint.agent.namespace}/${name}/`;
      return {
        url: `${url}${below}`,
        fault: (fault, on) => endpoint.faults.add(fault, on),
        down: () => {
          host.up = false;
          lose(endpoint);
        },
        up: () => {
          host.up = true;
        },
        kill: () => lose(endpoint),
      };
    },
    fault: (fault, times = 1) => restFaults.add(fault, { times, on: "rest" }),
    until: waiting.until,
    async restart(downMs = 0) {
      const closed = close();
      for (const endpoint of endpoints) if (endpoint.agent.dialect.runtime === "go") lose(endpoint);
      await closed;
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await listen(port);
    },
    async stop() {
      for (const { agent } of endpoints) {
        agent.sleeper.stop();
        for (const { run } of agent.entries.values()) run.stop();
      }
      if (server.listening) await close();
    },
  };
}

function createAgent(
  definition: AgentDefinition,
  surface: Surface,
  speed: number,
  changed: Agent["changed"],
): Agent {
  const through = surface === "process" ? "process" : "controller";
  const speaks = definition.speaks ?? (surface === "main" ? "1.0" : "0.3");
  return {
    definition,
    namespace: definition.namespace ?? "kagent",
    dialect: { runtime: definition.runtime ?? "go", speaks, through },
    speed: definition.speed ?? speed,
    entries: new Map(),
    replays: new Map(),
    sleeper: createSleeper(),
    memory: new Map(),
    changed,
  };
}

function findEndpoint(endpoints: readonly Endpoint[], surface: Surface, path: string): Endpoint | undefined {
  if (surface === "process") return endpoints[0];
  const [, namespace, name] = /^\/api\/a2a\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  return endpoints.find(({ agent }) => agent.namespace === namespace && agent.definition.name === name);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
