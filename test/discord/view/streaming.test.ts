import fc from "fast-check";
import { expect, test } from "vitest";
import { markdownLines } from "../../../src/discord/view/markdown.ts";
import { pieceText } from "../../../src/discord/view/piece.ts";
import { Splitter } from "../../../src/discord/view/split.ts";

const LIMITS = { codePoints: 200, lines: 12, pieces: 10_000, lastReserve: 0 };

function messages(text: string, growing: boolean): string[] {
  const splitter = new Splitter(LIMITS);
  for (const line of markdownLines(text, growing)) splitter.add(line);
  return splitter.finish().map(pieceText);
}

const word = fc.constantFrom(
  "pod",
  "Namespace",
  "注文が急に",
  "👩‍🚀",
  "restarts",
  "1/3",
  "größer",
  "x".repeat(60),
);
const phrase = fc.oneof(
  { weight: 6, arbitrary: word },
  word.map((text) => `**${text} ${text}**`),
  word.map((text) => `\`${text}\``),
  word.map((text) => `[${text}](https://example.com/${text.length})`),
  fc.constant("end."),
);
const sentence = fc
  .array(phrase, { minLength: 1, maxLength: 40, size: "max" })
  .map((parts) => parts.join(" "));
const code = fc
  .array(fc.constantFrom("kind: Pod", "", "  name: checkout", "y".repeat(250)), {
    maxLength: 20,
    size: "max",
  })
  .map((lines) => `\`\`\`yaml\n${lines.join("\n")}\n\`\`\``);
const block = fc.oneof(
  { weight: 3, arbitrary: sentence },
  code,
  sentence.map((text) => `## ${text.slice(0, 20)}`),
  fc
    .array(sentence, { minLength: 1, maxLength: 5 })
    .map((items) => items.map((text) => `- ${text}`).join("\n")),
  sentence.map((text) => `> ${text}`),
);
const answer = fc
  .array(block, { minLength: 4, maxLength: 8, size: "max" })
  .map((blocks) => blocks.join("\n\n"));

test("while text grows, all messages but the last keep their content", () => {
  fc.assert(
    fc.property(answer, fc.integer({ min: 5, max: 100 }), (text, part) => {
      const points = [...text];
      const early = messages(points.slice(0, Math.floor((points.length * part) / 100)).join(""), true);
      const whole = messages(text, false);
      expect(whole.slice(0, early.length - 1)).toEqual(early.slice(0, -1));
    }),
    { numRuns: 800 },
  );
});

test("what is open while an answer grows is closed for display", () => {
  expect(messages("Look at **this", true)).toEqual(["Look at **this**"]);
  expect(messages("Run `kubectl get", true)).toEqual(["Run `kubectl get`"]);
  expect(messages("```yaml\nkind: Pod", true)).toEqual(["```yaml\nkind: Pod\n```"]);
  expect(messages("a ~~b **c", true)).toEqual(["a ~~b **c**~~"]);
});

test("the beginning of markup that nobody can read yet is held back", () => {
  expect(messages("so **", true)).toEqual(["so "]);
  expect(messages("so **bold*", true)).toEqual(["so **bold**"]);
  expect(messages("text\n```ya", true)).toEqual(["text"]);
  expect(messages("text\n``", true)).toEqual(["text"]);
  expect(messages("```\ncode\n``", true)).toEqual(["```\ncode\n```"]);
  expect(messages("see [the docs](https://exam", true)).toEqual(["see the docs"]);
  expect(messages("intro\n| a | b |\n|---", true)).toEqual(["intro"]);
});

test("a table appears as soon as its head is complete, and grows by rows", () => {
  expect(messages("| a | b |\n|---|---|\n", true)).toEqual(["```\na  b\n─  ─\n```"]);
  expect(messages("| a | b |\n|---|---|\n| 1 |", true)).toEqual(["```\na  b\n─  ─\n1\n```"]);
});
