import { closesFence, codeLines, type Fence, readFence, withoutIndent } from "./fence.ts";
import { type Line, lineText } from "./line.ts";
import { cleanText } from "./safe-text.ts";
import { isHeldTable, isTableAt, readTable, renderTable } from "./table.ts";
import { blockText } from "./text-line.ts";

interface Cursor {
  readonly lines: readonly string[];
  at: number;
  /** Whether the last line may still grow. */
  readonly growing: boolean;
}

const QUOTE = /^ {0,3}>/;

/**
 * An agent's Markdown (GitHub's dialect, hostile) as the lines of Discord's dialect, lazily and in linear time.
 * `growing`: more text may follow; what would flash as raw markup (half a table, half a fence) is held back.
 */
export function* markdownLines(text: string, growing = false): Generator<Line> {
  const cursor = { lines: cleanText(text).split("\n"), at: 0, growing };
  let started = false;
  let blank = false;
  for (const line of blocks(cursor, "")) {
    if (line.kind === "blank") blank = started;
    else {
      if (blank) yield { kind: "blank" };
      blank = false;
      started = true;
      yield line;
    }
  }
}

/** The whole text in Discord's dialect, before it is split into messages. */
export function renderMarkdown(text: string): string {
  return Array.from(markdownLines(text), lineText).join("\n");
}

function* blocks(cursor: Cursor, quote: string): Generator<Line> {
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at] ?? "";
    const fence = readFence(line);
    if (fence) yield* fenced(cursor, fence, quote);
    else if (quote === "" && QUOTE.test(line)) yield* quoted(cursor);
    else if (isTableAt(cursor)) yield* renderTable(readTable(cursor), quote);
    else if (isHeldBack(cursor)) return;
    else {
      const growing = cursor.growing && cursor.at === cursor.lines.length - 1;
      cursor.at++;
      if (line.trim() === "" && quote === "") yield { kind: "blank" };
      else yield blockText(line, quote, growing);
    }
  }
}

function* fenced(cursor: Cursor, fence: Fence, quote: string): Generator<Line> {
  if (fence.marker !== "") yield blockText(fence.marker, quote, false);
  if (fence.caption !== "") yield blockText(`\`${fence.caption}\``, quote, false);
  const from = ++cursor.at;
  while (cursor.at < cursor.lines.length && !closesFence(cursor.lines[cursor.at] ?? "", fence)) cursor.at++;
  const body = cursor.lines.slice(from, cursor.at).map((line) => withoutIndent(line, fence));
  const closed = cursor.at < cursor.lines.length;
  cursor.at++;
  yield* codeLines(closed ? body : openEnd(body, fence, cursor.growing), fence.language);
}

/** The body of a block whose end is missing, without what may be the beginning of its closing fence. */
function openEnd(body: readonly string[], fence: Fence, growing: boolean): readonly string[] {
  const last = body.at(-1)?.trim() ?? "";
  return growing && last === fence.character.repeat(last.length) ? body.slice(0, -1) : body;
}

/** The lines of a quote are read as Markdown of their own; Discord has one level of quotes only. */
function* quoted(cursor: Cursor): Generator<Line> {
  const from = cursor.at;
  while (QUOTE.test(cursor.lines[cursor.at] ?? "")) cursor.at++;
  const lines = cursor.lines.slice(from, cursor.at).map((line) => line.replace(QUOTE, "").replace(/^ /, ""));
  const growing = cursor.growing && cursor.at === cursor.lines.length;
  yield* blocks({ lines, at: 0, growing }, "> ");
}

/** The beginning of a fence or of a table that the next characters decide. */
function isHeldBack(cursor: Cursor): boolean {
  if (!cursor.growing) return false;
  const last = cursor.at === cursor.lines.length - 1;
  return (last && /^\s*(?:`{1,2}|~{1,2})$/.test(cursor.lines[cursor.at] ?? "")) || isHeldTable(cursor);
}
