import { describe, expect, it } from "vitest";
import { renderDealtWith, renderMissed } from "../../../src/discord/view/missed.ts";
import { codePointLength } from "../../../src/discord/view/safe-text.ts";

describe("the list of missed questions", () => {
  it("quotes each with its author, and offers two buttons", () => {
    const { content, buttons } = renderMissed("list-1", [
      { name: "ana", text: "why is\ncheckout failing?" },
      { name: "ben", text: "and the cart?" },
    ]);
    expect(content).toBe(
      [
        "While I was away, 2 questions came here:",
        "> **ana**: why is checkout failing?",
        "> **ben**: and the cart?",
        "-# They were not sent to an agent. Those who asked, or a server manager, can have them answered now.",
      ].join("\n"),
    );
    expect(buttons.map(({ label, customId }) => [label, customId])).toEqual([
      ["Answer now", "missed:list-1:yes"],
      ["Dismiss", "missed:list-1:no"],
    ]);
  });

  it("fits one message however much came, and lets no text play with it", () => {
    const questions = Array.from({ length: 300 }, () => ({
      name: "**x**\u202e@everyone".repeat(20),
      text: "`@here` **bold** [a](https://example.com) \n> quote ".repeat(40),
    }));
    const { content } = renderMissed("list-1", questions);
    expect(codePointLength(content)).toBeLessThan(2000);
    expect(content).toMatch(/\n> … and 29\d more\n/);
    expect(content).not.toMatch(/@everyone|@here|\u202e/);
  });

  it("shows the first ten", () => {
    const questions = Array.from({ length: 12 }, (_, index) => ({ name: "ana", text: `question ${index}` }));
    const { content } = renderMissed("list-1", questions);
    expect(content).toContain("question 9\n> … and 2 more");
  });

  it("says what became of it", () => {
    expect(renderDealtWith(true).content).toContain("they are asked now");
    expect(renderDealtWith(false).content).toContain("they were dismissed");
  });
});
