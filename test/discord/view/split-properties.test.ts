import fc from "fast-check";
import { expect, test } from "vitest";
import { markdownLines, renderMarkdown } from "../../../src/discord/view/markdown.ts";
import { pieceText } from "../../../src/discord/view/piece.ts";
import { codePointLength } from "../../../src/discord/view/safe-text.ts";
import { Splitter } from "../../../src/discord/view/split.ts";
import { hostileMarkdown } from "./hostile-markdown.ts";

const SMALL = { codePoints: 100, lines: 8, pieces: 10_000, lastReserve: 0 };

function split(text: string, growing = false) {
  const splitter = new Splitter(SMALL);
  for (const line of markdownLines(text, growing)) splitter.add(line);
  return splitter.finish();
}

const withoutSpace = (text: string) => text.replaceAll(/\s+/g, "");

test("the messages without our own fence lines are the rendering of the whole answer", () => {
  fc.assert(
    fc.property(hostileMarkdown, (text) => {
      const read = split(text).map((piece) => piece.lines.join("\n"));
      expect(withoutSpace(read.join(""))).toBe(withoutSpace(renderMarkdown(text)));
    }),
    { numRuns: 1000 },
  );
});

test("no message is longer than its limit, growing or complete", () => {
  fc.assert(
    fc.property(hostileMarkdown, fc.boolean(), (text, growing) => {
      for (const piece of split(text, growing)) {
        expect(codePointLength(pieceText(piece))).toBeLessThanOrEqual(100 + (growing ? 12 : 0));
        expect(piece.lines.length).toBeLessThanOrEqual(9);
      }
    }),
    { numRuns: 1000 },
  );
});

test("every message opens and closes its own code blocks", () => {
  fc.assert(
    fc.property(hostileMarkdown, fc.boolean(), (text, growing) => {
      for (const piece of split(text, growing)) {
        const content = pieceText(piece);
        const fences = content.match(/(?<!\\)`{3,}/g) ?? [];
        expect(fences.length % 2).toBe(0);
        expect(content.match(/^```[\w+.#-]*$/gm) ?? []).toHaveLength(fences.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test("no message holds half a surrogate pair or a hidden character", () => {
  fc.assert(
    fc.property(hostileMarkdown, (text) => {
      for (const piece of split(text)) {
        expect(pieceText(piece).isWellFormed()).toBe(true);
        expect(pieceText(piece)).not.toMatch(
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
      }
    }),
    { numRuns: 1000 },
  );
});

test("no message and no code block in one is empty", () => {
  fc.assert(
    fc.property(hostileMarkdown, (text) => {
      for (const piece of split(`x ${text}`)) {
        expect(pieceText(piece).trim()).not.toBe("");
        const blocks = pieceText(piece)
          .split(/^```[\w+.#-]*$/m)
          .filter((_, index) => index % 2 === 1);
        expect(blocks.filter((block) => block.trim() === "")).toEqual([]);
      }
    }),
    { numRuns: 1000 },
  );
});
