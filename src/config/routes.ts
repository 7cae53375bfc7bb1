import type { Route } from "../conversation/routing.ts";
import { builtInSentence, isBuiltIn } from "./built-in.ts";
import { DEFAULT_ROUTES, describedRoute } from "./default-routes.ts";
import { splitList } from "./environment.ts";
import { type ConfigInput, eachRepeated, noCluster } from "./input.ts";
import type { FileConfig } from "./schema.ts";
import { WORDS } from "./words.ts";

type FileRoute = NonNullable<FileConfig["routes"]>[number];

/** The agent of a lone address: its name, its namespace where the path tells, and its command. */
export interface LoneAgent {
  readonly agent: string;
  readonly namespace?: string;
  readonly command: string;
}

/**
 * What the address of one agent tells: `…/api/a2a/kagent/k8s-agent/` → `k8s-agent` in `kagent`, `/k8s`. An address
 * without a usable name gives `agent`, `/agent`.
 */
export function loneAgent(url: string): LoneAgent {
  const steps = new URL(url).pathname.split("/").filter((step) => step !== "");
  const [namespace] = /\/api\/a2a(?:-sandboxes)?\/([^/]+)\/[^/]+\/?$/.exec(url)?.slice(1) ?? [];
  const last = steps.at(-1) ?? "";
  const agent = WORDS.namespace.pattern.test(last) ? last : "agent";
  const short = agent.replace(/-agent$/, "");
  const command = WORDS.command.pattern.test(short) && !isBuiltIn(short) ? short : "agent";
  return namespace === undefined ? { agent, command } : { agent, namespace, command };
}

/** Reads the routes: those of `KAGENT_ROUTES`, else of the file, else of the lone agent, else kagent's own. */
export function readRoutes(
  input: ConfigInput,
  clusters: readonly string[],
  lone?: LoneAgent,
): readonly Route[] {
  const { env, file } = input;
  const fromEnv = env.isSet("KAGENT_ROUTES") ? envRoutes(input) : undefined;
  const fromFile = file.config.routes?.map(toRoute);
  checkFileRoutes(input, clusters);
  const standard = lone ? [describedRoute(lone.command, lone.agent)] : DEFAULT_ROUTES;
  const routes = fromEnv ?? fromFile ?? standard;
  if (lone) checkReachable(input, routes, lone);
  return routes;
}

function envRoutes({ env, file }: ConfigInput): readonly Route[] {
  const entries = splitList(env.text("KAGENT_ROUTES")) ?? [];
  const routes = entries.flatMap((entry) => {
    const [command = "", agent = "", ...rest] = entry.split("=").map((part) => part.trim());
    const problem = rest.length > 0 || agent === "" ? "Write command=agent." : commandProblem(command);
    const wrong = problem ?? (WORDS.agent.pattern.test(agent) ? undefined : WORDS.agent.sentence);
    if (wrong === undefined)
      return [file.config.routes?.map(toRoute).find(isFor(command, agent)) ?? describedRoute(command, agent)];
    env.problem("KAGENT_ROUTES", `“${entry}” is not understood. ${wrong}`);
    return [];
  });
  eachRepeated(
    routes.map((route) => route.command),
    (_index, command) => env.problem("KAGENT_ROUTES", `The command “${command}” is listed twice.`),
  );
  return routes;
}

/** A route of the file with the same meaning brings its texts along. */
function isFor(command: string, agent: string) {
  return (route: Route) => route.command === command && route.agent === agent;
}

function toRoute(route: FileRoute): Route {
  const plain = describedRoute(route.command, route.agent);
  const own = route.description !== undefined;
  return {
    command: route.command,
    agent: route.agent,
    description: route.description ?? plain.description,
    // Translations of our words would contradict a description of their own.
    descriptions: definedOnly(route.descriptions ?? (own ? {} : plain.descriptions)),
    examples: route.examples ?? plain.examples,
    ...(route.cluster === undefined ? {} : { cluster: route.cluster }),
  };
}

function definedOnly(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])),
  );
}

function checkFileRoutes({ file, fileProblem }: ConfigInput, clusters: readonly string[]): void {
  const routes = file.config.routes ?? [];
  for (const [index, route] of routes.entries()) {
    if (route.cluster !== undefined && !clusters.includes(route.cluster) && !file.broken.has("clusters")) {
      fileProblem(["routes", index, "cluster"], noCluster(route.cluster, clusters));
    }
  }
  eachRepeated(
    routes.map((route) => route.command),
    (index, command) =>
      fileProblem(["routes", index, "command"], `The command “${command}” is listed twice.`),
  );
}

function checkReachable({ env, fileProblem }: ConfigInput, routes: readonly Route[], lone: LoneAgent): void {
  const own = [lone.agent, `${lone.namespace}/${lone.agent}`];
  for (const [index, route] of routes.entries()) {
    if (own.includes(route.agent)) continue;
    const sentence = `KAGENT_A2A_URL reaches only ${lone.agent}, not ${route.agent}. Set KAGENT_BASE_URL instead to reach all agents.`;
    if (env.isSet("KAGENT_ROUTES")) env.problem("KAGENT_ROUTES", sentence);
    else fileProblem(["routes", index, "agent"], sentence);
  }
}

function commandProblem(command: string): string | undefined {
  if (isBuiltIn(command)) return builtInSentence(command);
  return WORDS.command.pattern.test(command) ? undefined : WORDS.command.sentence;
}
