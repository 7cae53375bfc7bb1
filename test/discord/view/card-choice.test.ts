import { describe, expect, it } from "vitest";
import { readNumbers } from "../../../src/discord/view/card-choice.ts";

const choices = Array.from({ length: 120 }, (_, index) => `pod-${index + 1}`);
const question = { text: "Which?", choices, multiple: true };

describe("an answer by numbers", () => {
  it("names each choice once, whatever stands between the numbers", () => {
    expect(readNumbers("3, 120;7\n3", question)).toEqual(["pod-3", "pod-120", "pod-7"]);
  });

  it.each(["", " , ", "0", "121", "3, 121", "3 pods", "-3", "3.5", "1e2", "pod-3"])(
    "is none where something else stands: %j",
    (text) => expect(readNumbers(text, question)).toBeUndefined(),
  );
});
