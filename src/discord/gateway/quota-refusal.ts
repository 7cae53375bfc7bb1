import type { Place } from "../../conversation/place.ts";
import { excessSentence } from "../../conversation/quota.ts";
import type { Applicant } from "../../conversation/quotas.ts";
import type { Asked, Surroundings } from "./surroundings.ts";

/** Who wants to ask, for the count. A thread that is still to be opened is a place that nobody has. */
export function applicantOf({ actor, place, thread }: Pick<Asked, "actor" | "place" | "thread">): Applicant {
  return thread.possible ? withoutPlace(actor, place) : applicantIn(actor, place);
}

/** Who wants to ask right here. */
export function applicantIn(actor: Applicant["actor"], place: Place): Applicant {
  return { ...withoutPlace(actor, place), placeId: place.channelId };
}

function withoutPlace(actor: Applicant["actor"], { guildId }: Place): Applicant {
  return { actor, ...(guildId === undefined ? {} : { guildId }) };
}

/** Why one more question is too many now; undefined where it is not. Nothing is counted. */
export async function quotaRefusal(
  { quotas }: Pick<Surroundings, "quotas">,
  applicant: Applicant,
): Promise<string | undefined> {
  const excess = await quotas?.excess(applicant);
  return excess && excessSentence(excess);
}

/**
 * Hands a prompt over as one that counts; resolves with the sentence why it was not handed over. Rejects as `ask` does: then it
 * does not count.
 */
export async function askCounted(
  { quotas }: Pick<Surroundings, "quotas">,
  applicant: Applicant,
  ask: () => Promise<void>,
): Promise<string | undefined> {
  const admission = await quotas?.admit(applicant);
  if (admission?.allowed === false) return excessSentence(admission.excess);
  let isAsked = false;
  try {
    await ask();
    isAsked = true;
  } finally {
    await admission?.settle(isAsked);
  }
  return undefined;
}
