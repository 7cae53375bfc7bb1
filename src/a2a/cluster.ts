import type { Agent, AgentInfo } from "../conversation/agent.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import type { BridgeError } from "../conversation/errors.ts";
import type { AgentFeedback } from "../conversation/feedback.ts";
import { nearestNames } from "../conversation/nearest.ts";
import { readAddresses } from "./address.ts";
import { createAgent } from "./agent.ts";
import { type AgentList, createAgentList } from "./agent-list.ts";
import { failureOf } from "./call-error.ts";
import { type Card, readCard } from "./card.ts";
import { createConnection } from "./connection.ts";
import { type Controller, createController } from "./kagent/controller.ts";
import { createNegotiator } from "./negotiate.ts";
import { observeAgent } from "./observed-agent.ts";
import { observeRpc } from "./observed-rpc.ts";
import type { A2ALimits, A2AOptions, ClusterEndpoint } from "./options.ts";
import { createRest, type Rest } from "./rest.ts";
import { createRpc } from "./rpc.ts";
import { listUnreadable, toBridgeError } from "./sentences.ts";
import { createTaskPort } from "./task-port.ts";
import type { Protocol } from "./wire/codec.ts";

/** One cluster: its agents and the connections to them. */
export interface Cluster {
  readonly agents: AgentList;
  agent(ref: AgentRef): Agent;
  /** Resolves with false where nobody takes feedback; rejects with `CallError`. */
  feedback(feedback: AgentFeedback): Promise<boolean>;
  close(): Promise<void>;
}

const AGENTS_TTL_MS = 60_000;

/** The cluster behind an endpoint. */
export function createCluster(endpoint: ClusterEndpoint, options: A2AOptions, limits: A2ALimits): Cluster {
  const { clock } = options;
  const log = options.log.child({ cluster: endpoint.name });
  const addresses = readAddresses(endpoint, options.namespace);
  const connection = createConnection(endpoint, limits, options.proxy);
  const rest = createRest(connection, limits);
  const controller = addresses.baseUrl === undefined ? undefined : createController(addresses.baseUrl, rest);
  const { single, baseUrl } = addresses;
  const viaController = createNegotiator(endpoint.protocol, async () =>
    controller ? probeController(controller) : "0.3",
  );
  const viaProcess = createNegotiator(endpoint.protocol, async () =>
    single ? probeCard(rest, single.url) : "0.3",
  );
  const configured = [...(single ? [single.ref] : []), ...(options.configured ?? [])];
  const known = configured.filter((ref) => ref.cluster === endpoint.name);
  const urlOf = (ref: AgentRef): string => {
    if (single && (!controller || isSame(single.ref, ref))) return single.url;
    return controller?.a2aUrl(ref.namespace, ref.name) ?? "";
  };
  const agents = createAgentList(
    () => readAgents({ controller, rest, known, urlOf, cluster: endpoint.name }),
    clock,
    options.agentsTtlMs ?? AGENTS_TTL_MS,
  );
  const explain = (ref: AgentRef) => (error: unknown) => explainFor(ref, error, agents);
  return {
    agents,
    agent(ref) {
      const url = urlOf(ref);
      const behind = baseUrl !== undefined && url.startsWith(`${baseUrl}/`);
      const negotiator = behind ? viaController : viaProcess;
      const plain = createRpc(connection, url, limits);
      const rpc = options.observe ? observeRpc(plain, ref, options.observe, clock) : plain;
      const port = createTaskPort(rpc, negotiator, behind ? controller : undefined, limits);
      const agent = createAgent({
        ref,
        port,
        clock,
        log: log.child({ agent: ref.name }),
        limits,
        explain: explain(ref),
      });
      return options.observeRuns ? observeAgent(agent, url, options.observeRuns) : agent;
    },
    feedback: async (feedback) => (await controller?.feedback(feedback)) ?? false,
    close: connection.close,
  };
}

// Every release up to 0.10 has /version and speaks 0.3; what came after has neither.
async function probeController(controller: Controller): Promise<Protocol> {
  try {
    await controller.version();
    return "0.3";
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "http" && failure.status === 404) return "1.0";
    throw error;
  }
}

async function probeCard(rest: Rest, url: string): Promise<Protocol> {
  const card = await fetchCard(rest, url);
  // Where a server speaks both, the older is what kagent's runtimes behind it speak themselves.
  return card?.protocols[0] ?? "0.3";
}

async function fetchCard(rest: Rest, url: string): Promise<Card | undefined> {
  const current = await rest.get(`${url}.well-known/agent-card.json`).catch((error: unknown) => {
    if (failureOf(error).kind !== "http") throw error;
  });
  return readCard(current) ?? readCard(await rest.get(`${url}.well-known/agent.json`).catch(() => undefined));
}

interface ListSource {
  readonly controller: Controller | undefined;
  readonly rest: Rest;
  readonly known: readonly AgentRef[];
  readonly urlOf: (ref: AgentRef) => string;
  readonly cluster: string;
}

/** The controller's list, or, where it has none, the configured agents as their cards describe them. */
async function readAgents(source: ListSource): Promise<readonly AgentInfo[]> {
  const { controller, cluster } = source;
  try {
    if (controller) return await controller.agents(cluster);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== "http" || failure.status !== 404) throw listUnreadable(error);
  }
  return Promise.all(source.known.map((ref) => readSingle(source, ref)));
}

async function readSingle(source: ListSource, ref: AgentRef): Promise<AgentInfo> {
  const card = await fetchCard(source.rest, source.urlOf(ref)).catch(() => undefined);
  return {
    ref,
    description: card?.description ?? "",
    ready: card !== undefined,
    examples: card?.examples ?? [],
  };
}

async function explainFor(ref: AgentRef, error: unknown, agents: AgentList): Promise<BridgeError> {
  const failure = failureOf(error);
  const missing = failure.kind === "http" && failure.status === 404;
  const others = missing ? await agents.list().catch(() => agents.known()) : [];
  const names = others.map((info) => nameFor(info.ref, ref.namespace));
  return toBridgeError(error, { agent: ref.name, nearest: nearestNames(nameFor(ref, ref.namespace), names) });
}

function nameFor(ref: AgentRef, namespace: string): string {
  return ref.namespace === namespace ? ref.name : `${ref.namespace}/${ref.name}`;
}

function isSame(one: AgentRef, other: AgentRef): boolean {
  return one.namespace === other.namespace && one.name === other.name;
}
