import type { Card } from "../../conversation/approval-row.ts";
import { longChoices } from "./card-choice.ts";
import { actionButton, answerRows, buttonRows, CHOICES_A_PAGE } from "./card-controls.ts";
import { roomiest } from "./card-limits.ts";
import { type QuestionSpot, questionAt, questionLines, questionSpots } from "./card-questions.ts";
import type { CardLook, CardView } from "./card-view.ts";
import { accentOf } from "./card-words.ts";
import type { ButtonView } from "./message.ts";

/** A page of one question's choices, 25 on each; `page` counts from 0. */
export type QuestionPage = QuestionSpot & { readonly page: number };

/** One question of several, or one page of its choices, for the person who answers, with ways to the others. */
export function renderQuestionStep(
  card: Card,
  { item, question, page }: QuestionPage,
  look: CardLook,
): CardView {
  const spot = { item, question };
  const accent = accentOf(card.row.agent, look);
  const asked = questionAt(card, spot)?.asked;
  if (!asked || card.state.kind !== "open")
    return { ...accent, blocks: ["There is nothing to answer here any more."], files: [], rows: [] };
  const { length } = asked.choices;
  const pages = Math.max(1, Math.ceil(length / CHOICES_A_PAGE));
  const shown = Math.min(Math.max(0, page), pages - 1);
  const from = shown * CHOICES_A_PAGE;
  const to = Math.min(from + CHOICES_A_PAGE, length);
  const range = pages > 1 ? `-# choices ${from + 1} to ${to} of ${length}` : "";
  const blocks = roomiest((room) => [
    questionLines(card, spot, room, false),
    longChoices(asked, room, from, to).join("\n"),
    range,
  ]) ?? ["-# The question is too long to be shown."];
  const rows = [...answerRows(card, spot, shown), ...buttonRows(movesOf(card, spot, shown, pages))];
  return { ...accent, blocks, files: [], rows };
}

function movesOf(card: Card, spot: QuestionSpot, page: number, pages: number): readonly ButtonView[] {
  const spots = questionSpots(card);
  const at = spots.findIndex((one) => one.item === spot.item && one.question === spot.question);
  const to = (label: string, target: QuestionSpot | undefined, toPage: number) =>
    target ? [actionButton(label, { act: "ask", requestId: card.row.id, ...target, page: toPage })] : [];
  return [
    ...to("◀ More choices", page > 0 ? spot : undefined, page - 1),
    ...to("More choices ▶", page < pages - 1 ? spot : undefined, page + 1),
    ...to("Back", spots[at - 1], 0),
    ...to("Next", spots[at + 1], 0),
  ];
}
