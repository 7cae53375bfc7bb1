import { mayAsk, mayUse } from "../../conversation/access.ts";
import type { AgentRef } from "../../conversation/agent.ts";
import type { Actor, Place } from "../../conversation/place.ts";
import type { Surroundings } from "./surroundings.ts";

/** Why this person may not use the bot here or ask this agent, in one sentence; undefined when they may. */
export function refusalFor(
  around: Surroundings,
  actor: Actor,
  place: Place,
  agent: AgentRef,
): string | undefined {
  const use = mayUse(around.access, around.presence(), actor, place);
  if (!use.allowed) return use.sentence;
  const asks = mayAsk(around.access, actor, agent);
  return asks.allowed ? undefined : asks.sentence;
}
