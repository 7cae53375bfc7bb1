import type { ButtonInteraction, ModalSubmitInteraction, StringSelectMenuInteraction } from "discord.js";
import type { Question } from "../../conversation/approval.ts";
import { type QuestionSpot, questionAt } from "../view/card-questions.ts";
import { renderQuestionStep } from "../view/card-step.ts";
import { answerForm, readAnswer } from "./answer-form.ts";
import { answering, type Click, isPrivate } from "./click-reply.ts";
import type { Action } from "./custom-id.ts";
import { deciderOf } from "./event.ts";
import { privately } from "./private-reply.ts";
import { nextQuestion, note } from "./steps.ts";
import type { Surroundings } from "./surroundings.ts";
import { explain, refusePrivately } from "./verdict-clicks.ts";

type AnswerAction = QuestionSpot & { readonly requestId: string };

const NO_QUESTION = "There is no such question any more.";

/** A page of a question's choices, for this person alone. */
export function openQuestion(
  around: Surroundings,
  click: ButtonInteraction,
  { requestId, item, question, page }: Action & { readonly act: "ask" },
): Promise<void> {
  const decider = deciderOf(click);
  return answering(around, click, async (reply) => {
    const allowed = await around.approvals.mayDecide(requestId, item, decider);
    if (allowed !== "allowed") return explain(around, click, reply, requestId, allowed);
    const card = await around.approvals.card(requestId);
    if (!card || !questionAt(card, { item, question })) return reply.tell(NO_QUESTION);
    await reply.show(renderQuestionStep(card, item, question, page, around.cardLook));
  });
}

/** Choices from a select, or one from a button. */
export function clickChoice(
  around: Surroundings,
  click: ButtonInteraction | StringSelectMenuInteraction,
  action: Action & { readonly act: "pick" },
): Promise<void> {
  const picked = click.isStringSelectMenu() ? click.values.map(Number) : [action.choice];
  return give(around, click, action, ({ choices }) =>
    picked.flatMap((position) => (position === undefined ? [] : (choices[position] ?? []))),
  );
}

/** An answer in free text. A form cannot follow an acknowledgement, so who may fill it in is looked at first. */
export async function openWriting(
  around: Surroundings,
  click: ButtonInteraction,
  action: Action & { readonly act: "write" },
): Promise<void> {
  const { requestId, item } = action;
  const allowed = await around.approvals.mayDecide(requestId, item, deciderOf(click));
  if (allowed !== "allowed") return refusePrivately(around, click, requestId, allowed);
  const card = await around.approvals.card(requestId);
  const found = card && questionAt(card, action);
  if (!found) return privately(around, click, NO_QUESTION);
  await click.showModal(answerForm(action, found.asked));
}

/** The filled-in form. */
export function submitWriting(
  around: Surroundings,
  click: ModalSubmitInteraction,
  action: Action & { readonly act: "write" },
): Promise<void> {
  return give(around, click, action, (question) => readAnswer(click.fields, question));
}

async function give(
  around: Surroundings,
  click: Click,
  { requestId, item, question }: AnswerAction,
  valuesFor: (question: Question) => readonly string[],
): Promise<void> {
  const decider = deciderOf(click);
  return answering(around, click, async (reply) => {
    const known = await around.approvals.card(requestId);
    const found = known && questionAt(known, { item, question });
    const values = found ? valuesFor(found.asked) : [];
    // An answer to nothing never leaves; who clicks on something forgotten hears that it is over.
    if (known && values.length === 0)
      return reply.tell(found ? "That was no answer. Try again." : NO_QUESTION);
    const outcome = await around.approvals.answer(requestId, decider, { item, question, values });
    if (!("card" in outcome)) return explain(around, click, reply, requestId, outcome);
    const next = outcome.kind === "decided" ? undefined : nextQuestion(outcome.card, { item, question });
    if (next)
      return reply.show(renderQuestionStep(outcome.card, next.item, next.question, 0, around.cardLook));
    if (isPrivate(click)) await reply.show(note("Thank you, that is all. The agent hears of it."));
  });
}
