import type { AgentInfo } from "../../conversation/agent.ts";
import type { AgentFeedback } from "../../conversation/feedback.ts";
import { readExamples } from "../card.ts";
import type { Rest } from "../rest.ts";
import { type Caller, callerHeaders } from "../rpc.ts";
import { readTaskList } from "../wire/codec.ts";
import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from "../wire/json.ts";
import type { Task } from "../wire/model.ts";
import { sendFeedback } from "./feedback.ts";

/** What we use of a controller's REST interface. Every method rejects with `CallError`. */
export interface Controller {
  /** Where an agent answers A2A; the slash at the end matters to old controllers. */
  a2aUrl(namespace: string, name: string): string;
  /** All A2A agents, sorted by namespace and name. */
  agents(cluster: string): Promise<readonly AgentInfo[]>;
  /** The tasks of a conversation, oldest first; needs the user who started them. */
  tasks(contextId: string, caller: Caller, signal: AbortSignal): Promise<readonly Task[]>;
  /** kagent's version; rejects with a 404 on controllers after 0.10. */
  version(): Promise<string>;
  /** Stores what somebody thinks of an answer; resolves with false on controllers that take no feedback. */
  feedback(feedback: AgentFeedback): Promise<boolean>;
}

/** The controller at `baseUrl`. */
export function createController(baseUrl: string, rest: Rest): Controller {
  const base = baseUrl.replace(/\/+$/, "");
  let sandboxes: ReadonlySet<string> = new Set();
  return {
    a2aUrl(namespace, name) {
      const room = sandboxes.has(`${namespace}/${name}`) ? "a2a-sandboxes" : "a2a";
      return `${base}/api/${room}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/`;
    },
    async agents(cluster) {
      const value = await rest.get(`${base}/api/agents`);
      // An empty list has no data at all, and the order changes from call to call.
      const entries = isObject(value) ? arrayAt(value, "data").filter(isObject) : [];
      const agents = entries.flatMap((entry) => readAgent(entry, cluster) ?? []).sort(byAddress);
      sandboxes = new Set(
        entries
          .filter(isSandbox)
          .flatMap((entry) => readAgent(entry, cluster) ?? [])
          .map(addressOf),
      );
      return agents;
    },
    async tasks(contextId, caller, signal) {
      const path = `${base}/api/sessions/${encodeURIComponent(contextId)}/tasks`;
      return readTaskList(await rest.get(path, callerHeaders(caller), signal));
    },
    async version() {
      const value = await rest.get(`${base}/version`);
      return isObject(value) ? (stringAt(value, "kagent_version") ?? "") : "";
    },
    feedback: (feedback) => sendFeedback(rest, `${base}/api/feedback`, feedback),
  };
}

function readAgent(entry: JsonObject, cluster: string): AgentInfo | undefined {
  const agent = objectAt(entry, "agent") ?? {};
  const metadata = objectAt(agent, "metadata") ?? {};
  const [namespace, name] = [stringAt(metadata, "namespace"), stringAt(metadata, "name")];
  // A harness is listed among the agents and does not speak A2A.
  if (namespace === undefined || name === undefined || agent.kind === "AgentHarness") return undefined;
  const spec = objectAt(agent, "spec") ?? {};
  return {
    ref: { cluster, namespace, name },
    description: stringAt(spec, "description") ?? "",
    ready: entry.accepted === true && entry.deploymentReady === true,
    examples: examplesOf(spec),
  };
}

function examplesOf(spec: JsonObject): readonly string[] {
  const declarative = objectAt(spec, "declarative") ?? {};
  return readExamples(arrayAt(objectAt(declarative, "a2aConfig") ?? {}, "skills"));
}

function isSandbox(entry: JsonObject): boolean {
  return entry.workloadMode === "sandbox" || objectAt(entry, "agent")?.kind === "SandboxAgent";
}

function addressOf({ ref }: AgentInfo): string {
  return `${ref.namespace}/${ref.name}`;
}

function byAddress(one: AgentInfo, other: AgentInfo): number {
  return addressOf(one) < addressOf(other) ? -1 : 1;
}
