import { operationsOf, type RequestItem } from "../../conversation/approval.ts";
import type { Card, OutboxRow } from "../../conversation/approval-row.ts";
import { standing } from "../view/card-guards.ts";
import { type QuestionSpot, questionAt, questionSpots } from "../view/card-questions.ts";
import type { CardLook, CardView } from "../view/card-view.ts";
import { peopleText } from "../view/card-words.ts";

/** A private message that is only a text. */
export function note(text: string): CardView {
  return { blocks: [text], files: [], rows: [] };
}

/** The next operation, after `from` and then from the start, that is open and on which this person has not voted. */
export function nextOperation(look: CardLook, card: Card, from: number, actorId: string): number | undefined {
  const { row } = card;
  const isDue = (item: RequestItem) =>
    item.kind === "operation" &&
    standing(card, item, look).state === "open" &&
    !row.votes.some((vote) => vote.itemId === item.id && vote.actorId === actorId);
  const due = row.request.items.flatMap((item, index) => (isDue(item) ? [index] : []));
  return due.find((index) => index > from) ?? due[0];
}

/** The next question without an answer, after this one and then from the start. */
export function nextQuestion(card: Card, from: QuestionSpot): QuestionSpot | undefined {
  const missing = questionSpots(card).filter((spot) => questionAt(card, spot)?.answer === undefined);
  const isLater = (one: QuestionSpot) =>
    one.item > from.item || (one.item === from.item && one.question > from.question);
  return missing.find(isLater) ?? missing[0];
}

/** The end of deciding one by one. */
export function stepSummary(look: CardLook, card: Card): CardView {
  const states = operationsOf(card.row.request).map((one) => standing(card, one, look).state);
  const count = (state: string, words: string) => {
    const number = states.filter((one) => one === state).length;
    return number === 0 ? [] : [`${number} ${words}`];
  };
  const counts = [
    ...count("approved", "approved"),
    ...count("rejected", "rejected"),
    ...count("open", "still open"),
  ].join(", ");
  const open = states.includes("open");
  const end = open ? "That is all from you; others are still needed." : "That is all. The agent hears of it.";
  return note(`${end}\n-# ${counts}`);
}

/** What a person reads who clicks on something that is decided: what was decided, and by whom. */
export function overSentence(card: Card | undefined, fallback: string): string {
  if (!card || card.state.kind === "open") return fallback;
  if (card.state.kind === "elsewhere") return "This was decided elsewhere, for example in kagent's own UI.";
  return `${decidedWords(card, card.state.outbox)}${card.state.kind === "sending" && card.state.away ? " It will be sent when the agent is back." : ""}`;
}

function decidedWords({ row }: Card, { by, decision }: OutboxRow): string {
  if (by === "expiry") return "This expired before anybody decided it, so it was rejected.";
  if (by === "stop") return "This was rejected because the run was stopped.";
  if (by === "closed") return "This was rejected because nobody could decide it any more.";
  const operations = operationsOf(row.request);
  const names = by === "rule" ? " by a rule" : byWhom(row.votes.map((vote) => vote.actorName));
  if (operations.length === 0) return `This was answered${byWhom(row.answers.map((one) => one.actorName))}.`;
  const approved = decision.verdicts.filter(
    (one) => one.approved && operations.some(({ id }) => id === one.itemId),
  );
  if (approved.length === operations.length) return `This was approved${names}.`;
  if (approved.length === 0) return `This was rejected${names}.`;
  return `This was decided${names}: ${approved.length} of ${operations.length} approved.`;
}

function byWhom(names: readonly string[]): string {
  return names.length === 0 ? "" : ` by ${peopleText(names)}`;
}
