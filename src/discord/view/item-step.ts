import type { Card } from "../../conversation/approval-row.ts";
import { actionButton, buttonRows, openItems, verdictButtons } from "./card-controls.ts";
import { standingText } from "./card-guards.ts";
import { roomiest } from "./card-limits.ts";
import { operationText, readOperation, toolText } from "./card-operation.ts";
import type { CardLook, CardView } from "./card-view.ts";
import { accentOf, agentText } from "./card-words.ts";
import type { ButtonView } from "./message.ts";

const IN_FILE = "⚠️ **There is more than fits here.** Read the request.json that is attached to the card.";

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
  const read = readOperation(operation);
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
