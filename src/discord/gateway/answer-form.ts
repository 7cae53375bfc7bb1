import {
  LabelBuilder,
  ModalBuilder,
  type ModalSubmitFields,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import type { Question } from "../../conversation/approval.ts";
import { byNumber, choiceLabel, FORM_CHOICES, readNumbers } from "../view/card-choice.ts";
import { codeBlock } from "../view/safe-text.ts";
import { type Action, toCustomId } from "./custom-id.ts";

type WriteAction = Action & { readonly act: "write" };

const ANSWER_LENGTH = 2000;
/** Code points of the question above its form. */
const QUESTION_LENGTH = 1500;
const CHOICES_A_SELECT = 25;
/** A form has five fields; one of them is for free text. */
const MOST_SELECTS = FORM_CHOICES / CHOICES_A_SELECT;

/**
 * The form for an answer in free text. Of more choices than one select holds, several are chosen here: a message would
 * take those of one page for the whole answer.
 */
export function answerForm(action: WriteAction, question: Question): ModalBuilder {
  const form = new ModalBuilder().setCustomId(toCustomId(action)).setTitle("Answer the agent");
  const selects = selectCount(question);
  if (selects === 0)
    return form.addTextDisplayComponents(questionText(question)).addLabelComponents(text(true, question));
  const labels = Array.from({ length: selects }, (_, index) => select(question, index));
  return form.addLabelComponents(...labels, text(false, question));
}

/** What was chosen and written; empty when it was nothing. */
export function readAnswer(fields: ModalSubmitFields, question: Question): readonly string[] {
  const { choices } = question;
  const chosen = Array.from({ length: MOST_SELECTS }, (_, index) => `choices-${index}`)
    .filter((name) => fields.fields.has(name))
    .flatMap((name) => fields.getStringSelectValues(name))
    .flatMap((position) => choices[Number(position)] ?? []);
  const written = fields.getTextInputValue("answer").trim();
  const numbered = byNumber(question) ? readNumbers(written, question) : undefined;
  if (numbered) return numbered;
  return written === "" ? chosen : [...chosen, written];
}

function selectCount({ multiple, choices }: Question): number {
  const count = Math.ceil(choices.length / CHOICES_A_SELECT);
  return multiple && count > 1 && count <= MOST_SELECTS ? count : 0;
}

function select({ choices }: Question, index: number): LabelBuilder {
  const from = index * CHOICES_A_SELECT;
  const page = choices.slice(from, from + CHOICES_A_SELECT);
  const options = page.map((choice, offset) => ({
    label: choiceLabel(choice, from + offset),
    value: String(from + offset),
  }));
  const menu = new StringSelectMenuBuilder()
    .setCustomId(`choices-${index}`)
    .setRequired(false)
    .setMinValues(0)
    .setMaxValues(options.length)
    .addOptions(options);
  return new LabelBuilder()
    .setLabel(`Choices ${from + 1} to ${from + page.length}`)
    .setStringSelectMenuComponent(menu);
}

function text(required: boolean, question: Question): LabelBuilder {
  const input = new TextInputBuilder()
    .setCustomId("answer")
    .setStyle(TextInputStyle.Paragraph)
    .setMaxLength(ANSWER_LENGTH)
    .setRequired(required);
  const label = new LabelBuilder()
    .setLabel(required ? "Your answer" : "Something else")
    .setTextInputComponent(input);
  return byNumber(question)
    ? label.setDescription("Numbers of the choices, such as 3, 17, 120; or other words.")
    : label;
}

/** The whole question: a form covers the message that asked it. */
function questionText(question: Question): TextDisplayBuilder {
  return new TextDisplayBuilder().setContent(codeBlock(question.text, "", QUESTION_LENGTH));
}
