import { isOver, type Turn } from "../../conversation/turn.ts";
import { markdownLines } from "./markdown.ts";
import { type Piece, pieceText } from "./piece.ts";
import { codePointLength } from "./safe-text.ts";
import { Splitter } from "./split.ts";
import { foldedLine, type OpenCalls, progressLines, TOOLS_ROOM, type ToolItem } from "./tools.ts";

/** Code points of a Discord message. */
export const MAX_CONTENT = 2000;
/**
 * Lines of one message. Discord clips nothing at this height, and a message of short lines (code, lists) is then about
 * as tall on a phone as 2000 code points of prose are.
 */
const MAX_LINES = 40;
/** Left free for what closes open markup in the last message while the answer grows. */
const TAIL_ROOM = 12;
/** Calls that are shown one by one while they run. */
const MAX_SHOWN = 4;
/** Left free in the last message that is allowed, for the line that says where the rest is. */
const NOTICE_ROOM = 160;

/** The answer as the contents of messages; empty where there is nothing to show yet. */
export interface Answer {
  readonly contents: readonly string[];
  /** The messages do not hold all of it. */
  readonly truncated: boolean;
}

/** A part of the output in reading order: text, or calls without text between them. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tools"; readonly tools: readonly ToolItem[] };

/**
 * The text of a turn, split, with its tool calls where they happened. Lines about tools have room of their own in each
 * message, so they come, change and fold without moving a break of the text.
 */
export function renderAnswer(turn: Turn, maxMessages: number): Answer {
  const parts = partsOf(turn);
  const groups = parts.flatMap((part) => (part.kind === "tools" ? [part.tools] : []));
  if (parts.length === 0) return { contents: [], truncated: false };
  const splitter = new Splitter({
    codePoints: MAX_CONTENT - TAIL_ROOM - (groups.length > 0 ? TOOLS_ROOM : 0),
    lines: MAX_LINES,
    pieces: maxMessages,
    lastReserve: NOTICE_ROOM,
  });
  fill(splitter, parts, turn.state === "working");
  const pieces = splitter.finish();
  const show = turn.state === "completed" ? foldedTools(groups) : runningTools(groups, turn);
  return { contents: pieces.map((piece) => withTools(piece, show)), truncated: splitter.truncated };
}

function partsOf(turn: Turn): readonly Part[] {
  const parts: Part[] = [];
  let tools: ToolItem[] | undefined;
  for (const item of turn.output) {
    if (item.kind === "tool" && tools) tools.push(item);
    else if (item.kind === "tool") {
      tools = [item];
      parts.push({ kind: "tools", tools });
    } else if (item.text.trim() !== "") {
      tools = undefined;
      parts.push({ kind: "text", text: item.text });
    }
  }
  return parts;
}

function fill(splitter: Splitter, parts: readonly Part[], working: boolean): void {
  let group = 0;
  let begun = false;
  for (const [index, part] of parts.entries()) {
    if (splitter.truncated) return;
    if (part.kind === "tools") {
      splitter.mark(group++);
      continue;
    }
    if (begun) splitter.add({ kind: "blank" });
    begun = true;
    addText(splitter, part.text, working && index === parts.length - 1);
  }
}

function addText(splitter: Splitter, text: string, growing: boolean): void {
  for (const line of markdownLines(text, growing)) {
    if (splitter.truncated) return;
    splitter.add(line);
  }
}

type ShowTools = (groups: readonly number[]) => readonly (readonly string[])[];

/** After the answer: all calls in one line, where the first one happened. */
function foldedTools(groups: readonly (readonly ToolItem[])[]): ShowTools {
  return (ids) => ids.map((id) => (id === 0 ? [foldedLine(groups.flat(), "ended")] : []));
}

/** During the answer: the last group call by call, earlier ones folded; where that is too much, one line for all. */
function runningTools(groups: readonly (readonly ToolItem[])[], turn: Turn): ShowTools {
  const calls: OpenCalls = isOver(turn) ? "ended" : turn.state === "waiting" ? "waiting" : "running";
  const open = turn.output.at(-1)?.kind === "tool" ? groups.length - 1 : -1;
  return (ids) => {
    for (let shown = MAX_SHOWN; shown > 0; shown--) {
      const each = ids.map((id) => linesOf(groups[id] ?? [], calls, id === open ? shown : 0));
      if (codePointLength(each.flat().join("\n")) < TOOLS_ROOM) return each;
    }
    const all = ids.flatMap((id) => groups[id] ?? []);
    return ids.map((_, index) => (index === ids.length - 1 ? [foldedLine(all, calls)] : []));
  };
}

function linesOf(tools: readonly ToolItem[], open: OpenCalls, shown: number): readonly string[] {
  return shown === 0 ? [foldedLine(tools, open)] : progressLines(tools, open, shown);
}

function withTools(piece: Piece, show: ShowTools): string {
  if (piece.marks.length === 0) return pieceText(piece);
  const shown = show(piece.marks.map((mark) => mark.id));
  const lines = [...piece.lines];
  for (let index = piece.marks.length - 1; index >= 0; index--) {
    lines.splice(piece.marks[index]?.at ?? 0, 0, ...(shown[index] ?? []));
  }
  return pieceText({ ...piece, lines }).trimEnd();
}
