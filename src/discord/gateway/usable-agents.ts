import { mayAsk } from "../../conversation/access.ts";
import type { AgentInfo } from "../../conversation/agent.ts";
import type { Actor } from "../../conversation/place.ts";
import { isReachable } from "../../conversation/routing.ts";
import type { Surroundings } from "./surroundings.ts";

/** Lists are read again when they are old; Discord waits three seconds, and people less. */
const PATIENCE_MS = 800;

/** The agents that this person may ask: as the controllers list them, or as they did when one does not answer soon. */
export async function usableAgents(around: Surroundings, actor: Actor): Promise<readonly AgentInfo[]> {
  const { directory, routing, clock, access } = around;
  const reads = routing.clusters.map(({ name }) => directory.list(name).catch(() => undefined));
  await Promise.race([Promise.all(reads), clock.sleep(PATIENCE_MS)]);
  return directory
    .known()
    .filter((one) => isReachable(routing, one.ref) && mayAsk(access, actor, one.ref).allowed);
}
