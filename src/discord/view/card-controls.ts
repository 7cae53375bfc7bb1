import { operationsOf } from "../../conversation/approval.ts";
import type { Card } from "../../conversation/approval-row.ts";
import { questionsAreOpen } from "../../conversation/verdicts.ts";
import { type Action, toCustomId } from "../gateway/custom-id.ts";
import { choiceLabel, MAX_LABEL } from "./card-choice.ts";
import { standing } from "./card-guards.ts";
import { type QuestionSpot, questionAt, questionSpots } from "./card-questions.ts";
import type { CardLook, OptionView, RowView } from "./card-view.ts";
import type { ButtonView } from "./message.ts";

/** Options of one select. */
export const CHOICES_A_PAGE = 25;
const BUTTONS_A_ROW = 5;
const MAX_CHOICE_BUTTONS = 5;

/** A button for an action. */
export function actionButton(
  label: string,
  action: Action,
  style: ButtonView["style"] = "secondary",
): ButtonView {
  return { label, customId: toCustomId(action), style };
}

/** What people can do on a card now: operations first, then questions. */
export function cardRows(card: Card, look: CardLook): readonly RowView[] {
  const { row, state } = card;
  if (state.kind === "doubtful")
    return buttonRows([actionButton("Send again", { act: "again", requestId: row.id }, "primary")]);
  if (state.kind !== "open") return [];
  if (openItems(card, look).length > 0) return operationRows(card, look);
  if (!questionsAreOpen(row, (item) => look.guardNow(row.agent, item))) return [];
  return questionRows(card);
}

/** The positions of the operations that are still to be decided. */
export function openItems(card: Card, look: CardLook): readonly number[] {
  return card.row.request.items.flatMap((item, index) =>
    item.kind === "operation" && standing(card, item, look).state === "open" ? [index] : [],
  );
}

function operationRows(card: Card, look: CardLook): readonly RowView[] {
  const { row } = card;
  const [first = 0] = openItems(card, look);
  if (operationsOf(row.request).length === 1) return buttonRows(verdictButtons(row.id, first));
  return buttonRows([
    actionButton("Approve all", { act: "ok", requestId: row.id, item: "all" }, "success"),
    actionButton("Reject all", { act: "no", requestId: row.id, item: "all" }, "danger"),
    actionButton("Decide one by one", { act: "each", requestId: row.id, item: first }),
  ]);
}

/** Approve, reject, reject with reason for one operation. */
export function verdictButtons(requestId: string, item: number): readonly ButtonView[] {
  return [
    actionButton("Approve", { act: "ok", requestId, item }, "success"),
    actionButton("Reject", { act: "no", requestId, item }, "danger"),
    actionButton("Reject with reason…", { act: "why", requestId, item }),
  ];
}

function questionRows(card: Card): readonly RowView[] {
  const spots = questionSpots(card);
  const [spot] = spots;
  if (!spot) return [];
  const choices = questionAt(card, spot)?.asked.choices.length ?? 0;
  if (spots.length > 1 || choices > CHOICES_A_PAGE) {
    const at = spots.find((one) => questionAt(card, one)?.answer === undefined) ?? spot;
    return buttonRows([
      actionButton("Answer…", { act: "ask", requestId: card.row.id, ...at, page: 0 }, "primary"),
    ]);
  }
  return answerRows(card, spot, 0);
}

/** The controls that answer one question: buttons for few short choices, else a select; free text always. */
export function answerRows(card: Card, spot: QuestionSpot, page: number): readonly RowView[] {
  const asked = questionAt(card, spot)?.asked;
  const target = { requestId: card.row.id, ...spot };
  if (!asked || asked.choices.length === 0)
    return buttonRows([actionButton("Write an answer…", { act: "write", ...target }, "primary")]);
  // A select sends what was chosen on its page as the whole answer: several of many choices need the form.
  if (asked.multiple && asked.choices.length > CHOICES_A_PAGE)
    return buttonRows([actionButton("Choose…", { act: "write", ...target }, "primary")]);
  const other = actionButton("Something else…", { act: "write", ...target });
  const isFew = asked.choices.length <= MAX_CHOICE_BUTTONS && !asked.multiple;
  if (
    isFew &&
    asked.choices.every((choice) => choiceLabel(choice, 0, Number.POSITIVE_INFINITY).length <= MAX_LABEL)
  ) {
    const buttons = asked.choices.map((choice, index) =>
      actionButton(choiceLabel(choice, index, MAX_LABEL), { act: "pick", ...target, choice: index }),
    );
    return [...buttonRows(buttons), ...buttonRows([other])];
  }
  const options = optionsOf(card, spot, page);
  const most = asked.multiple ? options.length : 1;
  const placeholder = asked.multiple ? "Choose one or more" : "Choose one";
  const customId = toCustomId({ act: "pick", ...target });
  return [{ kind: "select", customId, placeholder, options, most }, ...buttonRows([other])];
}

function optionsOf(card: Card, spot: QuestionSpot, page: number): readonly OptionView[] {
  const found = questionAt(card, spot);
  const from = page * CHOICES_A_PAGE;
  return (found?.asked.choices ?? []).slice(from, from + CHOICES_A_PAGE).map((choice, offset) => ({
    label: choiceLabel(choice, from + offset),
    value: String(from + offset),
    chosen: found?.answer?.values.includes(choice) ?? false,
  }));
}

/** Buttons in rows of five. */
export function buttonRows(buttons: readonly ButtonView[]): readonly RowView[] {
  const rows = Math.ceil(buttons.length / BUTTONS_A_ROW);
  return Array.from({ length: rows }, (_, row) => ({
    kind: "buttons" as const,
    buttons: buttons.slice(row * BUTTONS_A_ROW, (row + 1) * BUTTONS_A_ROW),
  }));
}
