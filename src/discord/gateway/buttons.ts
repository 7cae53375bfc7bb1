import type { ButtonInteraction } from "discord.js";
import type { Actor, Place } from "../../conversation/place.ts";
import type { Prompt } from "../../conversation/prompt.ts";
import { renderStarter } from "../view/starter.ts";
import type { Asking } from "./asking.ts";
import { confirmedText } from "./confirm.ts";
import { readCustomId } from "./custom-id.ts";
import { actorOfInteraction, deciderOf, placeOf } from "./event.ts";
import { laterFront } from "./later-front.ts";
import { privately } from "./private-reply.ts";
import { applicantIn, askCounted } from "./quota-refusal.ts";
import { refusalFor } from "./refusal.ts";
import { channelOf, UNSEEN_CHANNEL } from "./sight.ts";
import type { Surroundings } from "./surroundings.ts";
import { clickVote } from "./vote-click.ts";
import { openCardIn, stopRefusal } from "./waiting-here.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A click on any of our buttons, also on messages from before a restart. */
export async function clickButton(
  around: Surroundings,
  asking: Asking,
  interaction: ButtonInteraction,
): Promise<void> {
  const action = readCustomId(interaction.customId);
  // Where our own message is clicked the bot can look; before something new is asked there, Discord is asked.
  const asks = action?.act === "retry" || action?.act === "confirm";
  const channel = (asks ? null : interaction.channel) ?? (await channelOf(interaction));
  if (!action) return privately(around, interaction, "This button does nothing any more.");
  if (!channel) return privately(around, interaction, UNSEEN_CHANNEL);
  const place = placeOf(channel);
  if (action.act === "stop") return stop(around, interaction, place, action.turnId);
  if (action.act === "retry") return retry(around, interaction, place, action.turnId);
  if (action.act === "unqueue") return unqueue(around, interaction, place, action.promptId);
  if (action.act === "vote") return clickVote(around, interaction, place, action);
  if (action.act === "confirm") return confirm(around, asking, interaction, action.pendingId, action.yes);
}

async function stop(
  around: Surroundings,
  interaction: ButtonInteraction,
  place: Place,
  turnId: string,
): Promise<void> {
  const { running } = await around.conversations.status(place);
  const card = await openCardIn(around, place);
  if (running?.id !== turnId && card?.row.turnId !== turnId)
    return privately(around, interaction, "This is over already.");
  const refusal = await stopRefusal(around, deciderOf(interaction), place, running?.agent);
  if (refusal !== undefined) return privately(around, interaction, refusal);
  await acknowledged(around, interaction);
  await around.conversations.stop(place, actorOfInteraction(interaction));
}

async function retry(
  around: Surroundings,
  interaction: ButtonInteraction,
  place: Place,
  turnId: string,
): Promise<void> {
  const prompt = await around.conversations.promptOf(turnId);
  if (!prompt) return privately(around, interaction, "I no longer remember this question. Ask it again.");
  const actor = actorOfInteraction(interaction);
  const refusal = await refusalFor(around, actor, place, prompt.agent);
  if (refusal !== undefined) return privately(around, interaction, refusal);
  if (await openCardIn(around, prompt.place))
    return privately(around, interaction, "A request waits for a decision here. Decide it first.");
  const first = await around.seen.claim(`retry/${turnId}`, true, 7 * DAY_MS);
  if (!first) return privately(around, interaction, "Somebody pressed Try again already.");
  const tooMuch = await askAgain(around, prompt, actor).catch(async (error: unknown) => {
    await around.seen.delete(`retry/${turnId}`);
    throw error;
  });
  if (tooMuch !== undefined) {
    await around.seen.delete(`retry/${turnId}`);
    return privately(around, interaction, tooMuch);
  }
  // Asked for before the new turn can end, so that its end is what stays.
  const shown = showWorking(around, prompt);
  await interaction
    .update({ components: [] })
    .catch((err: unknown) => around.log.warn({ err }, "an acknowledgement was lost"));
  await shown;
}

/** Whoever presses the button asks; a sentence where that is more than they may. */
function askAgain(around: Surroundings, prompt: Prompt, actor: Actor): Promise<string | undefined> {
  const { shownId: _, starterWaits: __, ...again } = prompt;
  return askCounted(around, applicantIn(actor, prompt.place), () =>
    around.conversations.ask({ ...again, actor, id: around.newId(), createdAt: around.clock.now() }),
  );
}

/** The public reply said how the first try ended. */
async function showWorking(around: Surroundings, { starter, text, actor, agent }: Prompt): Promise<void> {
  if (!starter) return;
  const content = renderStarter({ prompt: text, actor, agent: around.label(agent), state: "working" });
  await around.channels.edit(starter.channelId, starter.messageId, { content });
}

async function unqueue(
  around: Surroundings,
  interaction: ButtonInteraction,
  place: Place,
  promptId: string,
): Promise<void> {
  const { waiting } = await around.conversations.status(place);
  const prompt = waiting.find((one) => one.id === promptId);
  if (!prompt) return privately(around, interaction, "This question does not wait any more.");
  const actor = actorOfInteraction(interaction);
  if (prompt.actor.id !== actor.id && !actor.manager) {
    return privately(
      around,
      interaction,
      `Only ${prompt.actor.name} or a server manager can remove this question.`,
    );
  }
  await acknowledged(around, interaction);
  await around.conversations.removeWaiting((one) => one.id === promptId);
}

async function confirm(
  around: Surroundings,
  asking: Asking,
  interaction: ButtonInteraction,
  pendingId: string,
  yes: boolean,
): Promise<void> {
  const pending = await around.pending.get(pendingId);
  if (!pending) return privately(around, interaction, "This question waited too long. Ask it again.");
  if (pending.actorId !== interaction.user.id) {
    return privately(around, interaction, "Only the person who asked can answer this.");
  }
  if (!(await around.seen.claim(`confirm/${pendingId}`, true, DAY_MS)))
    return acknowledged(around, interaction);
  await around.pending.delete(pendingId);
  await interaction
    .update({ content: confirmedText(yes, pending.asked.cluster ?? ""), components: [] })
    .catch((err: unknown) => around.log.warn({ err }, "an acknowledgement was lost"));
  // Roles may have changed since the question: who clicks now is who asks now.
  if (yes)
    await asking.ask(
      { ...pending.asked, actor: actorOfInteraction(interaction) },
      laterFront(around, interaction, pending.asked.messageId),
      { confirmed: true },
    );
}

async function acknowledged(around: Surroundings, interaction: ButtonInteraction): Promise<void> {
  await interaction
    .deferUpdate()
    .catch((err: unknown) =>
      around.log.warn({ err, interactionId: interaction.id }, "an acknowledgement was lost"),
    );
}
