import { findings } from "../conversation/finding.ts";
import type { Check, Finding } from "../conversation/ports.ts";
import type { ProxySettings } from "../network/proxy.ts";
import { readAddresses } from "./address.ts";
import { failureOf } from "./call-error.ts";
import { createConnection } from "./connection.ts";
import { lookAtAgents, lookAtTargets } from "./doctor/agents.ts";
import { lookAtCard, lookAtDialect } from "./doctor/dialect.ts";
import { unreachable } from "./doctor/failure.ts";
import type { Target } from "./doctor/target.ts";
import { type AgentSpec, readAgentSpecs } from "./kagent/agent-spec.ts";
import { type ClusterEndpoint, defaultLimits } from "./options.ts";
import { createRest, type Rest } from "./rest.ts";
import { isObject, stringAt } from "./wire/json.ts";

/** What doctor holds a cluster against. */
export interface ClusterCheckOptions {
  readonly endpoint: ClusterEndpoint;
  /** Where an agent lives whose namespace nothing else says. */
  readonly namespace: string;
  readonly targets: readonly Target[];
  readonly proxy: ProxySettings;
  /** Milliseconds for each request. */
  readonly timeoutMs: number;
}

/** Everything to look at in one cluster; nothing is asked of an agent. */
export function clusterCheck(options: ClusterCheckOptions): Check {
  const { endpoint, timeoutMs, proxy } = options;
  const name = `kagent ${endpoint.name}`;
  return {
    name,
    async run(signal) {
      const limits = { ...defaultLimits, connectMs: timeoutMs, unaryMs: timeoutMs };
      const connection = createConnection(endpoint, limits, proxy);
      try {
        return await lookAtCluster(name, options, createRest(connection, limits), signal);
      } finally {
        await connection.close();
      }
    },
  };
}

async function lookAtCluster(
  name: string,
  options: ClusterCheckOptions,
  rest: Rest,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { endpoint, namespace } = options;
  const { baseUrl, single } = readAddresses(endpoint, namespace);
  if (baseUrl !== undefined) return lookAtController(name, baseUrl, options, rest, signal);
  if (!single) return [];
  return [await lookAtCard(name, single.url, endpoint.protocol, rest, signal)];
}

async function lookAtController(
  name: string,
  baseUrl: string,
  options: ClusterCheckOptions,
  rest: Rest,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { endpoint, targets } = options;
  const version = await rest.get(`${baseUrl}/version`, {}, signal).then(versionIn, (error: unknown) => {
    const failure = failureOf(error);
    // What came after 0.10 has no version to tell.
    return failure.kind === "http" && failure.status === 404 ? "" : { error };
  });
  if (typeof version !== "string") return [unreachable(name, version.error)];
  const check = findings(name);
  const reached = check.ok(
    version === "" ? "kagent answers, without a version." : `kagent ${version} answers.`,
  );
  const listing = await readList(baseUrl, rest, signal);
  const specs = "specs" in listing ? listing.specs : undefined;
  return [
    reached,
    ...lookAtDialect(name, endpoint.protocol, version, specs ?? []),
    ...(specs ? lookAtList(name, endpoint, specs, targets) : lookAtNoList(name, version, listing)),
  ];
}

type Listing = { readonly specs: readonly AgentSpec[] } | { readonly error: unknown };

async function readList(baseUrl: string, rest: Rest, signal: AbortSignal): Promise<Listing> {
  try {
    return { specs: readAgentSpecs(await rest.get(`${baseUrl}/api/agents`, {}, signal)) };
  } catch (error) {
    return { error };
  }
}

function lookAtList(
  name: string,
  endpoint: ClusterEndpoint,
  specs: readonly AgentSpec[],
  targets: readonly Target[],
): readonly Finding[] {
  const auth = findings(`${name}: credentials`);
  const hasBearer = Object.keys(endpoint.headers).some((one) => one.toLowerCase() === "authorization");
  return [
    auth.ok(hasBearer ? "kagent accepts the token." : "kagent accepts calls without a token."),
    ...lookAtAgents(name, specs, hasBearer),
    ...lookAtTargets(name, specs, targets),
  ];
}

function lookAtNoList(name: string, version: string, listing: Listing): readonly Finding[] {
  const failure = failureOf("error" in listing ? listing.error : undefined);
  const isGone = failure.kind === "http" && failure.status === 404;
  if (isGone && version === "") {
    const sentence = "This kagent does not list its agents, so routes and tools were not looked at.";
    return [findings(`${name}: agents`).warning(sentence, "Compare with kubectl get agents -A.")];
  }
  return [unreachable(`${name}: agents`, "error" in listing ? listing.error : undefined)];
}

function versionIn(value: unknown): string {
  return isObject(value) ? (stringAt(value, "kagent_version") ?? "") : "";
}
