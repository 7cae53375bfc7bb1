import { countText } from "./amounts.ts";
import { quotedText, visibleText } from "./exact-text.ts";
import type { JsonNode } from "./json-text.ts";
import { codePointLength, indexAfter } from "./safe-text.ts";

const STEP = "  ";
const PLAIN_KEY = /^[A-Za-z_$][\w$./-]{0,79}$/;
/** Code points of a list of plain values that stands on one line. */
const MAX_LIST = 48;

/**
 * Arguments as lines for a code block, readable on a phone: every key, numbers as on the wire, texts as JSON strings, texts of
 * several lines behind a bar. A value of more than `room` code points shows its head, its length and its tail.
 */
export function argumentLines(node: JsonNode, room: number): readonly string[] {
  const inline = inlineText(node, room);
  if (inline !== undefined) return [inline];
  if (node.kind === "plain") return [node.text];
  if (node.kind === "string") return barred(node.value, "", room);
  return node.kind === "array" ? arrayLines(node.items, "", room) : objectLines(node.entries, "", room);
}

/** A text that is no JSON, shown like a value. */
export function rawLines(text: string, room: number): readonly string[] {
  return barred(text, "", room);
}

function objectLines(
  entries: (JsonNode & { readonly kind: "object" })["entries"],
  indent: string,
  room: number,
): readonly string[] {
  return entries.flatMap(({ key, value }) => valueLines(`${indent}${keyText(key)}:`, value, indent, room));
}

function arrayLines(items: readonly JsonNode[], indent: string, room: number): readonly string[] {
  return items.flatMap((item) => valueLines(`${indent}-`, item, indent, room));
}

function valueLines(head: string, value: JsonNode, indent: string, room: number): readonly string[] {
  const inline = inlineText(value, room);
  if (inline !== undefined) return [`${head} ${inline}`];
  const inner = indent + STEP;
  if (value.kind === "string") return [head, ...barred(value.value, inner, room)];
  if (value.kind === "array") return [head, ...arrayLines(value.items, inner, room)];
  return value.kind === "object" ? [head, ...objectLines(value.entries, inner, room)] : [head];
}

function keyText(key: string): string {
  return PLAIN_KEY.test(key) ? key : quotedText(key);
}

/** The value where it fits on one line. */
function inlineText(node: JsonNode, room: number): string | undefined {
  switch (node.kind) {
    case "plain":
      return shortened(node.text, room, visibleText);
    case "string":
      return node.value.trim().includes("\n") ? undefined : shortened(node.value, room, quotedText);
    case "object":
      return node.entries.length === 0 ? "{}" : undefined;
    case "array":
      return listText(node.items, room);
  }
}

function listText(items: readonly JsonNode[], room: number): string | undefined {
  if (items.length === 0) return "[]";
  if (items.length > MAX_LIST || items.some((item) => item.kind === "array" || item.kind === "object"))
    return undefined;
  const texts = items.map((item) => inlineText(item, room));
  const text = `[${texts.join(", ")}]`;
  return texts.includes(undefined) || codePointLength(text) > MAX_LIST ? undefined : text;
}

/** What is left out stands outside of the quotes, where no value can imitate it. */
function shortened(text: string, room: number, shown: (part: string) => string): string {
  const cut = cutOf(text, room);
  return cut
    ? `${shown(cut.head)} ⋯ ${countText(cut.length, "character")} ⋯ ${shown(cut.tail)}`
    : shown(text);
}

/** A text of several lines, each behind a bar that nothing in it can imitate. */
function barred(text: string, indent: string, room: number): readonly string[] {
  const bar = (part: string) => part.split("\n").map((line) => `${indent}│ ${visibleText(line)}`.trimEnd());
  const whole = text.replace(/\r?\n$/, "").replaceAll("\r\n", "\n");
  const cut = cutOf(whole, room);
  if (!cut) return bar(whole);
  const lines = countText(whole.split("\n").length, "line");
  return [
    ...bar(cut.head),
    `${indent}⋯ ${countText(cut.length, "character")} in ${lines} ⋯`,
    ...bar(cut.tail),
  ];
}

interface Cut {
  readonly head: string;
  readonly tail: string;
  readonly length: number;
}

function cutOf(text: string, room: number): Cut | undefined {
  if (text.length <= room) return undefined;
  const length = codePointLength(text);
  if (length <= room) return undefined;
  const head = indexAfter(text, 0, Math.ceil((room * 2) / 3));
  const tail = text.length - Math.floor(room / 3);
  const start = /[\udc00-\udfff]/.test(text.charAt(tail)) ? tail + 1 : tail;
  return { head: text.slice(0, head), tail: text.slice(Math.max(head, start)), length };
}
