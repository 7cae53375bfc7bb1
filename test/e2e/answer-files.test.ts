import { afterEach, expect, it } from "vitest";
import { type Stage, setStage } from "../../demo/stage.ts";
import { file, say, script } from "../../emulator/agent/script.ts";
import { roomy } from "./story.ts";

let stage: Stage | undefined;
afterEach(() => stage?.stop());

const PIXEL = Uint8Array.from(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);

/** What a thread shows once its turn is over. */
async function answered(prompt: string): Promise<string> {
  if (!stage) throw new Error("no stage");
  const { discord, ops } = stage;
  const ana = discord.createPerson({ name: "ana" });
  await (await ana.runs(ops, "/k8s", { prompt })).response();
  await discord.until(() => discord.transcript(ops).includes("✅ done"), { what: "the end" });
  const [thread] = discord.threads(ops);
  if (!thread) throw new Error("no thread");
  return discord.transcript(thread);
}

it("attaches a file that the agent returns", async () => {
  stage = await setStage({
    agents: [
      {
        name: "k8s-agent",
        description: "",
        answer: () => script(say("Here is the graph."), file("graph.png", "image/png", PIXEL)),
      },
    ],
  });
  const seen = await answered("draw it");
  expect(seen).toContain("Here is the graph.");
  expect(seen).toContain(`file: graph.png (${PIXEL.byteLength} bytes)`);
  expect(stage.errors()).toEqual([]);
});

it("attaches the whole answer where it needs more than eight messages, and says so", async () => {
  const line = "The service answers slowly when many orders arrive at once. ";
  const text = Array.from({ length: 400 }, (_, index) => `${index}. ${line}`).join("\n\n");
  stage = await setStage({
    discord: roomy,
    agents: [{ name: "k8s-agent", description: "", answer: () => script(say(text)) }],
  });
  const seen = await answered("everything");
  expect(seen).toMatch(/file: answer\.md \(\d{5} bytes\)/);
  const messages = stage.discord.messages(stage.discord.threads(stage.ops)[0] ?? stage.ops);
  const attached = messages.flatMap((message) => message.attachments);
  expect(new TextDecoder().decode(attached[0]?.bytes)).toContain(text.trim());
  expect(stage.errors()).toEqual([]);
});
