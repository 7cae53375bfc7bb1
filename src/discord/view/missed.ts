import { toCustomId } from "../gateway/custom-id.ts";
import type { ButtonView } from "./message.ts";
import { oneLine, quotePrompt, safeInline, shorten } from "./safe-text.ts";

/** Somebody's question that nobody has answered: both are what people typed. */
export interface MissedQuestion {
  readonly name: string;
  readonly text: string;
}

const MOST_LINES = 10;
const MAX_TEXT = 120;
const MAX_NAME = 40;

/** The one message that lists what came to a place while the bot was away. */
export function renderMissed(
  listId: string,
  questions: readonly MissedQuestion[],
): { readonly content: string; readonly buttons: readonly ButtonView[] } {
  const isOne = questions.length === 1;
  const lines = questions.slice(0, MOST_LINES).map(lineOf);
  const more = questions.length > MOST_LINES ? [`> … and ${questions.length - MOST_LINES} more`] : [];
  return {
    content: [
      `While I was away, ${isOne ? "a question" : `${questions.length} questions`} came here:`,
      ...lines,
      ...more,
      `-# ${isOne ? "It was" : "They were"} not sent to an agent. The one who asked, or a server manager, can have ${isOne ? "it" : "them"} answered now.`,
    ].join("\n"),
    buttons: [
      { label: "Answer now", customId: toCustomId({ act: "missed", listId, yes: true }), style: "primary" },
      { label: "Dismiss", customId: toCustomId({ act: "missed", listId, yes: false }), style: "secondary" },
    ],
  };
}

/** What is left of that message when nothing of it waits any more. */
export function renderDealtWith(isAsked: boolean): { readonly content: string } {
  const what = isAsked ? "are asked now" : "were dismissed";
  return { content: `-# Questions came here while I was away; they ${what}.` };
}

function lineOf({ name, text }: MissedQuestion): string {
  return `> **${safeInline(shorten(oneLine(name), MAX_NAME)) || "somebody"}**: ${quotePrompt(text, MAX_TEXT)}`;
}
