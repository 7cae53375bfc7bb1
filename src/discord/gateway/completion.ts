import { mayAsk } from "../../conversation/access.ts";
import type { Actor } from "../../conversation/place.ts";
import type { OptionSpec } from "../command.ts";
import type { Surroundings } from "./surroundings.ts";

const MOST_CHOICES = 25;
const LONGEST_CHOICE = 100;

/** What may be typed, for this person: from memory, since Discord waits only three seconds. */
export function completions(
  around: Surroundings,
  actor: Actor,
  kind: OptionSpec["complete"],
  typed: string,
): readonly string[] {
  const names =
    kind === "agent" ? agentNames(around, actor) : kind === "cluster" ? clusterNames(around, actor) : [];
  const wanted = typed.trim().toLowerCase();
  return [...new Set(names)]
    .filter((name) => name.toLowerCase().includes(wanted) && name.length <= LONGEST_CHOICE)
    .toSorted((a, b) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)) || a.localeCompare(b))
    .slice(0, MOST_CHOICES);
}

function agentNames(around: Surroundings, actor: Actor): readonly string[] {
  const { namespace } = around.routing;
  return around.directory
    .known()
    .filter((one) => mayAsk(around.access, actor, one.ref).allowed)
    .map(({ ref }) => (ref.namespace === namespace ? ref.name : `${ref.namespace}/${ref.name}`));
}

/** Clusters on which this person may ask anything at all. */
function clusterNames(around: Surroundings, actor: Actor): readonly string[] {
  const known = around.directory.known();
  return around.routing.clusters
    .map((one) => one.name)
    .filter((name) => {
      const there = known.filter((agent) => agent.ref.cluster === name);
      return there.length === 0 || there.some((agent) => mayAsk(around.access, actor, agent.ref).allowed);
    });
}
