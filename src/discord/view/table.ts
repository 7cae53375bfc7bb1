import stringWidth from "string-width";
import { codeLines, readFence } from "./fence.ts";
import { plainInline } from "./inline.ts";
import type { Line } from "./line.ts";
import { stripUnsafe } from "./safe-text.ts";
import { blockText } from "./text-line.ts";

/** Widest table, in columns of a fixed-width font, that phones show without breaking its lines apart. */
const MAX_WIDTH = 56;
const GAP = "  ";
const DELIMITER = /^(?!-\s)\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

interface Lines {
  readonly lines: readonly string[];
  at: number;
  readonly growing: boolean;
}

/** The cells of a table, all rows equally long; `right[i]` where column i is aligned to the right. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly right: readonly boolean[];
}

/** Whether a table (GFM 4.10) begins at the cursor. */
export function isTableAt({ lines, at, growing }: Lines): boolean {
  const header = lines[at] ?? "";
  const delimiter = lines[at + 1];
  // Bars alone are no header, also once they are escaped: the result must not read as another thing.
  if (!header.includes("|") || !/[^|\s]/.test(header.replaceAll("\\|", ""))) return false;
  if (!delimiter?.includes("|") || !DELIMITER.test(delimiter.trim())) return false;
  const decided = !growing || at + 1 < lines.length - 1;
  return decided || cells(delimiter).length === cells(header).length;
}

/** Whether the growing end of the text may turn out to be a table's first lines. */
export function isHeldTable({ lines, at }: Lines): boolean {
  if (!/^\s*\|/.test(lines[at] ?? "")) return false;
  return at === lines.length - 1 || (at === lines.length - 2 && /^[\s|:-]*$/.test(lines[at + 1] ?? ""));
}

/** Reads the table at the cursor and moves behind it. Cells beyond the header's are kept: nothing is lost. */
export function readTable(cursor: Lines): Table {
  const header = cells(cursor.lines[cursor.at++] ?? "");
  const alignment = cells(cursor.lines[cursor.at++] ?? "");
  const rows: (readonly string[])[] = [];
  for (let line = cursor.lines[cursor.at]; isRow(line); line = cursor.lines[++cursor.at]) {
    rows.push(cells(line));
  }
  const width = rows.reduce((most, row) => Math.max(most, row.length), header.length);
  return {
    header: padded(header, width),
    rows: rows.map((row) => padded(row, width)),
    right: padded(alignment, width).map((cell) => /^-+:$/.test(cell)),
  };
}

/** The table as fixed-width columns, or, where that is too wide for a phone, each row as lines `header: value`. */
export function renderTable(table: Table, quote: string): readonly Line[] {
  const plain = [table.header, ...table.rows].map((row) => row.map(plainCell));
  const widths = table.header.map((_, column) =>
    plain.reduce((most, row) => Math.max(most, width(row[column] ?? "")), 1),
  );
  const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
  if (total > MAX_WIDTH) return rowBlocks(table, quote);
  const [header = "", ...rows] = plain.map((row) => columns(row, widths, table.right));
  const rule = widths.map((each) => "─".repeat(each)).join(GAP);
  return codeLines([header, rule, ...rows], "");
}

function columns(row: readonly string[], widths: readonly number[], right: readonly boolean[]): string {
  return row
    .map((cell, column) => {
      const space = " ".repeat((widths[column] ?? 0) - width(cell));
      return right[column] ? space + cell : cell + space;
    })
    .join(GAP)
    .trimEnd();
}

function rowBlocks({ header, rows }: Table, quote: string): readonly Line[] {
  const shown = rows.length === 0 ? [header.map(() => "")] : rows;
  return shown.flatMap((row) => {
    const lines = row.map((cell, column) => rowLine(header[column] || String(column + 1), cell, quote));
    return [{ kind: "blank" as const }, ...lines, { kind: "blank" as const }];
  });
}

function rowLine(header: string, cell: string, quote: string): Line {
  return blockText(`**${plainCell(header)}:** ${cell}`, quote, false);
}

/** The cell without markup. A break that stood between backticks has nothing to break once they are gone. */
function plainCell(cell: string): string {
  return stripUnsafe(plainInline(cell));
}

function isRow(line: string | undefined): line is string {
  return line?.includes("|") === true && readFence(line) === undefined;
}

/** The cells of a row; `\|` is a bar inside a cell. */
function cells(line: string): readonly string[] {
  const inner = line.trim().replace(/^\|/, "");
  const found = inner.match(/(?:\\[\s\S]?|[^|\\])+|\|/g) ?? [];
  const row: string[] = [""];
  for (const part of found) {
    if (part === "|") row.push("");
    else row[row.length - 1] = part.replaceAll("\\|", "|").trim();
  }
  if (row.length > 1 && row.at(-1) === "") row.pop();
  return row;
}

function padded(row: readonly string[], length: number): readonly string[] {
  return [...row, ...Array.from({ length: length - row.length }, () => "")];
}

/** Columns that a terminal or a code block needs: wide East Asian characters and emoji take two. */
function width(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
