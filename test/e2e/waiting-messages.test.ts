import { describe, expect, it } from "vitest";
import { pause, type Script, say } from "../../emulator/agent/script.ts";
import { askUser, operation } from "../../emulator/agent/tool-call.ts";
import type { Message } from "../../emulator/discord/world/model.ts";
import { agent, roomy, type Story, tell } from "./story.ts";

/** Wants to scale, and says what became of it; other prompts it repeats. */
function scaling(text: string): Script {
  return async function* () {
    if (!text.includes("scale")) {
      yield say(`Heard: ${text}.`);
      return;
    }
    yield say("I will scale it.");
    const reply = yield pause("", operation("k8s_scale", { name: "checkout", replicas: 4 }));
    const one = reply?.decided?.[0];
    yield say(`Approved: ${one?.approved}; reason: ${one?.reason ?? "none"}.`);
  };
}

async function waiting(runtime: "go" | "python" = "go"): Promise<{
  readonly story: Story;
  readonly place: Awaited<ReturnType<Story["thread"]>>;
  card(): Promise<Message>;
  control(label: string): Promise<Message>;
}> {
  const story = await tell({
    discord: roomy,
    agents: [agent("k8s-agent", undefined, { runtime, answer: (turn) => scaling(turn.text) })],
  });
  await story.ana.runs(story.ops, "/k8s", { prompt: "scale checkout" });
  const place = await story.thread();
  const control = (label: string) =>
    story.discord.until(
      () =>
        story.discord
          .messages(place)
          .findLast((one) => story.discord.messageText(one).includes(`[${label}]`)),
      { what: label },
    );
  return { story, place, control, card: () => control("Approve") };
}

describe("a message while an agent waits", () => {
  it("goes to the agent after what waits was rejected for it", async () => {
    const { story, place, control } = await waiting();
    const { ana, sees, asked } = story;
    await control("Approve");
    await ana.says(place, "list pods instead");
    await ana.clicks(await control("Reject and send this instead"), "Reject and send this instead");
    const shown = await sees(place, "Heard: list pods instead.");
    expect(shown).toContain("Approved: false; reason: ana sent another message instead..");
    expect(asked().at(-1)).toBe("k8s-agent: list pods instead");
  });

  it("changes nothing when it is left, and the card still works", async () => {
    const { story, place, control, card } = await waiting("python");
    const { ana, discord, sees, asked } = story;
    const ben = discord.createPerson({ name: "ben", manager: true });
    await control("Approve");
    await ana.says(place, "list pods instead");
    await ana.clicks(await control("Keep waiting"), "Keep waiting");
    await sees(place, "Kept waiting; this was not sent.");
    await ben.clicks(await card(), "Approve");
    await sees(place, "Approved: true; reason: none.");
    expect(asked().filter((prompt) => prompt.includes("list pods"))).toEqual([]);
  });
});

describe("deciding, from click to answer", () => {
  it("refuses a stranger, and takes a reason to the agent", async () => {
    const { story, place, card } = await waiting();
    const { discord, sees } = story;
    const ben = discord.createPerson({ name: "ben", manager: true });
    const eve = discord.createPerson({ name: "eve" });
    await eve.clicks(await card(), "Approve");
    await sees(place, "Only members with Manage Server may decide this.", eve);
    const form = await (await ben.clicks(await card(), "Reject with reason…")).modal();
    await ben.submits(form, { Reason: "wrong cluster" });
    await sees(place, "Approved: false; reason: wrong cluster.");
  });

  it("/stop ends a run that can be cancelled while it waits", async () => {
    const { story, place, card } = await waiting("go");
    await card();
    await story.ana.runs(place, "/stop");
    await story.sees(place, "**Stopped**");
    await story.sees(story.ops, "⏹️ stopped");
    expect(story.discord.transcript(place)).not.toContain("[Approve]");
  });

  it("/stop rejects what waits where a run cannot be cancelled", async () => {
    const { story, place, card } = await waiting("python");
    await card();
    await story.ana.runs(place, "/stop");
    await story.sees(place, "Approved: false; reason: Stopped by people in Discord..");
    expect(story.discord.transcript(place)).not.toContain("[Approve]");
  });

  it("takes answers to the agent", async () => {
    const ask: Script = async function* () {
      const reply = yield pause("", askUser([{ question: "Where?", choices: ["dev", "prod"] }]));
      yield say(`Going to ${JSON.stringify(reply?.decided?.[0]?.answers)}.`);
    };
    const { ana, ops, thread, discord, sees } = await tell({
      discord: roomy,
      agents: [agent("k8s-agent", ask)],
    });
    await ana.runs(ops, "/k8s", { prompt: "deploy" });
    const place = await thread();
    const card = await discord.until(() =>
      discord.messages(place).find((one) => discord.messageText(one).includes("[prod]")),
    );
    await ana.clicks(card, "prod");
    await sees(place, /Going to .*prod/);
  });
});
