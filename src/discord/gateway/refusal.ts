import type { BaseInteraction } from "discord.js";
import { type Decision, isServedGuild, mayAsk, mayUse } from "../../conversation/access.ts";
import type { AgentRef } from "../../conversation/agent-ref.ts";
import { BridgeError, type ErrorCode } from "../../conversation/errors.ts";
import type { Actor, Place } from "../../conversation/place.ts";
import { actorOfInteraction } from "./event.ts";
import type { Surroundings } from "./surroundings.ts";

/** Refusals in our own words: nothing is broken, so nobody has to look into the log. */
const PLAIN: ReadonlySet<ErrorCode> = new Set([
  "agent-unknown",
  "access-denied",
  "cluster-unknown",
  "file-refused",
  "queue-full",
]);

/** What people read of an error: our own sentence, and a reference under which the log has the rest. */
export function sentenceFor(around: Surroundings, error: unknown): string {
  if (error instanceof BridgeError && isPlain(error)) return error.message;
  const reference = around.newId();
  around.handling?.failed(reference, error);
  const isBug = !(error instanceof BridgeError);
  around.log[isBug ? "error" : "warn"]({ err: error, reference }, "an event could not be handled");
  const sentence = isBug
    ? "Something went wrong on my side. Try again; an operator finds the reference in the log."
    : error.message;
  return `${sentence}\n-# Reference: ${reference}`;
}

function isPlain({ code, cause }: BridgeError): boolean {
  return PLAIN.has(code) || (code === "discord-failed" && cause === undefined);
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
  if (served.length === 0) return { allowed: false, sentence: SERVES_NOBODY };
  let isKnown = true;
  for (const guildId of served) {
    const isMember = await around.isMember(guildId, actor.id);
    if (isMember) return decision;
    isKnown &&= isMember !== undefined;
  }
  return { allowed: false, sentence: isKnown ? NO_MEMBER : UNKNOWN_MEMBER };
}

/** Why a click in a direct message counts no more; undefined elsewhere: in a server the click itself tells who may decide. */
export async function directRefusal(
  around: Surroundings,
  click: BaseInteraction,
): Promise<string | undefined> {
  if (click.guildId !== null) return undefined;
  const place = { kind: "direct", channelId: click.channelId ?? "" } as const;
  const decision = await mayUseHere(around, actorOfInteraction(click), place);
  return decision.allowed ? undefined : decision.sentence;
}

const SERVES_NOBODY =
  "I serve no server at the moment, so I answer nobody here. The bot's operator can add yours to `DISCORD_GUILD_IDS`.";
const NO_MEMBER =
  "You are in none of the servers that I serve. The bot's operator can tell you which ones they are.";
const UNKNOWN_MEMBER =
  "Discord did not tell me whether you are in a server that I serve. Try again in a minute.";

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
