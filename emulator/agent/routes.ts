import type { ServerResponse } from "node:http";
import { type Endpoint, handleA2a, type Surface, send } from "./endpoint.ts";
import type { FaultQueue } from "./fault.ts";
import type { FeedbackBook } from "./feedback.ts";
import { type IdentityRules, identify } from "./identity.ts";
import type { SeenRequest } from "./request.ts";
import {
  health,
  json,
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

/** What an address serves. */
export interface Site {
  readonly surface: Surface;
  readonly version: string;
  readonly rules: IdentityRules;
  readonly endpoints: readonly Endpoint[];
  readonly faults: FaultQueue;
  readonly runs: () => readonly Run[];
  readonly feedback: FeedbackBook;
}

/** Answers every request to an address. */
export function createRoutes(site: Site): (request: SeenRequest, response: ServerResponse) => Promise<void> {
  const answerRest = createRest(site);
  return async (request, response) => {
    const { path } = request;
    const endpoint = findEndpoint(site, path);
    if (path === "/health") return send(response, request.method === "GET" ? health : wrongMethod);
    const fault = path.startsWith("/api/a2a") || endpoint ? undefined : site.faults.take(["rest"]);
    if (fault?.fault === "status") return send(response, plain(fault.status, fault.text));
    if (fault?.fault === "reset") {
      response.destroy();
      return;
    }
    if (path === "/version" && site.surface === "controller")
      return send(response, versionAnswer(site.version));
    const userId = identify(site.rules, request);
    if (userId === undefined) return send(response, plain(401, "Unauthorized\n"));
    if (endpoint) return handleA2a(endpoint, request, userId, response);
    send(response, unknownAgent(path) ?? answerRest(request, userId));
  };
}

function findEndpoint({ surface, endpoints }: Site, path: string): Endpoint | undefined {
  if (surface === "process") return endpoints[0];
  const [, namespace, name] = /^\/api\/a2a\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  return endpoints.find(({ agent }) => agent.namespace === namespace && agent.definition.name === name);
}

function unknownAgent(path: string): RestAnswer | undefined {
  const [, sandbox, agent] = /^\/api\/a2a(-sandboxes)?\/([^/]+\/[^/]+)/.exec(path) ?? [];
  if (agent === undefined) return undefined;
  return plain(404, `Agent ${sandbox === undefined ? "" : "sandboxes/"}${agent} not found\n`);
}

/** The REST interface; the main branch has none. */
function createRest({
  surface,
  endpoints,
  runs,
  feedback,
}: Site): (request: SeenRequest, userId: string) => RestAnswer {
  let listed = 0;
  const agents = () => endpoints.map(({ agent, ready }) => ({ agent, ready: ready() }));
  return (request, userId) => {
    const { path, method, query, headers } = request;
    if (path === "/api/feedback" && surface === "controller") return feedback.answer(request, userId);
    const [api, kind, first, second, ...more] = path.slice(1).split("/").map(decodeURIComponent);
    const known = api === "api" && ["agents", "sessions", "tasks", "me"].includes(kind ?? "");
    if (!known || surface !== "controller" || more.length > 0) return notFound;
    if (method !== "GET") return wrongMethod;
    const wire = headers["a2a-version"];
    if (kind === "me" && first === undefined) return json(200, { sub: userId });
    if (kind === "agents" && first === undefined) {
      listed += 1;
      return listAgents(agents(), new URLSearchParams(query).get("namespace") ?? undefined, listed);
    }
    if (first === undefined) return notFound;
    if (kind === "agents" && second !== undefined) return oneAgent(agents(), first, second);
    if (kind === "sessions" && second === "tasks") return sessionTasks(runs(), first, userId, wire);
    return kind === "tasks" && second === undefined ? oneTask(runs(), first, wire) : notFound;
  };
}
