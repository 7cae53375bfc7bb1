import { type Decision, isServedGuild, mayAsk, mayUse } from "../../conversation/access.ts";
import type { AgentRef } from "../../conversation/agent-ref.ts";
import { BridgeError } from "../../conversation/errors.ts";
import type { Actor, Place } from "../../conversation/place.ts";
import type { Surroundings } from "./surroundings.ts";

/** What people read of an error: our own sentence, or a reference under which the log has the rest. */
export function sentenceFor(around: Surroundings, error: unknown): string {
  if (error instanceof BridgeError) return error.message;
  const reference = around.newId();
  around.log.error({ err: error, reference }, "an event could not be handled");
  return `Something went wrong on my side. Try again; an operator finds it in the log under \`${reference}\`.`;
}

/**
 * Whether this person may use the bot here. In a direct message the event names no server, so Discord is asked whether
 * the person is in one that is served: the boundary of servers holds there too.
 */
export async function mayUseHere(around: Surroundings, actor: Actor, place: Place): Promise<Decision> {
  const decision = mayUse(around.access, around.presence(), actor, place);
  if (!decision.allowed || place.kind !== "direct") return decision;
  const { guildIds } = around.presence();
  const served = guildIds.filter((id) => isServedGuild(around.access, around.presence(), id));
  for (const guildId of served) if (await around.isMember(guildId, actor.id)) return decision;
  return {
    allowed: false,
    sentence: "You are in none of the servers that I serve. Ask me there, or ask the bot's operator.",
  };
}

/** Why this person may not use the bot here or ask this agent, in one sentence; undefined when they may. */
export async function refusalFor(
  around: Surroundings,
  actor: Actor,
  place: Place,
  agent: AgentRef,
): Promise<string | undefined> {
  const use = await mayUseHere(around, actor, place);
  if (!use.allowed) return use.sentence;
  const asks = mayAsk(around.access, actor, agent);
  return asks.allowed ? undefined : asks.sentence;
}
