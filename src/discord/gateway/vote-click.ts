import type { ButtonInteraction } from "discord.js";
import type { Vote, VoteOutcome } from "../../conversation/feedback.ts";
import type { Place } from "../../conversation/place.ts";
import { actorOfInteraction } from "./event.ts";
import { privately } from "./private-reply.ts";
import { refusalFor } from "./refusal.ts";
import type { Surroundings } from "./surroundings.ts";

const THUMBS: Readonly<Record<Vote, string>> = { up: "👍", down: "👎" };

/** A click on thumbs up or down. Whoever may ask the agent here may say what they think of its answer. */
export async function clickVote(
  around: Surroundings,
  interaction: ButtonInteraction,
  place: Place,
  { turnId, vote }: { readonly turnId: string; readonly vote: Vote },
): Promise<void> {
  const { feedback, conversations } = around;
  if (!feedback) return privately(around, interaction, "Answers are not voted on any more.");
  const prompt = await conversations.promptOf(turnId);
  if (!prompt) return privately(around, interaction, "This answer is too old to be voted on.");
  const actor = actorOfInteraction(interaction);
  const refusal = await refusalFor(around, actor, place, prompt.agent);
  if (refusal !== undefined) return privately(around, interaction, refusal);
  const outcome = await feedback.vote(prompt, actor.id, vote);
  await privately(around, interaction, thanks(vote, outcome));
}

function thanks(vote: Vote, outcome: VoteOutcome): string {
  if (outcome === "same") return `Your ${THUMBS[vote]} is noted already.`;
  if (outcome === "changed") return `Your vote is ${THUMBS[vote]} now.`;
  return `Thank you, your ${THUMBS[vote]} is noted. The other thumb changes it.`;
}
