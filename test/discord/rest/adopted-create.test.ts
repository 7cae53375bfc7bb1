import { afterEach, expect, it } from "vitest";
import { type Stage, setStage } from "../../../demo/stage.ts";
import { say, script } from "../../../emulator/agent/script.ts";
import { isEchoOf } from "../../../src/discord/rest/slot.ts";

let stage: Stage | undefined;
afterEach(() => stage?.stop());

const view = (content: string) => ({ content, files: [], buttons: [] });

it("tells a response that shows an older text from an echo", () => {
  expect(isEchoOf({ id: "1", content: "whole answer" }, view("whole answer\n"))).toBe(true);
  expect(isEchoOf({ id: "1", content: "whole" }, view("whole answer"))).toBe(false);
  expect(isEchoOf({ id: "1" }, view("whole answer"))).toBe(true);
});

it("shows the last state although a create whose reply was lost had posted an earlier one", async () => {
  stage = await setStage({
    agents: [
      {
        name: "k8s-agent",
        description: "",
        answer: () =>
          script(
            say("One. ", { tokensPerSecond: 20 }),
            say("Two. Three. Four. Five.", { tokensPerSecond: 20 }),
          ),
      },
    ],
  });
  const { discord, ops } = stage;
  const ana = discord.createPerson({ name: "ana" });
  discord.faults.add(
    { method: "POST", route: /\/channels\/[^/]+\/messages$/, times: 1 },
    { kind: "reset", when: "after" },
  );
  await ana.runs(ops, "/k8s", { prompt: "count" });
  const thread = await discord.until(() => discord.threads(ops)[0], { what: "a thread" });
  await discord.until(() => discord.transcript(ops).includes("✅ done"), { what: "the end" });
  expect(discord.transcript(thread)).toContain("One. Two. Three. Four. Five.");
  const said = discord.messages(thread).filter((message) => message.content.includes("One."));
  expect(said).toHaveLength(1);
});
