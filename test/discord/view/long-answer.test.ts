import { expect, test } from "vitest";
import { z } from "zod";
import { createRecordings } from "../../../emulator/agent/recordings.ts";
import { renderTurn } from "../../../src/discord/view/render.ts";
import { codePointLength } from "../../../src/discord/view/safe-text.ts";
import { aTurn, COMPLETED, says } from "./a-turn.ts";

const frame = z.object({
  result: z.object({ artifact: z.object({ parts: z.array(z.object({ text: z.string() })) }).optional() }),
});

/** The answer of the recorded case `long`: a real runtime's 5,800 characters of Markdown. */
function recordedAnswer(): string {
  const [exchange] = createRecordings().read("python-0.10.4/whole", "long").exchanges;
  const body = exchange?.response?.chunks.map((chunk) => chunk.text).join("") ?? "";
  const frames = body.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  const artifacts = frames.flatMap((line) => frame.parse(JSON.parse(line.slice(5))).result.artifact ?? []);
  return artifacts[0]?.parts.map((part) => part.text).join("") ?? "";
}

test("the recorded long answer reads well and whole", async () => {
  const { messages } = renderTurn(aTurn([0, says(recordedAnswer())], [12_000, COMPLETED]), {
    agentLabel: (agent) => agent.name,
  });
  for (const { content } of messages) expect(codePointLength(content)).toBeLessThanOrEqual(2000);
  const shown = messages.map(({ content }) => content).join("\n══════════ next message ══════════\n");
  await expect(`${shown}\n`).toMatchFileSnapshot("long-answer.md");
});

test("while it streams, a message that is followed by another one never changes", () => {
  const text = recordedAnswer();
  let before: readonly string[] = [];
  for (let end = 0; end <= text.length; end += 37) {
    const { messages } = renderTurn(aTurn([0, says(text.slice(0, end))]), { agentLabel: () => "agent" });
    const contents = messages.map(({ content }) => content);
    expect(contents.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
    before = contents;
  }
});
