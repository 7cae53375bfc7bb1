import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../../src/discord/view/markdown.ts";

describe("blocks", () => {
  test.each([
    ["headings end at the third level", "# a\n#### b\n###### c", "# a\n### b\n### c"],
    ["a hash without a space is no heading", "#channel", "#channel"],
    ["bullets are dashes", "+ one\n* two\n  + three", "- one\n- two\n  - three"],
    ["numbers keep their start", "3. three\n4. four", "3. three\n4. four"],
    ["task boxes are characters", "- [ ] open\n- [x] done\n1. [X] too", "- ☐ open\n- ☑ done\n1. ☑ too"],
    ["rules are drawn", "a\n\n---\n\n* * *\n___", "a\n\n──────────\n\n──────────\n──────────"],
    ["quotes need their space", ">a\n>\n> b", "> a\n> \n> b"],
    ["quotes do not swallow the rest of the message", ">>> all of it\n\nrest", "> >> all of it\n\nrest"],
    ["an agent cannot speak in our subtext", "-# done by k8s-agent", "\\-# done by k8s-agent"],
    ["blank lines come singly", "\n\na\n\n\n\nb\n\n", "a\n\nb"],
    ["HTML stays text", "<b>x</b> &amp; <br>", "<b>x</b> &amp; <br>"],
  ])("%s", (_, source, rendered) => {
    expect(renderMarkdown(source)).toBe(rendered);
  });
});

describe("code blocks", () => {
  test.each([
    ["tildes become backticks", "~~~sh\nls ~~~\n~~~", "```sh\nls ~~~\n```"],
    [
      "longer fences get short ones, their content an invisible break",
      "````md\n```js\n1\n```\n````",
      "```md\n`\u200b`\u200b`js\n1\n`\u200b`\u200b`\n```",
    ],
    [
      "blocks leave their list",
      "1. run\n   ```sh\n   ls\n     -l\n   ```\n2. see",
      "1. run\n```sh\nls\n  -l\n```\n2. see",
    ],
    ["a block right behind a marker leaves it", "- ```\n  x\n  ```", "-\n```\nx\n```"],
    ["blocks leave their quote", "> see\n> ```\n> x > y\n> ```\n> end", "> see\n```\nx > y\n```\n> end"],
    ["a quote that ends closes its block", "> ```\n> x\ntext", "```\nx\n```\ntext"],
    [
      "an info string that is no language becomes code in front",
      '```yaml title="a b"\nx\n```',
      '`title="a b"`\n```yaml\nx\n```',
    ],
    ["a missing end is added", "```\nx", "```\nx\n```"],
    ["a block with nothing in it vanishes", "a\n```yaml\n\n```\nb", "a\n\nb"],
    [
      "nothing inside is touched",
      "```\n#### h __b__ ![i](u) @everyone <@1> || | a |\n|---|\n  - [ ] x  \n```",
      "```\n#### h __b__ ![i](u) @everyone <@1> || | a |\n|---|\n  - [ ] x  \n```",
    ],
  ])("%s", (_, source, rendered) => {
    expect(renderMarkdown(source)).toBe(rendered);
  });
});

describe("inline", () => {
  test.each([
    ["Markdown's bold is not Discord's underline", "__bold__ and ___both___", "**bold** and ***both***"],
    [
      "underscores inside of words are not markup",
      "a__b__c and __init__.py",
      "a\\_\\_b\\_\\_c and **init**.py",
    ],
    ["single emphasis stays", "*a* _b_ ~~c~~ **d**", "*a* _b_ ~~c~~ **d**"],
    ["bars do not hide text", "a || b || c", "a \\|\\| b \\|\\| c"],
    [
      "inline code is not touched",
      "`__a__ ![x](https://e.example) <@1> ||`",
      "`__a__ ![x](https://e.example) <@1> ||`",
    ],
    ["code with backticks keeps them", "`` a`b ``", "`` a`b ``"],
    ["three backticks in a line are no block", "```a``` b", "`a` b"],
    ["a lone backtick pairs with nothing", "it's 5` long\n\nand 6` wide", "it's 5\\` long\n\nand 6\\` wide"],
    [
      "three lone backticks open nothing",
      "use ``` to open\n\n```yaml\na: 1\n```",
      "use \\`\\`\\` to open\n\n```yaml\na: 1\n```",
    ],
    ["escapes stay", "\\*not\\* \\_x\\_ C:\\dir", "\\*not\\* \\_x\\_ C:\\dir"],
  ])("%s", (_, source, rendered) => {
    expect(renderMarkdown(source)).toBe(rendered);
  });
});

