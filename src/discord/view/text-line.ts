import { renderInline } from "./inline.ts";
import type { Line } from "./line.ts";

const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+/;
const LIST = /^([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(?:\[([ xX])\][ \t]+)?/;
const RULE_TEXT = "──────────";

/**
 * One line outside of code blocks and tables: headings up to `###`, one kind of bullet, task boxes as characters,
 * rules as a drawn line. `quote`: what stands before it in a quote.
 */
export function blockText(source: string, quote: string, growing: boolean): Line {
  const line = source.trimEnd();
  if (RULE.test(line)) return textLine(quote + RULE_TEXT, "", false, growing);
  const heading = HEADING.exec(line);
  if (heading) {
    const level = Math.min(heading[1]?.length ?? 1, 3);
    return textLine(`${quote}${"#".repeat(level)} `, line.slice(heading[0].length), true, growing);
  }
  const item = LIST.exec(line);
  if (item) return itemLine(quote, bullet(item), line.slice(item[0].length), growing);
  return textLine(quote, withoutSubtext(line), false, growing);
}

/** An item that says nothing but dashes would become a rule by getting its bullet. */
function itemLine(quote: string, bullet: string, source: string, growing: boolean): Line {
  if (RULE.test(bullet + source)) return textLine(quote + RULE_TEXT, "", false, growing);
  return textLine(quote + bullet, RULE.test(source) ? RULE_TEXT : source, false, growing);
}

function textLine(prefix: string, source: string, heading: boolean, growing: boolean): Line {
  return { kind: "text", prefix, inline: renderInline(source, growing), heading };
}

function bullet(item: RegExpExecArray): string {
  const [indent = "", marker = "", box] = item.slice(1);
  const sign = /\d/.test(marker) ? marker : "-";
  const task = box === undefined ? "" : box === " " ? "☐ " : "☑ ";
  return `${indent.replaceAll("\t", "    ")}${sign} ${task}`;
}

/** Subtext is how we say what is going on; an agent must not speak in our voice. */
function withoutSubtext(line: string): string {
  return line.startsWith("-# ") ? `\\${line}` : line;
}
