import { codePointLength, indexAfter } from "../view/safe-text.ts";

/** Discord's limit for one message, in code points. */
const MESSAGE_LENGTH = 2000;

/** The lines of a text in as few messages as they need; only a line that is too long for one is cut. */
export function pagesOf(text: string): readonly string[] {
  const pages: string[] = [];
  let page = "";
  for (const line of text.split("\n")) {
    const whole = line.slice(0, indexAfter(line, 0, MESSAGE_LENGTH));
    const longer = page === "" ? whole : `${page}\n${whole}`;
    if (codePointLength(longer) > MESSAGE_LENGTH) pages.push(page);
    page = codePointLength(longer) > MESSAGE_LENGTH ? whole : longer;
  }
  return [...pages, page];
}
