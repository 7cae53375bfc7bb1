import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerText } from "../../../src/a2a/kagent/partial-text.ts";
import type { AgentEvent } from "../../../src/conversation/agent.ts";
import { turnOf } from "../support/transcript.ts";

/** What stands there after the steps, segment by segment. */
function written(steps: (text: AnswerText) => void): readonly string[] {
  const events: AgentEvent[] = [];
  steps(new AnswerText((event) => events.push(event)));
  return turnOf(events).output.flatMap((item) =>
    item.kind === "text" && item.text !== "" ? [item.text] : [],
  );
}

test("deltas, the full message and the artifact are one text", () => {
  expect(
    written((text) => {
      for (const word of ["Hel", "lo ", "world"]) text.delta(word);
      text.full("Hello world");
      text.artifact("a", "Hello world", false);
    }),
  ).toEqual(["Hello world"]);
});

test("however it is cut into deltas, a turn is its full text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), { minLength: 1 }),
      (turns) => {
        const texts = turns.map((deltas) => deltas.join("")).filter((text) => text.trim() !== "");
        const shown = written((text) => {
          for (const deltas of turns) {
            for (const delta of deltas) text.delta(delta);
            text.full(deltas.join(""));
          }
          const last = texts.at(-1);
          if (last) text.artifact("final", last, false);
        });
        expect(shown).toEqual(texts);
      },
    ),
  );
});

test("a full message wins over deltas that differ", () => {
  expect(
    written((text) => {
      text.delta("Hxllo");
      text.full("Hello");
    }),
  ).toEqual(["Hello"]);
});

test("artifacts of 1.0 are appended to and replaced by their id, and equal ones both stay", () => {
  expect(
    written((text) => {
      text.artifact("a", "Do", false);
      text.artifact("a", "ne.", true);
      text.artifact("a", "Done.", false);
      text.artifact("b", "Done.", false);
    }),
  ).toEqual(["Done.", "Done."]);
});

test("deltas after a gap are dropped until a full text, which may be another turn's", () => {
  expect(
    written((text) => {
      text.delta("First tu");
      text.interrupted();
      text.delta("cond");
      text.full("Second turn");
      text.delta("Thi");
      text.delta("rd");
    }),
  ).toEqual(["First tu", "Second turn", "Third"]);
  expect(
    written((text) => {
      text.delta("First tu");
      text.interrupted();
      text.full("First turn");
    }),
  ).toEqual(["First turn"]);
});

test("the answer comes back as closing text only when it is news", () => {
  expect(
    written((text) => {
      text.full("Hello");
      text.closing("Hello\n");
    }),
  ).toEqual(["Hello"]);
  expect(
    written((text) => {
      text.full("Hello");
      text.closing("Bye");
    }),
  ).toEqual(["Hello", "Bye"]);
});

test("white space is kept inside a text and ignored as a text", () => {
  expect(
    written((text) => {
      for (const delta of ["a", " ", "\n", "b"]) text.delta(delta);
      text.full("a \nb");
      text.full("  \n");
    }),
  ).toEqual(["a \nb"]);
});

test("a failure's reason that came as text is taken back", () => {
  expect(
    written((text) => {
      text.full("Before");
      text.full("An error occurred");
      text.retract("An error occurred");
    }),
  ).toEqual(["Before"]);
});
