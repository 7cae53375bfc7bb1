import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../../src/discord/view/markdown.ts";

describe("tables", () => {
  test("stand in columns of a fixed-width font", () => {
    const table = "| pod | ready |\n|---|---|\n| checkout | 1/3 |\n| db | 3/3 |";
    expect(renderMarkdown(table)).toBe(
      "```\npod       ready\n────────  ─────\ncheckout  1/3\ndb        3/3\n```",
    );
  });

  test("align columns of wide characters and emoji", () => {
    const rendered = renderMarkdown("名前|状態|x\n---|---|---\n決済|✅|1\ncart|👩‍🚀 gut|2");
    const ends = rendered
      .split("\n")
      .slice(1, -1)
      .filter((line) => !line.startsWith("─"));
    expect(new Set(ends.map((line) => stringWidth(line)))).toHaveLength(1);
    expect(rendered).toBe("```\n名前  状態    x\n────  ──────  ─\n決済  ✅      1\ncart  👩‍🚀 gut  2\n```");
  });

  test("align numbers to the right where the table says so", () => {
    expect(renderMarkdown("|n|m|\n|--:|---|\n|1|a|\n|100|b|")).toBe(
      "```\n  n  m\n───  ─\n  1  a\n100  b\n```",
    );
  });

  test("show their cells without markup", () => {
    const shown = "d (https://e.example) | <@1>";
    expect(renderMarkdown("|a|b|\n|-|-|\n|**x** `y`|[d](https://e.example) \\| <@1>|")).toBe(
      `\`\`\`\na    b\n───  ${"─".repeat(shown.length)}\nx y  ${shown}\n\`\`\``,
    );
  });

  test.each(["`\u200b`| a |\n|---|---|", "```x```\u200b````| a |\n|---|---|", "||\n|---|---|"])(
    "look the same when the result is read again: %j",
    (table) => {
      const once = renderMarkdown(table);
      expect(renderMarkdown(once)).toBe(once);
    },
  );

  test("that are too wide for a phone become a block for each row", () => {
    const long = "The readiness probe failed with status 503 for a long time";
    expect(
      renderMarkdown(`text\n| pod | why |\n|---|---|\n| a | ${long} |\n| b | [docs](https://k.example) |`),
    ).toBe(
      `text\n\n**pod:** a\n**why:** ${long}\n\n**pod:** b\n**why:** [docs](https://k.example) (k.example)`,
    );
  });

  test("keep cells that the head has no column for", () => {
    expect(renderMarkdown("|a|b|\n|-|-|\n|1|2|3|")).toBe("```\na  b\n─  ─  ─\n1  2  3\n```");
  });

  test("end at the first line without a bar", () => {
    expect(renderMarkdown("|a|\n|-|\n|1|\nnext")).toBe("```\na\n─\n1\n```\nnext");
  });

  test("are none without the line under the head", () => {
    expect(renderMarkdown("a | b\nc | d")).toBe("a | b\nc | d");
    expect(renderMarkdown("a\n---")).toBe("a\n──────────");
  });
});