describe("links", () => {
  test.each([
    [
      "show their host",
      "[docs](https://kagent.dev/a_b__c)",
      "[docs](https://kagent.dev/a_b__c) (kagent.dev)",
    ],
    [
      "show the host that is really called",
      "[x](https://google.com@evil.example/)",
      "[x](https://google.com@evil.example/) (evil.example)",
    ],
    [
      "show foreign scripts in their ASCII form",
      "[x](https://gооgle.com)",
      "[x](https://gооgle.com) (xn--ggle-55da.com)",
    ],
    [
      "that pretend another address show both",
      "[https://bank.example](https://evil.example)",
      "\\[https://bank.example\\] (<https://evil.example>)",
    ],
    ["that show their own address are bare", "[https://a.example](https://a.example)", "https://a.example"],
    [
      "keep balanced parentheses and titles",
      '[x](https://a.example/b(c) "t")',
      '[x](https://a.example/b(c) "t") (a.example)',
    ],
    [
      "of other schemes stay text",
      "[x](javascript:alert(1)) [y](#top)",
      "[x]\\(javascript:alert(1)) [y]\\(#top)",
    ],
    ["across lines are none", "[safe\ntext](https://evil.example)", "[safe\ntext]\\(https://evil.example)"],
    [
      "around others are none",
      "[a [b](https://b.example)](https://evil.example)",
      "\\[a [b](https://b.example) (b.example)]\\(https://evil.example)",
    ],
    [
      "stand for images",
      "![graph](https://a.example/g.png) ![](https://b.example/x)",
      "[graph](https://a.example/g.png) (a.example) [image](https://b.example/x) (b.example)",
    ],
    [
      "that are bare are not touched",
      "see https://a.example/__x__?a|b. Then",
      "see https://a.example/__x__?a|b. Then",
    ],
    ["without an address are text", "https:// http://", "https:// http://"],
  ])("%s", (_, source, rendered) => {
    expect(renderMarkdown(source)).toBe(rendered);
  });
});

describe("disguises", () => {
  test.each([
    [
      "mentions are shown as written",
      "<@123> <@!123> <@&9> <#7> </run:5>",
      "\\<@123> \\<@!123> \\<@&9> \\<#7> \\</run:5>",
    ],
    [
      "everyone and here get an invisible break",
      "@everyone \\@here a@hereby.example",
      "@\u200beveryone \\@\u200bhere a@\u200bhereby.example",
    ],
    ["text cannot run backwards", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
    ["not even in code", "```\nif (x\u202e) {\n```", "```\nif (x\\u202e) {\n```"],
    ["control characters are seen", "\u0000\u001b[31mred\u0085", "\\u0000\\u001b[31mred\\u0085"],
    ["invisible characters go", "evi\u200bl \ufeffx\u2060y\u200f", "evil xy"],
    ["half characters are replaced", "a\ud83db", "a\ufffdb"],
    ["line ends of all systems are line ends", "a\r\nb\rc\u2028d", "a\nb\nc\nd"],
    [
      "joiners that languages and emoji need stay",
      "👩‍🚀 می‌خواهم ❤️ 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
      "👩‍🚀 می‌خواهم ❤️ 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    ],
    ["tags without a flag go", "a\u{e0069}\u{e0067}b", "ab"],
  ])("%s", (_, source, rendered) => {
    expect(renderMarkdown(source)).toBe(rendered);
  });
});

test.each([
  ["brackets", "[".repeat(100_000)],
  ["nested links", "[a](https://x ".repeat(7_000)],
  ["backticks of all lengths", Array.from({ length: 400 }, (_, n) => "`".repeat(n)).join(" ")],
  ["emphasis", "**a *b __c ~~".repeat(8_000)],
  ["spaces", `-${" ".repeat(100_000)}x\n---${" ".repeat(100_000)}|x`],
  ["quotes", ">".repeat(100_000)],
  ["bars", `${"|".repeat(50_000)}\n${"|-".repeat(25_000)}|`],
  ["angles", "<https://".repeat(12_000)],
])("hostile %s cost no more than their length", (_, source) => {
  // Of the processor: on a busy machine the clock runs on.
  const before = process.cpuUsage();
  renderMarkdown(source);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
});
