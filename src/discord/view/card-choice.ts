import type { Question } from "../../conversation/approval.ts";
import { exactLines } from "./card-words.ts";
import { visibleProse } from "./exact-text.ts";
import { codePointLength, shorten } from "./safe-text.ts";

/** Code points of a choice that a select still shows whole; longer ones are numbered in the text. */
const LONG_CHOICE = 100;
/** Characters of a button's label. */
export const MAX_LABEL = 80;

/** Choices from which several are chosen in one form: four lists of 25, beside a field for free text. */
export const FORM_CHOICES = 100;

/** Whether several may be chosen from more than a form holds, so that people write numbers. */
export function byNumber({ multiple, choices }: Question): boolean {
  return multiple && choices.length > FORM_CHOICES;
}

/** Choices with their numbers, a line each of at most `room` code points. */
export function numberedChoices(
  { choices }: Question,
  room: number,
  from: number,
  to: number,
): readonly string[] {
  return choices
    .slice(from, to)
    .map((choice, offset) => `**${from + offset + 1}.** ${exactLines(choice.replaceAll(/\s+/g, " "), room)}`);
}

/** The choices that a text names by nothing but their numbers; undefined: it is an answer in other words. */
export function readNumbers(text: string, { choices }: Question): readonly string[] | undefined {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  if (words.length === 0 || !words.every((word) => /^\d{1,6}$/.test(word))) return undefined;
  const named = words.map((word) => choices[Number(word) - 1]);
  const known = named.filter((choice) => choice !== undefined);
  return known.length === words.length ? [...new Set(known)] : undefined;
}

/** A choice as a label of at most `max` characters; a long one leads to its number in the text. */
export function choiceLabel(choice: string, index: number, max = LONG_CHOICE): string {
  const text = visibleProse(choice.replaceAll(/\s+/g, " ").trim()) || "(empty)";
  if (text.length <= max && !isLong(choice)) return text;
  const numbered = `${index + 1}. ${text}`;
  const short = shorten(numbered, max);
  return short.length <= max ? short : shorten(numbered, Math.floor(max / 2));
}

/** The choices that no label holds, with their numbers; each of at most `room` code points. */
export function longChoices(
  { choices }: Question,
  room: number,
  from = 0,
  to = choices.length,
): readonly string[] {
  return choices
    .slice(from, to)
    .flatMap((choice, offset) =>
      isLong(choice) ? [`**${from + offset + 1}.** ${exactLines(choice.replaceAll(/\s+/g, " "), room)}`] : [],
    );
}

function isLong(choice: string): boolean {
  return codePointLength(visibleProse(choice)) > LONG_CHOICE;
}
