import type { Agent, AgentDefinition } from "./agent.ts";
import { createSubagents } from "./delegation.ts";
import type { Surface } from "./endpoint.ts";
import { startForAgent } from "./entries.ts";
import { createFaultQueue, type Fault, type FaultQueue, type FaultTarget } from "./fault.ts";
import { createFeedbackBook, type SeenFeedback } from "./feedback.ts";
import type { IdentityRules } from "./identity.ts";
import { createLedger, type Ledger, type SeenDecision, type ToolRun } from "./ledger.ts";
import { startListener } from "./listener.ts";
import { decideElsewhere, type Elsewhere } from "./replies.ts";
import type { SeenRequest } from "./request.ts";
import { createRoutes } from "./routes.ts";
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
interface AgentControls {
  readonly url: string;
  /** The next calls go wrong: `times` of them (1 when absent), prompts where `on` is absent. */
  fault(fault: Fault, options?: { readonly times?: number; readonly on?: FaultTarget }): void;
  /** The pod goes away, with its runs, until `up`. */
  down(): void;
  up(): void;
  /** The process dies and comes back at once: its runs say `working` for ever; what waits for people goes on waiting. */
  kill(): void;
  /** Every reply that reached a paused task of this agent, or one that was just answered, in order. */
  readonly decisions: readonly SeenDecision[];
  /** Every execution of a tool that had to be approved, in order. */
  readonly toolRuns: readonly ToolRun[];
  /** A pause is answered without the client, as in kagent's own interface. Throws when the task does not wait. */
  decideElsewhere(taskId: string, choice: Elsewhere): void;
}

export interface Kagent {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly SeenRequest[];
  /** Every task that was really started, in order; `prompts` has more than one where a pause was answered. */
  runs(): readonly Run[];
  /** Of all agents, in order. */
  readonly decisions: readonly SeenDecision[];
  readonly toolRuns: readonly ToolRun[];
  /** Opinions on answers that the controller stored, in order. */
  readonly feedback: readonly SeenFeedback[];
  /** By name, or `namespace/name` where a name is used twice. */
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
  const { surface = "controller", version = "0.9.12", auth = "unsecure", token } = options;
  const requests: SeenRequest[] = [];
  const runs = new Set<Run>();
  const waiting = createWaiting();
  const faults = createFaultQueue();
  const changed = (run: Run) => {
    runs.add(run);
    waiting.notify();
  };
  const ledger = createLedger();
  const agents = (): readonly Agent[] => pods.map(({ agent }) => agent);
  const site: PodSite = {
    surface,
    speed: options.speed ?? 1,
    changed,
    noted: waiting.notify,
    agents,
    ledger,
  };
  const pods: readonly Pod[] = options.agents.map((definition) => createPod(definition, site));
  const rules = { auth, token };
  const feedback = createFeedbackBook(waiting.notify);
  const route = createRoutes({
    surface,
    version,
    rules,
    endpoints: pods,
    faults,
    runs: () => [...runs],
    feedback,
  });
  const listener = await startListener(options.port ?? 0, (request, response) => {
    requests.push(request);
    waiting.notify();
    return route(request, response);
  });
  const url = `http://127.0.0.1:${listener.port}`;
  const find = (name: string): Pod => {
    const found = pods.find(({ agent }) => name === agent.definition.name || name === fullName(agent));
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  };
  let closed: Promise<void> | undefined;

  return {
    url,
    requests,
    runs: () => [...runs],
    decisions: ledger.decisions,
    toolRuns: ledger.toolRuns,
    feedback: feedback.entries,
    agent: (name) => controls(find(name), url, ledger),
    fault: (fault, times = 1) => faults.add(fault, { times, on: "rest" }),
    until: waiting.until,
    async restart(downMs = 0) {
      const down = listener.close();
      for (const { agent } of pods) lose(agent, (run) => run.dialect.runtime === "go");
      await down;
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await listener.open();
    },
    stop() {
      for (const { agent } of pods) {
        agent.sleeper.stop();
        for (const { run } of agent.entries.values()) run.stop();
      }
      closed ??= listener.close();
      return closed;
    },
  };
}

/** An agent and what it runs in. */
interface Pod {
  readonly agent: Agent;
  readonly surface: Surface;
  readonly faults: FaultQueue;
  readonly ready: () => boolean;
  readonly setReady: (ready: boolean) => void;
}

/** What the pods of one kagent share. */
interface PodSite {
  readonly surface: Surface;
  readonly speed: number;
  readonly changed: Agent["changed"];
  readonly noted: () => void;
  readonly agents: () => readonly Agent[];
  readonly ledger: Ledger;
}

function createPod(definition: AgentDefinition, site: PodSite): Pod {
  const { surface, ledger } = site;
  const through = surface === "process" ? "process" : "controller";
  const speaks = definition.speaks ?? (surface === "main" ? "1.0" : "0.3");
  let up = true;
  const ready = () => up;
  const named = () => ({ agent: fullName(agent), at: Date.now() });
  const agent: Agent = {
    definition,
    namespace: definition.namespace ?? "kagent",
    dialect: { runtime: definition.runtime ?? "go", speaks, through },
    speed: definition.speed ?? site.speed,
    entries: new Map(),
    replays: new Map(),
    sleeper: createSleeper(),
    memory: new Map(),
    changed: site.changed,
    ready,
    peers: site.agents,
    subagents: createSubagents(() => agent),
    start: (prompt) => startForAgent(agent, prompt),
    note(decision) {
      ledger.decisions.push({ ...decision, ...named() });
      site.noted();
    },
    ran({ taskId }, { id, name, args }) {
      ledger.toolRuns.push({ ...named(), taskId, callId: id, tool: name, args });
      site.noted();
    },
  };
  return {
    agent,
    surface,
    faults: createFaultQueue(),
    ready,
    setReady: (ready) => {
      up = ready;
    },
  };
}

function fullName({ namespace, definition }: Agent): string {
  return `${namespace}/${definition.name}`;
}

function controls({ agent, surface, faults, setReady }: Pod, url: string, ledger: Ledger): AgentControls {
  const own = (entry: { readonly agent: string }) => entry.agent === fullName(agent);
  return {
    url: surface === "process" ? `${url}/` : `${url}/api/a2a/${fullName(agent)}/`,
    fault: (fault, options) => faults.add(fault, options),
    down() {
      setReady(false);
      lose(agent, () => true);
    },
    up: () => setReady(true),
    kill: () => lose(agent, () => true),
    get decisions() {
      return ledger.decisions.filter(own);
    },
    get toolRuns() {
      return ledger.toolRuns.filter(own);
    },
    decideElsewhere: (taskId, choice) => decideElsewhere(agent, taskId, choice),
  };
}

/** Ends what works without an end: nothing moves these runs any more. What waits for people waits on. */
function lose(agent: Agent, which: (run: Run) => boolean): void {
  for (const { run } of agent.entries.values()) {
    if (!run.live() || !which(run)) continue;
    run.stop();
    run.settle("lost");
  }
}
