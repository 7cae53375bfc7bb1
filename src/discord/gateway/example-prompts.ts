import type { Actor, Place } from "../../conversation/place.ts";
import { agentRef, chooseAgent, isSameAgent } from "../../conversation/routing.ts";
import { channelIdsOf } from "./event.ts";
import type { Surroundings } from "./surroundings.ts";
import { usableAgents } from "./usable-agents.ts";

const MOST_EXAMPLES = 5;

/** Example prompts for this person in this place: of the skills of the place's own agent first, then of the others. */
export async function examplesFor(
  around: Surroundings,
  actor: Actor,
  place: Place,
): Promise<readonly string[]> {
  const { routing } = around;
  const agents = await usableAgents(around, actor);
  const own = chooseAgent(routing, { text: "", channelIds: channelIdsOf(place) }).agent;
  const ordered = agents.toSorted(
    (one, other) => Number(isSameAgent(other.ref, own)) - Number(isSameAgent(one.ref, own)),
  );
  const reachable = routing.routes.filter((route) =>
    agents.some(({ ref }) => isSameAgent(ref, agentRef(routing, route.agent, route.cluster ?? ref.cluster))),
  );
  const all = [...ordered, ...reachable].flatMap((one) => one.examples);
  return [...new Set(all)].slice(0, MOST_EXAMPLES);
}
