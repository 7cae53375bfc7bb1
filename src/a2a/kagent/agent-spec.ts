import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../wire/json.ts";
import { CHANGING_TOOLS } from "./changing-tools.ts";

/** What a controller's list says of how an agent is made. */
export interface AgentSpec {
  readonly namespace: string;
  readonly name: string;
  readonly ready: boolean;
  /** `python` or `go`; absent where the controller's default counts. */
  readonly runtime?: string;
  /** Tools that change something and that nobody is asked about. */
  readonly ungated: readonly string[];
  /** Tool servers of which the agent takes whatever they have. */
  readonly wholeServers: readonly string[];
}

/** The answer to `GET /api/agents`, sorted; whatever is no agent is left out. */
export function readAgentSpecs(value: unknown): readonly AgentSpec[] {
  const entries = isObject(value) ? arrayAt(value, "data").filter(isObject) : [];
  return entries
    .flatMap((entry) => readSpec(entry) ?? [])
    .sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1));
}

/** `namespace/name`. */
export function fullName({ namespace, name }: Pick<AgentSpec, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

function readSpec(entry: JsonObject): AgentSpec | undefined {
  const agent = objectAt(entry, "agent") ?? {};
  const metadata = objectAt(agent, "metadata") ?? {};
  const [namespace, name] = [stringAt(metadata, "namespace"), stringAt(metadata, "name")];
  if (namespace === undefined || name === undefined || agent.kind === "AgentHarness") return undefined;
  const runtime = stringAt(objectAt(objectAt(agent, "spec") ?? {}, "declarative") ?? {}, "runtime");
  const servers = arrayAt(entry, "tools")
    .filter(isObject)
    .map((tool) => objectAt(tool, "mcpServer"))
    .filter((server) => server !== undefined);
  const namesOf = (server: JsonObject, key: string) =>
    arrayAt(server, key).filter((one) => typeof one === "string");
  const ungated = servers.flatMap((server) => {
    const gated = namesOf(server, "requireApproval");
    return namesOf(server, "toolNames").filter((one) => CHANGING_TOOLS.has(one) && !gated.includes(one));
  });
  const whole = servers.filter((server) => namesOf(server, "toolNames").length === 0);
  return {
    namespace,
    name,
    ready: entry.accepted === true && entry.deploymentReady === true,
    ...(runtime === undefined ? {} : { runtime }),
    ungated: [...new Set(ungated)].sort(),
    wholeServers: whole.flatMap((server) => stringAt(server, "name") ?? []),
  };
}
