import { operationsOf, questionSetsOf, type RequestItem } from "../../conversation/approval.ts";
import type { Card } from "../../conversation/approval-row.ts";
import { questionsAreOpen } from "../../conversation/verdicts.ts";
import { countText, sinceText } from "./amounts.ts";
import { cardRows } from "./card-controls.ts";
import { decidersText, standingText } from "./card-guards.ts";
import { headline } from "./card-headline.ts";
import { asManyAsFit, roomiest } from "./card-limits.ts";
import { operationText, type ReadOperation, readOperation, toolText } from "./card-operation.ts";
import { questionLines } from "./card-questions.ts";
import type { CardLook, CardView } from "./card-view.ts";
import { accentOf, askedText, quotedLines } from "./card-words.ts";
import { createManifestReader, type ManifestReader } from "./manifests.ts";
import { requestFile } from "./request-file.ts";

/** Code points of the agent's last paragraph. */
const MAX_CONTEXT = 400;
const TOO_MUCH =
  "⚠️ **There is more than this card can show.** Read the attached request.json before you decide.";
const TOO_LARGE =
  "⚠️ **The request is too large to be attached.** Decide only if you know from elsewhere what it does.";

/** A pause and how it stands, as a message of its own. Nothing in it notifies anybody or speaks in our voice. */
export function renderCard(card: Card, look: CardLook): CardView {
  const { row } = card;
  const file = requestFile(row);
  const manifestsIn = createManifestReader();
  const read = row.request.items.map((item) => readItem(item, manifestsIn));
  const notices = file ? [] : [TOO_LARGE];
  const head = [headline(card, look), `-# ${askedText(row)}${endsText(card)}`].join("\n");
  const context = (max: number) => (row.context?.trim() ? [quotedLines(row.context, max)] : []);
  const whole = roomiest((room) => [
    head,
    ...context(Math.min(room, MAX_CONTEXT)),
    ...read.map((item, index) => itemBlock(card, item, index, room, look)),
    footer(card, look),
    ...notices,
  ]);
  const blocks =
    whole ?? tooMuch(card, read, head, [footer(card, look), ...notices, ...(file ? [TOO_MUCH] : [])], look);
  const hasOperations = operationsOf(row.request).length > 0;
  const files = file && (hasOperations || !whole) ? [file] : [];
  return { ...accentOf(row.agent, look), blocks, files, rows: cardRows(card, look) };
}

function endsText({ row, state }: Card): string {
  return state.kind === "open" ? ` · expires ${sinceText(row.expiresAt)}` : "";
}

/** An item, with its operation read once. */
type ReadItem =
  | { readonly kind: "operation"; readonly read: ReadOperation }
  | { readonly kind: "questions"; readonly count: number };

function readItem(item: RequestItem, manifestsIn: ManifestReader): ReadItem {
  return item.kind === "operation"
    ? { kind: "operation", read: readOperation(item, manifestsIn) }
    : { kind: "questions", count: item.questions.length };
}

function itemBlock(card: Card, item: ReadItem, index: number, room: number, look: CardLook): string {
  if (item.kind === "operation") {
    const { read } = item;
    return `${numberOf(card, index)}${operationText(read, room)}\n${standingText(card, read.operation, look)}`.trimEnd();
  }
  const spots = Array.from({ length: item.count }, (_, question) => ({ item: index, question }));
  return spots.map((spot) => questionLines(card, spot, room)).join("\n");
}

/** `**2.** ` where there are several operations. */
function numberOf({ row }: Card, index: number): string {
  const operations = operationsOf(row.request);
  if (operations.length < 2) return "";
  const at = row.request.items.slice(0, index + 1).filter((item) => item.kind === "operation").length;
  return `**${at}.** `;
}

/** What people must know about the questions of a pause. */
function footer({ row, state }: Card, look: CardLook): string {
  const sets = questionSetsOf(row.request);
  const [set] = sets;
  if (state.kind !== "open" || !set) return "";
  const mixed = operationsOf(row.request).length > 0;
  if (row.request.asksAgain)
    return "-# The agent will ask its question again after the decision; it cannot be answered here.";
  const isOpen = questionsAreOpen(row, (item) => look.guardNow(row.agent, item));
  if (mixed && !isOpen) return "-# The question can be answered when every operation is approved.";
  return `-# answers: ${decidersText(row, set, look)}`;
}

/** One line for each item: its tool and how it stands. */
function tooMuch(
  card: Card,
  read: readonly ReadItem[],
  head: string,
  tail: readonly string[],
  look: CardLook,
): readonly string[] {
  const lines = read.map((item, index) => {
    if (item.kind === "questions") return `❓ ${countText(item.count, "question")}`;
    const { operation } = item.read;
    return `${numberOf(card, index)}${toolText(operation)}\n${standingText(card, operation, look)}`.trimEnd();
  });
  const filled = tail.filter((block) => block !== "");
  return asManyAsFit([head], lines, filled, (left) => `… and ${left} more`);
}
