import type { AgentInfo } from "../../conversation/agent.ts";
import type { Actor } from "../../conversation/place.ts";
import type { OptionSpec } from "../command.ts";
import type { Surroundings } from "./surroundings.ts";
import { usableAgents } from "./usable-agents.ts";

const MOST_CHOICES = 25;
const LONGEST_CHOICE = 100;

/** What may be typed, for this person. */
export async function completions(
  around: Surroundings,
  actor: Actor,
  kind: OptionSpec["complete"],
  typed: string,
): Promise<readonly string[]> {
  const agents = await usableAgents(around, actor);
  const names =
    kind === "agent" ? agentNames(around, agents) : kind === "cluster" ? clusterNames(around, agents) : [];
  const wanted = typed.trim().toLowerCase();
  return [...new Set(names)]
    .filter((name) => name.toLowerCase().includes(wanted) && name.length <= LONGEST_CHOICE)
    .toSorted((a, b) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)) || a.localeCompare(b))
    .slice(0, MOST_CHOICES);
}

function agentNames({ routing }: Surroundings, agents: readonly AgentInfo[]): readonly string[] {
  return agents.map(({ ref }) =>
    ref.namespace === routing.namespace ? ref.name : `${ref.namespace}/${ref.name}`,
  );
}

/** Clusters on which this person may ask anything at all; one that could not be read is not known to be closed. */
function clusterNames({ routing, directory }: Surroundings, agents: readonly AgentInfo[]): readonly string[] {
  const read = new Set(directory.known().map((agent) => agent.ref.cluster));
  return routing.clusters
    .map((one) => one.name)
    .filter((name) => !read.has(name) || agents.some((agent) => agent.ref.cluster === name));
}
