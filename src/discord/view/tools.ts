import type { OutputItem } from "../../conversation/turn.ts";
import { countText, durationText, sinceText } from "./amounts.ts";
import { codePointLength, safeInline, shorten } from "./safe-text.ts";
import { tellingArguments } from "./tool-arguments.ts";

/** A tool call in a turn. */
export type ToolItem = OutputItem & { readonly kind: "tool" };

/** Code points that all lines about tools in one message may take. */
export const TOOLS_ROOM = 300;
const MAX_NAME = 48;
/** Longer lines about one call leave out what it is about. */
const MAX_LINE = 150;
const MAX_NAMES = 120;

/** Calls without text between them, as lines of subtext: one for each of the last `shown`, one for all before. */
export function progressLines(tools: readonly ToolItem[], over: boolean, shown: number): readonly string[] {
  const earlier = tools.slice(0, -shown);
  const lines = tools.slice(-shown).map((tool) => toolLine(tool, over));
  return earlier.length === 0 ? lines : [foldedLine(earlier, over), ...lines];
}

/** One call: how it stands, what it is about, how long it took. A running call counts by itself. */
function toolLine(tool: ToolItem, over: boolean): string {
  const subject = safeInline(tellingArguments(tool.call.args));
  const name = `-# ${glyphOf(tool, over)} ${nameOf(tool)}`;
  const whole = [name, ...(subject === "" ? [] : [subject]), timeOf(tool, over)].join(" · ");
  return codePointLength(whole) <= MAX_LINE ? whole : `${name} · ${timeOf(tool, over)}`;
}

/** Several calls in one line: how many, how long, and their names. */
export function foldedLine(tools: readonly ToolItem[], over: boolean): string {
  const [only] = tools;
  if (only && tools.length === 1) return toolLine(only, over);
  const failed = tools.filter((tool) => tool.ok === false).length;
  const open = tools.filter((tool) => tool.endedAt === undefined).length;
  const glyph = failed > 0 ? "✗" : open === 0 ? "✓" : over ? "–" : "…";
  const parts = [
    countText(tools.length, "tool"),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(open > 0 && over ? [`${open} without a result`] : []),
    ...(open < tools.length ? [durationText(busyMs(tools))] : []),
    namesOf(tools),
  ];
  return `-# ${glyph} ${parts.join(" · ")}`;
}

function glyphOf(tool: ToolItem, over: boolean): string {
  if (tool.endedAt === undefined) return over ? "–" : "…";
  return tool.ok === false ? "✗" : "✓";
}

function timeOf(tool: ToolItem, over: boolean): string {
  if (tool.endedAt !== undefined) return durationText(tool.endedAt - tool.startedAt);
  return over ? "no result" : `since ${sinceText(tool.startedAt)}`;
}

function nameOf(tool: ToolItem): string {
  return safeInline(shorten(tool.call.subagent ?? tool.call.name, MAX_NAME)) || "tool";
}

function namesOf(tools: readonly ToolItem[]): string {
  const counts = new Map<string, number>();
  for (const tool of tools) counts.set(nameOf(tool), (counts.get(nameOf(tool)) ?? 0) + 1);
  let text = "";
  let left = counts.size;
  for (const [name, count] of counts) {
    const part = `${text === "" ? "" : ", "}${name}${count > 1 ? ` ×${count}` : ""}`;
    if (codePointLength(text + part) > MAX_NAMES && text !== "") return `${text} and ${left} more`;
    text += part;
    left--;
  }
  return text;
}

/** The time in which at least one of the calls ran. */
function busyMs(tools: readonly ToolItem[]): number {
  let total = 0;
  let until = 0;
  for (const { startedAt, endedAt } of tools.toSorted((a, b) => a.startedAt - b.startedAt)) {
    if (endedAt === undefined) continue;
    total += Math.max(0, endedAt - Math.max(startedAt, until));
    until = Math.max(until, endedAt);
  }
  return total;
}
