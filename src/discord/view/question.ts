import type { Turn } from "../../conversation/turn.ts";
import { renderMarkdown } from "./markdown.ts";
import { codePointLength, indexAfter } from "./safe-text.ts";

/** Code points of the agent's question: what it asks must fit one message with what we say about it. */
const MAX_QUESTION = 1500;

/** What the agent waits for, in its own words where no card shows it, unless the answer ends with the same words. */
export function questionText(turn: Turn): readonly string[] {
  const isPlain = turn.state === "waiting" && turn.request === undefined;
  const question = isPlain ? (turn.question ?? "").trim() : "";
  if (question === "") return [];
  const said = turn.output.findLast((item) => item.kind === "text");
  if (said?.kind === "text" && said.text.trim().endsWith(question)) return [];
  return [limited(question)];
}

/** Cut in the source, so that the rendering closes what the cut leaves open. */
function limited(question: string): string {
  for (let max = MAX_QUESTION; max > 0; max = Math.floor(max / 2)) {
    const cut = codePointLength(question) > max;
    const text = renderMarkdown(cut ? `${question.slice(0, indexAfter(question, 0, max))}…` : question);
    if (codePointLength(text) <= MAX_QUESTION) return text;
  }
  return "";
}
