import { describe, expect, it } from "vitest";
import { answerIn, letters } from "../../demo/words.ts";
import { askRecorded, recordedFolders, recordedStage, recordings, turnsOver } from "./recorded-stage.ts";
import type { Story } from "./story.ts";

/** Everything that a correct client can ask and that ends without a person's decision. */
const ANSWERED = ["plain", "long", "pretext", "read", "toolerr", "nested_read"];
const FAILED = ["boom"];
const CASES = [...ANSWERED, ...FAILED, "empty"];

/** Asks one recorded case in a thread of its own; the thread's transcript, and the agent's words in it. */
async function ask(story: Story, folder: string, name: string) {
  const { discord } = story;
  const over = turnsOver(story);
  const thread = await askRecorded(story, folder, name);
  await discord.until(() => turnsOver(story) > over, { what: `the end of ${name}` });
  return { transcript: discord.transcript(thread), words: letters(answerIn(thread, discord.botId)) };
}

describe.each(recordedFolders)("what %s recorded", (folder) => {
  const names = CASES.filter((name) => recordings.names(folder).includes(name));

  it("is what people see: each answer once and whole, each failure in words", async () => {
    const story = await recordedStage(folder);
    for (const name of names) {
      const { transcript, words } = await ask(story, folder, name);
      const answer = letters(story.kagent.runs().at(-1)?.task.answer() ?? "");
      if (ANSWERED.includes(name))
        expect(`${name} ${words.split(answer).length - 1} times`).toBe(`${name} 1 times`);
      if (FAILED.includes(name)) expect(transcript).toMatch(/❌|❔/);
      // Python 1.0 without token deltas calls an empty answer a failure; all others complete.
      if (name === "empty") expect(transcript).toContain("finished without an answer");
    }
  });
});
