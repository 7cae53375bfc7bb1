import { describe, expect, it } from "vitest";
import { answerIn, letters } from "../../demo/words.ts";
import type { AgentDefinition } from "../../emulator/agent/agent.ts";
import { createRecordings } from "../../emulator/agent/recordings.ts";
import { roomy, type Story, tell } from "./story.ts";

const recordings = createRecordings();
/** Everything that a correct client can ask and that ends without a person's decision. */
const ANSWERED = ["plain", "long", "pretext", "read", "toolerr", "nested_read"];
/** The agent pauses: the thread shows what it wants. */
const PAUSED = ["approve", "batch_mixed", "ask_user", "nested_approve"];
const FAILED = ["boom"];
const CASES = [...ANSWERED, ...PAUSED, ...FAILED, "empty"];

/** Recordings made at a runtime's own process speak as that process does; the others as their controller. */
function surfaceOf(folder: string): "controller" | "process" {
  return folder.startsWith("controller-") ? "controller" : "process";
}

function agentOf(folder: string): AgentDefinition {
  const { protocol } = recordings.read(folder, recordings.names(folder)[0] ?? "");
  return {
    name: "k8s-agent",
    description: "replays what was recorded",
    speed: 0,
    speaks: surfaceOf(folder) === "process" ? protocol : "0.3",
    answer: ({ text }) => recordings.read(folder, text.trim()),
  };
}

async function stageFor(folder: string): Promise<Story> {
  const surface = surfaceOf(folder);
  return tell({
    agents: [agentOf(folder)],
    kagent: { surface },
    discord: roomy,
    env: ({ kagent }) =>
      surface === "process" ? { KAGENT_BASE_URL: "", KAGENT_A2A_URL: `${kagent.url}/` } : {},
  });
}

/** Asks one recorded case in a thread of its own; the thread's transcript, and the agent's words in it. */
async function ask(story: Story, command: string, name: string) {
  const { discord, ops, ana } = story;
  const ended = () => story.logLines.filter((line) => line.includes('"turn over"')).length;
  const before = discord.threads(ops).length;
  const over = ended();
  await ana.runs(ops, command, { prompt: name });
  const thread = await discord.until(() => discord.threads(ops)[before], { what: `a thread for ${name}` });
  const paused = () => PAUSED.includes(name) && /✋ (waits|Answer)/.test(discord.transcript(thread));
  await discord.until(() => ended() > over || paused(), { what: `the end of ${name}`, within: 10_000 });
  return { transcript: discord.transcript(thread), words: letters(answerIn(thread, discord.botId)) };
}

const folders = recordings
  .folders()
  // The header that asks a released controller for 1.0 is never sent by this client.
  .filter((folder) => !folder.endsWith("/v1") && folder !== "go-main-a2a1/head");

describe.each(folders)("what %s recorded", (folder) => {
  const names = CASES.filter((name) => recordings.names(folder).includes(name));

  it("is what people see: each answer once and whole, each pause and failure in words", async () => {
    const story = await stageFor(folder);
    for (const name of names) {
      const command = surfaceOf(folder) === "process" ? "/agent" : "/k8s";
      const { transcript, words } = await ask(story, command, name);
      const answer = letters(story.kagent.runs().at(-1)?.task.answer() ?? "");
      if (ANSWERED.includes(name))
        expect(`${name} ${words.split(answer).length - 1} times`).toBe(`${name} 1 times`);
      if (PAUSED.includes(name)) expect(transcript).toContain("✋");
      if (FAILED.includes(name)) expect(transcript).toMatch(/❌|❔/);
      // Python 1.0 without token deltas calls an empty answer a failure; all others complete.
      if (name === "empty") expect(transcript).toContain("finished without an answer");
      expect(transcript).not.toMatch(/adk_request_confirmation|confirmation_requested/);
    }
  });
});
