import {
  LabelBuilder,
  type MessageContextMenuCommandInteraction,
  ModalBuilder,
  type ModalSubmitInteraction,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import type { MessageCommand } from "../command.ts";
import { fittingImages } from "../rest/cdn.ts";
import type { Asking } from "./asking.ts";
import { completions } from "./completion.ts";
import { readCustomId, toCustomId } from "./custom-id.ts";
import { actorOfInteraction, placeOf } from "./event.ts";
import { interactionFront } from "./interaction-front.ts";
import { forwardedMaterial, joinMaterial, materialOf } from "./material.ts";
import { speechless, threadChance } from "./permissions.ts";
import { privately } from "./private-reply.ts";
import { mayUseHere } from "./refusal.ts";
import { channelOf, UNSEEN_CHANNEL } from "./sight.ts";
import type { Surroundings } from "./surroundings.ts";

/** How long a form may stay open on somebody's phone. */
const FORM_TTL_MS = 24 * 60 * 60 * 1000;
const FORM_TOO_OLD = "This form is too old. Open it again from the message.";

/** "Ask an agent about this": opens a form with the agent and the question; the message goes along. */
export async function openAbout(
  around: Surroundings,
  form: MessageCommand["form"],
  interaction: MessageContextMenuCommandInteraction,
): Promise<void> {
  const actor = actorOfInteraction(interaction);
  const channel = await channelOf(interaction);
  if (!channel) return privately(around, interaction, UNSEEN_CHANNEL);
  const place = placeOf(channel);
  const decision = await mayUseHere(around, actor, place);
  if (!decision.allowed) return privately(around, interaction, decision.sentence);
  const target = interaction.targetMessage;
  const material = joinMaterial(
    [materialOf(target), forwardedMaterial(target)].flatMap((one) => (one ? [one] : [])),
  );
  const thread = threadChance(channel, interaction.appPermissions, around.botId());
  const mute = speechless(channel, interaction.appPermissions, thread);
  if (mute !== undefined) return privately(around, interaction, mute);
  const pendingId = around.newId();
  const asked = { actor, place, text: "", files: fittingImages(material?.files ?? [], []), thread };
  await around.pending.set(
    pendingId,
    { actorId: actor.id, asked: material ? { ...asked, material: material.text } : asked },
    FORM_TTL_MS,
  );
  await interaction.showModal(modal(form, pendingId, await completions(around, actor, "agent", "")));
}

/** The filled-in form. */
export async function submitAbout(
  around: Surroundings,
  asking: Asking,
  interaction: ModalSubmitInteraction,
): Promise<void> {
  const action = readCustomId(interaction.customId);
  if (action?.act !== "about") return privately(around, interaction, FORM_TOO_OLD);
  const pending = await around.pending.get(action.pendingId);
  if (!pending || pending.actorId !== interaction.user.id) {
    return privately(around, interaction, FORM_TOO_OLD);
  }
  const channel = await channelOf(interaction);
  if (!channel) return privately(around, interaction, UNSEEN_CHANNEL);
  // A form stays open for long: what the bot may do there can have changed.
  const thread = threadChance(channel, interaction.appPermissions, around.botId());
  const mute = speechless(channel, interaction.appPermissions, thread);
  if (mute !== undefined) return privately(around, interaction, mute);
  // Discord's client keeps a form open that was not answered in time, and lets people send it again.
  if (!(await around.seen.claim(`form/${action.pendingId}`, true, FORM_TTL_MS))) {
    return privately(around, interaction, FORM_TOO_OLD);
  }
  const text = interaction.fields.getTextInputValue("question");
  const [agent] = interaction.fields.fields.has("agent")
    ? interaction.fields.getStringSelectValues("agent")
    : [];
  const asked = { ...pending.asked, actor: actorOfInteraction(interaction), text, thread };
  await asking.ask(agent === undefined ? asked : { ...asked, agent }, interactionFront(around, interaction));
}

function modal(form: MessageCommand["form"], pendingId: string, agents: readonly string[]): ModalBuilder {
  const question = new TextInputBuilder()
    .setCustomId("question")
    .setStyle(TextInputStyle.Paragraph)
    .setMaxLength(4000)
    .setRequired(true);
  const labels = [new LabelBuilder().setLabel(form.question).setTextInputComponent(question)];
  if (agents.length > 0) {
    const select = new StringSelectMenuBuilder()
      .setCustomId("agent")
      .setRequired(false)
      .addOptions(agents.map((name) => ({ label: name, value: name })));
    labels.unshift(new LabelBuilder().setLabel(form.agent).setStringSelectMenuComponent(select));
  }
  return new ModalBuilder()
    .setCustomId(toCustomId({ act: "about", pendingId }))
    .setTitle(form.title)
    .addLabelComponents(labels);
}
