import type { Question } from "../../conversation/approval.ts";
import type { Card } from "../../conversation/approval-row.ts";
import type { Prompt } from "../../conversation/prompt.ts";
import { byNumber, longChoices, numberedChoices } from "./card-choice.ts";
import {
  actionButton,
  answerRows,
  buttonRows,
  CHOICES_A_PAGE,
  openItems,
  verdictButtons,
} from "./card-controls.ts";
import { standingText } from "./card-guards.ts";
import { roomiest } from "./card-limits.ts";
import { operationText, readOperation, toolText } from "./card-operation.ts";
import { type QuestionSpot, questionAt, questionLines, questionSpots } from "./card-questions.ts";
import type { CardLook, CardView } from "./card-view.ts";
import { accentOf, agentText, messageUrl } from "./card-words.ts";
import { createManifestReader } from "./manifests.ts";
import type { ButtonView } from "./message.ts";
import { quotePrompt } from "./safe-text.ts";

const IN_FILE = "⚠️ **There is more than fits here.** Read the request.json that is attached to the card.";
/** Code points of the message that was not sent. */
const MAX_QUOTE = 300;

/** One operation of several, for the person who decides one by one: in full, with its own controls. `item`: its position. */
export function renderItemStep(card: Card, item: number, look: CardLook): CardView {
  const { row } = card;
  const accent = accentOf(row.agent, look);
  const operation = row.request.items[item];
  if (operation?.kind !== "operation")
    return { ...accent, blocks: ["There is nothing to decide here any more."], files: [], rows: [] };
  const positions = row.request.items.flatMap((one, index) => (one.kind === "operation" ? [index] : []));
  const at = positions.indexOf(item);
  const head = `**${at + 1} of ${positions.length}** · ${agentText(row.agent, look)}`;
  const stands = standingText(card, operation, look);
  const read = readOperation(operation, createManifestReader());
  const blocks = roomiest((room) => [head, operationText(read, room), stands]) ?? [
    head,
    [toolText(operation), stands, IN_FILE].join("\n"),
  ];
  return { ...accent, blocks, files: [], rows: buttonRows(buttonsOf(card, item, positions, look)) };
}

function buttonsOf(
  card: Card,
  item: number,
  positions: readonly number[],
  look: CardLook,
): readonly ButtonView[] {
  const { row, state } = card;
  const at = positions.indexOf(item);
  const isOpen = state.kind === "open" && openItems(card, look).includes(item);
  const step = (label: string, to: number | undefined) =>
    to === undefined ? [] : [actionButton(label, { act: "each", requestId: row.id, item: to })];
  return [
    ...(isOpen ? verdictButtons(row.id, item) : []),
    ...step("◀", positions[at - 1]),
    ...step("▶", positions[at + 1]),
  ];
}

/**
 * One question of several, or one page of its choices, for the person who answers, with ways to the others. `page` counts
 * from 0, 25 choices each.
 */
export function renderQuestionStep(
  card: Card,
  item: number,
  question: number,
  page: number,
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
  const range = pages > 1 ? `-# choices ${from + 1} to ${to} of ${length}${numbersHint(asked)}` : "";
  const listed = byNumber(asked) ? numberedChoices : longChoices;
  const blocks = roomiest((room) => [
    questionLines(card, spot, room, false),
    listed(asked, room, from, to).join("\n"),
    range,
  ]) ?? ["-# The question is too long to be shown."];
  const rows = [...answerRows(card, spot, shown), ...buttonRows(movesOf(card, spot, shown, pages))];
  return { ...accent, blocks, files: [], rows };
}

function numbersHint(asked: Question): string {
  return byNumber(asked)
    ? " · more than a form can hold: look through them here, then press Choose… and write their numbers"
    : "";
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

/** What becomes of a message that came while a task waits for what `card` shows. */
export function renderInstead(prompt: Pick<Prompt, "id" | "text">, card: Card, look: CardLook): CardView {
  const { row } = card;
  const link = row.card ? ` ([card](${messageUrl(row.place, row.card)}))` : "";
  const text = `✋ ${agentText(row.agent, look)} waits for a decision${link}, so this was not sent to it:\n> ${quotePrompt(prompt.text, MAX_QUOTE)}`;
  const target = { act: "instead" as const, pendingId: prompt.id };
  const buttons = [
    actionButton("Reject and send this instead", { ...target, yes: true }, "danger"),
    actionButton("Keep waiting", { ...target, yes: false }),
  ];
  return { ...accentOf(row.agent, look), blocks: [text], files: [], rows: buttonRows(buttons) };
}
