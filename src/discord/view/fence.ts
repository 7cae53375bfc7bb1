import type { Line } from "./line.ts";
import { breakBacktickRuns, isLanguage } from "./safe-text.ts";

/** The opening line of a fenced code block (CommonMark 4.5), at any depth of a list. */
export interface Fence {
  readonly character: string;
  readonly length: number;
  /** Columns that the block stands inside its list; its lines lose as many leading spaces. */
  readonly indent: number;
  readonly language: string;
  /** What the info string says besides the language: Discord has no place for it in a block. */
  readonly caption: string;
  /** A list marker on the same line, or nothing. */
  readonly marker: string;
}

const OPEN = /^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?)(`{3,}|~{3,})\s*(.*)$/;

/** The fence that this line opens, if any. */
export function readFence(line: string): Fence | undefined {
  const found = OPEN.exec(line);
  const [lead = "", run = "", info = ""] = found?.slice(1) ?? [];
  if (run === "" || (run.startsWith("`") && info.includes("`"))) return undefined;
  const word = info.trim().split(/\s/, 1)[0] ?? "";
  const language = isLanguage(word) ? word : "";
  return {
    character: run.charAt(0),
    length: run.length,
    indent: lead.length,
    language,
    caption: info.trim().slice(language.length).trim(),
    marker: lead.trim(),
  };
}

/** Whether this line closes the fence. */
export function closesFence(line: string, fence: Fence): boolean {
  const text = line.trim();
  if (text.length < fence.length || text !== fence.character.repeat(text.length)) return false;
  return line.length - line.trimStart().length <= fence.indent + 3;
}

/**
 * The block as Discord shows it: three backticks, out of its list or quote, its lines unchanged, without blank lines at
 * its ends. A block without anything visible vanishes, because Discord would show its fences as text.
 */
export function codeLines(body: readonly string[], language: string): readonly Line[] {
  const from = body.findIndex((line) => line.trim() !== "");
  if (from < 0) return [{ kind: "blank" }];
  const end = body.findLastIndex((line) => line.trim() !== "") + 1;
  return [
    { kind: "open", language },
    ...body.slice(from, end).map((text) => ({ kind: "code" as const, text: breakBacktickRuns(text) })),
    { kind: "close" },
  ];
}

/** A line of the block without the indentation of its list. */
export function withoutIndent(line: string, fence: Fence): string {
  let start = 0;
  while (start < fence.indent && /[ \t]/.test(line.charAt(start))) start++;
  return line.slice(start);
}
