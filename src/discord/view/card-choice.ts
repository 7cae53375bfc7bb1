import type { Question } from "../../conversation/approval.ts";
import { exactLines } from "./card-words.ts";
import { visibleProse } from "./exact-text.ts";
import { codePointLength, shorten } from "./safe-text.ts";

/** Code points of a choice that a select still shows whole; longer ones are numbered in the text. */
const LONG_CHOICE = 100;
/** Characters of a button's label. */
export const MAX_LABEL = 80;

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
