import { toCustomId } from "../gateway/custom-id.ts";
import type { ButtonView } from "./message.ts";
import { codePointLength, oneLine, quotePrompt, safeInline, shorten } from "./safe-text.ts";

/** Somebody's question that nobody has answered: both are what people typed. */
export interface MissedQuestion {
  readonly name: string;
  readonly text: string;
}

const MOST_LINES = 10;
/** Code points of all lines, of Discord's 2000. */
const MAX_LENGTH = 1600;
const MAX_TEXT = 120;
const MAX_NAME = 40;

/** The one message that lists what came to a place while the bot was away. */
export function renderMissed(
  listId: string,
  questions: readonly MissedQuestion[],
): { readonly content: string; readonly buttons: readonly ButtonView[] } {
  const isOne = questions.length === 1;
  const lines = fitting(questions.slice(0, MOST_LINES).map(lineOf));
  const more = questions.length > lines.length ? [`> … and ${questions.length - lines.length} more`] : [];
  return {
    content: [
      `While I was away, ${isOne ? "a question" : `${questions.length} questions`} came here:`,
      ...lines,
      ...more,
      isOne
        ? "-# It was not sent to an agent. Who asked it, or a server manager, can have it answered now."
        : "-# They were not sent to an agent. Those who asked, or a server manager, can have them answered now.",
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

/** Escapes make some lines twice as long. */
function fitting(lines: readonly string[]): readonly string[] {
  let room = MAX_LENGTH;
  return lines.filter((line) => {
    room -= codePointLength(line) + 1;
    return room >= 0;
  });
}

function lineOf({ name, text }: MissedQuestion): string {
  return `> **${safeInline(shorten(oneLine(name), MAX_NAME)) || "somebody"}**: ${quotePrompt(text, MAX_TEXT)}`;
}
