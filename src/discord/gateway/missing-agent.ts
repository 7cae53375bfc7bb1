import { mayAsk } from "../../conversation/access.ts";
import type { AgentRef } from "../../conversation/agent-ref.ts";
import { nearestNames } from "../../conversation/nearest.ts";
import type { Actor } from "../../conversation/place.ts";
import { isReachable, isSameAgent } from "../../conversation/routing.ts";
import type { Surroundings } from "./surroundings.ts";

/** How long an unknown agent is looked up before the question goes on anyway: people see something within a second. */
const LOOK_UP_MS = 500;

/** A sentence when the controller surely does not have this agent; a slow or silent controller is no proof. */
export async function missingAgent(
  { directory, routing, access, clock }: Surroundings,
  ref: AgentRef,
  actor: Actor,
): Promise<string | undefined> {
  const late = clock.sleep(LOOK_UP_MS).then(() => undefined);
  const agents = await Promise.race([directory.list(ref.cluster).catch(() => undefined), late]);
  if (!agents || agents.length === 0 || agents.some((one) => isSameAgent(one.ref, ref))) return undefined;
  const names = agents
    .filter((one) => isReachable(routing, one.ref) && mayAsk(access, actor, one.ref).allowed)
    .map((one) =>
      one.ref.namespace === ref.namespace ? one.ref.name : `${one.ref.namespace}/${one.ref.name}`,
    );
  const near = nearestNames(ref.name, names).map((name) => `\`${name}\``);
  const nearest = near.length > 0 ? ` Nearest: ${near.join(", ")}.` : "";
  return `There is no agent \`${ref.name}\` in namespace \`${ref.namespace}\`.${nearest} An operator can apply an Agent of that name, or point the route to another one.`;
}
