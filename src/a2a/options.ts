import type { AgentRef } from "../conversation/agent-ref.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import type { ProxySettings } from "../network/proxy.ts";
import type { CallObserver } from "./call-observer.ts";
import type { RunObserver } from "./observed-agent.ts";

/** How one cluster is reached. At least one of the two addresses is set. */
export interface ClusterEndpoint {
  readonly name: string;
  /** A kagent controller, such as `http://kagent-controller.kagent:8083`. */
  readonly baseUrl?: string;
  /** One agent's own address: a controller's `…/api/a2a/namespace/name/`, or an agent process. */
  readonly agentUrl?: string;
  /** Who answers at `agentUrl`, where the address itself does not say it. */
  readonly agent?: { readonly namespace: string; readonly name: string };
  /** Sent with every call: bearer token, access proxy, anything static. Secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: "auto" | "0.3" | "1.0";
  /** PEM text of certificate authorities to trust instead of the system's. */
  readonly ca?: string;
}

/** Times in milliseconds, sizes in bytes. */
export interface A2ALimits {
  /** A stream without a byte for this long makes us read the task; it does not fail. */
  readonly idleMs: number;
  /** A task that shows no sign of life for this long is given up. */
  readonly silenceMs: number;
  /** The same after its agent was seen to be away and back: a restart ends every run. */
  readonly restartSilenceMs: number;
  readonly connectMs: number;
  /** From a request to the headers of its answer, for streams. */
  readonly headersMs: number;
  /** The whole of any call that is not a stream. */
  readonly unaryMs: number;
  /** One event of a stream. */
  readonly maxEventBytes: number;
  /** Everything that one stream sends. */
  readonly maxStreamBytes: number;
  /** The answer to any call that is not a stream. */
  readonly maxBodyBytes: number;
  readonly maxFileBytes: number;
}

export const defaultLimits: A2ALimits = {
  idleMs: 90_000,
  silenceMs: 15 * 60_000,
  restartSilenceMs: 60_000,
  connectMs: 10_000,
  headersMs: 120_000,
  unaryMs: 30_000,
  maxEventBytes: 16 * 1024 * 1024,
  maxStreamBytes: 256 * 1024 * 1024,
  maxBodyBytes: 16 * 1024 * 1024,
  maxFileBytes: 8 * 1024 * 1024,
};

/** What the A2A side needs. */
export interface A2AOptions {
  /** Absent: every cluster is reached directly. */
  readonly proxy?: ProxySettings;
  readonly clusters: readonly ClusterEndpoint[];
  /** Where an agent lives whose namespace nothing else says. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Agents that are listed where a controller cannot list its own. */
  readonly configured?: readonly AgentRef[];
  readonly limits?: Partial<A2ALimits>;
  readonly observe?: CallObserver;
  readonly observeRuns?: RunObserver;
  /** How long a list of agents is good; default one minute. */
  readonly agentsTtlMs?: number;
}
