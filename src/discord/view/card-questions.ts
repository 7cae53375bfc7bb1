import type { Question, QuestionSet } from "../../conversation/approval.ts";
import { answersOf, type Card, type GivenAnswer } from "../../conversation/approval-row.ts";
import { longChoices } from "./card-choice.ts";
import { codeName, exactLines, personText } from "./card-words.ts";
import { visibleProse } from "./exact-text.ts";
import { safeInline, shorten } from "./safe-text.ts";

/** One question of a request, by its positions. */
export interface QuestionSpot {
  readonly item: number;
  readonly question: number;
}

/** All questions of a request, in order. */
export function questionSpots({ row }: Card): readonly QuestionSpot[] {
  return row.request.items.flatMap((item, index) =>
    item.kind === "questions" ? item.questions.map((_, question) => ({ item: index, question })) : [],
  );
}

/** The question at a spot with its set and what was answered. */
export function questionAt(
  { row }: Card,
  { item, question }: QuestionSpot,
):
  | { readonly set: QuestionSet; readonly asked: Question; readonly answer: GivenAnswer | undefined }
  | undefined {
  const set = row.request.items[item];
  if (set?.kind !== "questions") return undefined;
  const asked = set.questions[question];
  return asked && { set, asked, answer: answersOf(row, set)[question] };
}

/**
 * A question in the agent's words, and what was answered by whom, or else, with `choices`, the choices that no control can
 * show whole.
 */
export function questionLines(card: Card, spot: QuestionSpot, room: number, choices = true): string {
  const found = questionAt(card, spot);
  if (!found) return "";
  const { asked, answer, set } = found;
  const spots = questionSpots(card);
  const at = spots.findIndex((one) => one.item === spot.item && one.question === spot.question);
  const number = spots.length > 1 ? ` **${at + 1} of ${spots.length}**` : "";
  const via = set.via ? ` via ${codeName(set.via.name)}` : "";
  return [
    `❓${number}${via} ${exactLines(asked.text, room)}`,
    ...(answer ? [answerLine(answer, room)] : choices ? longChoices(asked, room) : []),
  ].join("\n");
}

function answerLine({ values, actorName }: GivenAnswer, room: number): string {
  const texts = values.map((value) => safeInline(shorten(visibleProse(value.replaceAll(/\s+/g, " ")), room)));
  return `✍️ ${texts.join(", ") || "(nothing)"} · answered by ${personText(actorName)}`;
}
