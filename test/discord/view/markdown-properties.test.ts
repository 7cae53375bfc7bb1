import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMarkdown } from "../../../src/discord/view/markdown.ts";
import { fragments, hostileMarkdown } from "./hostile-markdown.ts";

/** How Discord's client finds a masked link (its Markdown rules), at one place of a text. */
const DISCORD_LINK =
  /\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['"]([\s\S]*?)['"])?\s*\)/y;
const DISCORD_URL = /https?:\/\/[^\s<]+[^<.,:;"'\]\s]/iy;

test("rendering twice is rendering once", () => {
  fc.assert(
    fc.property(hostileMarkdown, (text) => {
      const once = renderMarkdown(text);
      expect(renderMarkdown(once)).toBe(once);
    }),
    { numRuns: 1000 },
  );
});

test("no word of the answer is lost, whatever stands around it", () => {
  const noise = fragments((fragment) => !fragment.includes("word"));
  const parts = fc.array(noise, { maxLength: 40, size: "max" });
  fc.assert(
    fc.property(parts, (noisy) => {
      const text = noisy.map((fragment, index) => `q${index}z${fragment}`).join("");
      const rendered = renderMarkdown(text);
      const missing = noisy.map((_, index) => `q${index}z`).filter((word) => !rendered.includes(word));
      expect(missing).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test("outside of code nothing can be taken for a mention", () => {
  const plain = fragments((fragment) => !/[`~|]/.test(fragment));
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 30, size: "max" }), (parts) => {
      const rendered = renderMarkdown(parts.join("")).replaceAll(/https?:\S+|\\[!-/:-@[-`{-~]/g, "");
      expect(rendered).not.toMatch(/<@|<#\d|<\/run|@everyone|@here/);
    }),
    { numRuns: 1000 },
  );
});

test("every masked link that Discord would find is followed by its host", () => {
  const plain = fragments((fragment) => !/[`~|]/.test(fragment));
  const more = fc.constantFrom(
    "[",
    "]",
    "](",
    "(",
    ")",
    "\n",
    "https://evil.example",
    "[a](https://evil.example)",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(plain, more), { maxLength: 30, size: "max" }), (parts) => {
      expect(linksWithoutHost(renderMarkdown(parts.join("")))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

function linksWithoutHost(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (/^\\[^\w\s]/.test(text.slice(at, at + 2))) {
      at++;
      continue;
    }
    DISCORD_URL.lastIndex = at;
    at += DISCORD_URL.exec(text)?.[0].length ?? 0;
    DISCORD_LINK.lastIndex = at;
    const link = DISCORD_LINK.exec(text);
    if (!link?.[2] || !URL.canParse(link[2]) || !/^https?:/i.test(link[2])) continue;
    const end = at + link[0].length;
    if (!text.startsWith(` (${new URL(link[2]).host})`, end)) found.push(link[0]);
    at = end - 1;
  }
  return found;
}
