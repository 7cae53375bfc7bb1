import {
  type ButtonInteraction,
  LabelBuilder,
  ModalBuilder,
  type ModalSubmitInteraction,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import type { ClickOutcome, Verdicts } from "../../conversation/approvals.ts";
import { renderItemStep } from "../view/card-step.ts";
import { answering, type ClickReply, isPrivate } from "./click-reply.ts";
import { type Action, toCustomId } from "./custom-id.ts";
import { deciderOf } from "./event.ts";
import { privately } from "./private-reply.ts";
import { nextOperation, note, overSentence, stepSummary } from "./steps.ts";
import type { Surroundings } from "./surroundings.ts";

type VerdictAction = Action & { readonly act: "ok" | "no" | "why" };

const REASON_LENGTH = 500;

/** Approve or reject, from the card or from a private step; the form's submit brings a reason. */
export function clickVerdict(
  around: Surroundings,
  click: ButtonInteraction | ModalSubmitInteraction,
  { act, requestId, item }: VerdictAction,
): Promise<void> {
  const decider = deciderOf(click);
  const reason = click.isModalSubmit() ? click.fields.getTextInputValue("reason").trim() : "";
  const verdicts: Verdicts = { item, approved: act === "ok", ...(reason === "" ? {} : { reason }) };
  return answering(around, click, async (reply) => {
    const outcome = await around.approvals.decide(requestId, decider, verdicts);
    if (!("card" in outcome)) return explain(around, click, reply, requestId, outcome);
    if (!isPrivate(click)) return;
    const from = item === "all" ? 0 : item;
    const next = nextOperation(around.cardLook, outcome.card, from, decider.actor.id);
    const done = outcome.kind === "decided" || next === undefined;
    await reply.show(
      done ? stepSummary(around.cardLook, outcome.card) : renderItemStep(outcome.card, next, around.cardLook),
    );
  });
}

/** Sends a doubtful decision once more. */
export function clickAgain(around: Surroundings, click: ButtonInteraction, requestId: string): Promise<void> {
  const decider = deciderOf(click);
  return answering(around, click, async (reply) => {
    const outcome = await around.approvals.sendAgain(requestId, decider);
    if (!("card" in outcome)) await explain(around, click, reply, requestId, outcome);
  });
}

/** One operation of several, for this person alone. */
export function openStep(
  around: Surroundings,
  click: ButtonInteraction,
  requestId: string,
  item: number,
): Promise<void> {
  const decider = deciderOf(click);
  return answering(around, click, async (reply) => {
    const allowed = await around.approvals.mayDecide(requestId, "all", decider);
    if (allowed !== "allowed") return explain(around, click, reply, requestId, allowed);
    const card = await around.approvals.card(requestId);
    if (card) await reply.show(renderItemStep(card, item, around.cardLook));
  });
}

/** A form cannot follow an acknowledgement, so who may fill it in is looked at first. */
export async function openReason(
  around: Surroundings,
  click: ButtonInteraction,
  action: VerdictAction,
): Promise<void> {
  const allowed = await around.approvals.mayDecide(action.requestId, action.item, deciderOf(click));
  if (allowed !== "allowed") return refusePrivately(around, click, action.requestId, allowed);
  await click.showModal(reasonForm(action));
}

/** What a click that changed nothing came to, before any acknowledgement. */
export async function refusePrivately(
  around: Surroundings,
  click: ButtonInteraction,
  requestId: string,
  outcome: ClickOutcome,
): Promise<void> {
  await privately(around, click, await sentenceOf(around, requestId, outcome));
}

/** What a click that changed nothing came to; the controls of a private step that is over go. */
export async function explain(
  around: Surroundings,
  click: Parameters<typeof isPrivate>[0],
  reply: ClickReply,
  requestId: string,
  outcome: ClickOutcome,
): Promise<void> {
  const sentence = await sentenceOf(around, requestId, outcome);
  const isOver = outcome.kind === "over" && (await around.approvals.card(requestId))?.state.kind !== "open";
  if (isOver && isPrivate(click)) await reply.show(note(sentence));
  else await reply.tell(sentence);
}

async function sentenceOf(around: Surroundings, requestId: string, outcome: ClickOutcome): Promise<string> {
  if (outcome.kind === "refused") return outcome.sentence;
  const card = await around.approvals.card(requestId);
  return overSentence(card, outcome.kind === "over" ? outcome.sentence : "This was decided already.");
}

function reasonForm(action: VerdictAction): ModalBuilder {
  const reason = new TextInputBuilder()
    .setCustomId("reason")
    .setStyle(TextInputStyle.Paragraph)
    .setMaxLength(REASON_LENGTH)
    .setRequired(true);
  const label = new LabelBuilder()
    .setLabel("Reason")
    .setDescription("The agent reads it, and it stands on the card.")
    .setTextInputComponent(reason);
  return new ModalBuilder()
    .setCustomId(toCustomId(action))
    .setTitle(action.item === "all" ? "Reject all with a reason" : "Reject with a reason")
    .addLabelComponents(label);
}
