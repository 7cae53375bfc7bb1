import type { OutputItem } from "../../conversation/turn-output.ts";
import { countText, durationText, sinceText } from "./amounts.ts";
import { codePointLength, safeInline, shorten } from "./safe-text.ts";
import { tellingArguments } from "./tool-arguments.ts";

/** What calls without a result do: run, wait for people, or, after the end, nothing any more. */
export type OpenCalls = "running" | "waiting" | "ended";

/** A tool call in a turn. */
export type ToolItem = OutputItem & { readonly kind: "tool" };

/** Code points that all lines about tools in one message may take. */
export const TOOLS_ROOM = 300;
const MAX_NAME = 48;
/** Longer lines about one call leave out what it is about. */
const MAX_LINE = 150;
const MAX_NAMES = 120;
const OPEN_GLYPHS: Readonly<Record<OpenCalls, string>> = { running: "…", waiting: "✋", ended: "–" };

/** Calls without text between them, as lines of subtext: one for each of the last `shown`, one for all before. */
export function progressLines(tools: readonly ToolItem[], open: OpenCalls, shown: number): readonly string[] {
  const earlier = tools.slice(0, -shown);
  const lines = tools.slice(-shown).map((tool) => toolLine(tool, open));
  return earlier.length === 0 ? lines : [foldedLine(earlier, open), ...lines];
}

/** One call: how it stands, what it is about, how long it took. A running call counts by itself. */
function toolLine(tool: ToolItem, open: OpenCalls): string {
  const subject = safeInline(tellingArguments(tool.call.args));
  const name = `-# ${glyphOf(tool, open)} ${nameOf(tool)}`;
  const whole = [name, ...(subject === "" ? [] : [subject]), timeOf(tool, open)].join(" · ");
  return codePointLength(whole) <= MAX_LINE ? whole : `${name} · ${timeOf(tool, open)}`;
}

/** Several calls in one line: how many, how long, and their names. */
export function foldedLine(tools: readonly ToolItem[], open: OpenCalls): string {
  const [only] = tools;
  if (only && tools.length === 1) return toolLine(only, open);
  const failed = tools.filter((tool) => tool.ok === false).length;
  const left = tools.filter((tool) => tool.endedAt === undefined).length;
  const glyph = failed > 0 ? "✗" : left === 0 ? "✓" : OPEN_GLYPHS[open];
  const parts = [
    countText(tools.length, "tool"),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(left > 0 && open === "ended" ? [`${left} without a result`] : []),
    ...(left > 0 && open === "waiting" ? [`${left} asking people first`] : []),
    ...(left < tools.length ? [durationText(busyMs(tools))] : []),
    namesOf(tools),
  ];
  return `-# ${glyph} ${parts.join(" · ")}`;
}

function glyphOf(tool: ToolItem, open: OpenCalls): string {
  if (tool.endedAt === undefined) return OPEN_GLYPHS[open];
  return tool.ok === false ? "✗" : "✓";
}

function timeOf(tool: ToolItem, open: OpenCalls): string {
  if (tool.endedAt !== undefined) return durationText(tool.endedAt - tool.startedAt);
  // Stays in the thread after the decision, so it has to stay true.
  if (open === "waiting") return "asks people first";
  return open === "ended" ? "no result" : `since ${sinceText(tool.startedAt)}`;
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
