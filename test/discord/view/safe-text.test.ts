import { describe, expect, test } from "vitest";
import { safeFileName } from "../../../src/discord/view/file-name.ts";
import {
  codeBlock,
  codePointLength,
  quotePrompt,
  safeInline,
  shorten,
} from "../../../src/discord/view/safe-text.ts";

describe("safeInline", () => {
  test.each([
    [
      "escapes markup",
      "a*b _c_ `d` ~e~ [f](https://g.example)",
      "a\\*b \\_c\\_ \\`d\\` \\~e\\~ \\[f\\](https://g.example)",
    ],
    ["escapes mentions", "<@123> @everyone", "\\<@123> @\u200beveryone"],
    ["escapes the beginning of a block", "# head", "\\# head"],
    ["escapes subtext", "-# small", "\\-# small"],
    ["escapes lists", "1. one", "1\\. one"],
    ["is one line", "a\n\n b\tc", "a b c"],
    ["leaves addresses whole", "https://a.example/b_c_d*", "https://a.example/b_c_d\\*"],
    ["leaves names alone", "k8s-agent", "k8s-agent"],
  ])("%s", (_, text, safe) => {
    expect(safeInline(text)).toBe(safe);
  });
});

test("a quoted prompt is one short line that pings nobody", () => {
  expect(quotePrompt("why is\n**checkout** failing, @here?", 80)).toBe(
    "why is \\*\\*checkout\\*\\* failing, @\u200bhere?",
  );
  expect(quotePrompt("word ".repeat(50), 20)).toBe("word word word word…");
  expect(quotePrompt(" \u200b ", 20)).toBe("…");
});

test("shortens by code points and never inside of a character", () => {
  expect(shorten("😀😀😀", 3)).toBe("😀😀😀");
  expect(shorten("😀😀😀😀", 3)).toBe("😀😀…");
  expect(shorten("a👩‍🚀b", 3)).toBe("a…");
  expect(codePointLength("a😀\ud83d")).toBe(3);
});

test("a code block cannot be left by its content", () => {
  expect(codeBlock("a\n```\nb", "json", 100)).toBe("```json\na\n`\u200b`\u200b`\nb\n```");
  expect(codeBlock("x".repeat(50), "not a language", 10)).toBe(`\`\`\`\n${"x".repeat(9)}…\n\`\`\``);
  expect(codeBlock("", "", 10)).toBe("```\n \n```");
});

describe("file names", () => {
  test.each([
    ["lose their path", "../../etc/passwd", "passwd"],
    ["lose a Windows path", "C:\\temp\\a.txt", "a.txt"],
    ["cannot pretend another extension", "invoice\u202efdp.exe", "invoicefdp.exe"],
    ["keep their language", "レポート.md", "レポート.md"],
    ["lose what systems forbid", 'a<b>:"c|?*.txt', "a_b_c_.txt"],
    ["are not hidden", "..env", "env"],
    ["are never empty", "///", "file"],
    ["are one word", "my report\n1.md", "my_report_1.md"],
    ["keep their extension when shortened", `${"a".repeat(300)}.yaml`, `${"a".repeat(95)}.yaml`],
  ])("%s", (_, name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });
});
