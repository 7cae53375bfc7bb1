import { expect, test } from "vitest";
import { markdownLines } from "../../../src/discord/view/markdown.ts";
import { type PieceLimits, pieceText } from "../../../src/discord/view/piece.ts";
import { Splitter } from "../../../src/discord/view/split.ts";

function messages(text: string, limits: Partial<PieceLimits> = {}): string[] {
  const splitter = new Splitter({ codePoints: 60, lines: 40, pieces: 1000, lastReserve: 0, ...limits });
  for (const line of markdownLines(text)) splitter.add(line);
  return splitter.finish().map(pieceText);
}

test("breaks between paragraphs where one is near", () => {
  expect(messages("First paragraph of this text.\nmore\n\nSecond paragraph that is longer.")).toEqual([
    "First paragraph of this text.\nmore",
    "Second paragraph that is longer.",
  ]);
});

test("breaks between lines where no paragraph is near", () => {
  expect(messages("a\n\none line of twenty-seven chars\nanother line of some length here")).toEqual([
    "a\n\none line of twenty-seven chars",
    "another line of some length here",
  ]);
});

test("breaks a long paragraph at a sentence, else at a word", () => {
  expect(messages("One sentence that ends here. Another sentence follows it soon.")).toEqual([
    "One sentence that ends here.",
    "Another sentence follows it soon.",
  ]);
  expect(messages("words and words and words and words and words and words and more")).toEqual([
    "words and words and words and words and",
    "words and words and more",
  ]);
});

test("breaks Japanese at its own full stop", () => {
  const text =
    "注文が急に増えると、決済サービスが遅くなります。データベース接続の数を増やしてください。再起動は必要ありません。";
  expect(messages(text, { codePoints: 50 })).toEqual([
    "注文が急に増えると、決済サービスが遅くなります。",
    "データベース接続の数を増やしてください。再起動は必要ありません。",
  ]);
});

test("never breaks inside of a link or inline code that fits a message", () => {
  const link = "[the documentation](https://example.com/path/to) (example.com)";
  expect(messages(`Some words in front of it ${link} and more.`, { codePoints: 90 })).toEqual([
    "Some words in front of it",
    `${link} and more.`,
  ]);
  expect(messages("Now run this: `kubectl get pods -n shop -o wide` please do it")).toEqual([
    "Now run this:",
    "`kubectl get pods -n shop -o wide` please do it",
  ]);
});

test("closes and opens again what a break would leave open", () => {
  expect(messages(`**${"bold words ".repeat(8).trim()}**`)).toEqual([
    "**bold words bold words bold words bold**",
    "**words bold words bold words bold words bold words**",
  ]);
  expect(messages(`> ${"quoted words ".repeat(6).trim()}`)).toEqual([
    "> quoted words quoted words quoted words",
    "> quoted words quoted words quoted words",
  ]);
});

test("never breaks inside of a character that people see as one", () => {
  for (const message of messages("👩‍👩‍👧‍👦🇩🇪é".repeat(20))) {
    expect(message).toMatch(/^(?:👩‍👩‍👧‍👦|🇩🇪|é)+$/u);
  }
});

test("counts code points, not UTF-16 units", () => {
  expect(messages("😀".repeat(60))).toEqual(["😀".repeat(60)]);
});

test("closes a code block and opens it again with its language", () => {
  const lines = Array.from({ length: 8 }, (_, index) => `key${index}: value`);
  expect(messages(`\`\`\`yaml\n${lines.join("\n")}\n\`\`\``)).toEqual([
    "```yaml\nkey0: value\nkey1: value\nkey2: value\nkey3: value\n```",
    "```yaml\nkey4: value\nkey5: value\nkey6: value\nkey7: value\n```",
  ]);
});

test("a language that is too long to repeat is left out of the fence", () => {
  const [first] = messages(`\`\`\`${"x".repeat(30)}\ncode\n\`\`\``);
  expect(first).toBe(`\`${"x".repeat(30)}\`\n\`\`\`\ncode\n\`\`\``);
});

test("breaks code at a blank line where one is near", () => {
  const code = "```\nfirst: 1234567\nsecond: 12345\n\nthird: 123456\nfourth: 12345678\n```";
  expect(messages(code)).toEqual([
    "```\nfirst: 1234567\nsecond: 12345\n```",
    "```\nthird: 123456\nfourth: 12345678\n```",
  ]);
});

test("cuts a line of code only where it is longer than a message, without changing it", () => {
  const line = "x".repeat(130);
  const read = messages(`text\n\`\`\`js\n${line}\n\`\`\``);
  expect(read[0]).toBe("text");
  expect(
    read
      .slice(1)
      .map((message) => message.replace(/^```js\n|\n```$/g, ""))
      .join(""),
  ).toBe(line);
});

test("a heading goes with what follows it", () => {
  expect(
    messages("A paragraph of some forty characters or so.\n\n## Heading\n\nText that does not fit any more."),
  ).toEqual([
    "A paragraph of some forty characters or so.",
    "## Heading\n\nText that does not fit any more.",
  ]);
});

test("tall messages are split by lines", () => {
  const list = Array.from({ length: 90 }, (_, index) => `- ${index}`).join("\n");
  const sizes = messages(list, { codePoints: 2000 }).map((message) => message.split("\n").length);
  expect(sizes).toEqual([40, 40, 10]);
});

test("takes no more than the pieces that are allowed, and says so", () => {
  const splitter = new Splitter({ codePoints: 60, lines: 40, pieces: 2, lastReserve: 20 });
  for (const line of markdownLines("word word word word word.\n\n".repeat(20))) splitter.add(line);
  const pieces = splitter.finish();
  expect(pieces).toHaveLength(2);
  expect(splitter.truncated).toBe(true);
  expect(pieceText(pieces[1] ?? { open: "", lines: [], close: "", marks: [] }).length).toBeLessThanOrEqual(
    40,
  );
});
