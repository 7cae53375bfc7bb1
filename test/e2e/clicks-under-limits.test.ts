import { describe, expect, it } from "vitest";
import { pause, say } from "../../emulator/agent/script.ts";
import { askUser } from "../../emulator/agent/tool-call.ts";
import { type PausedStory, paused } from "./pausing.ts";
import { agent } from "./story.ts";

const QUESTIONS = askUser(["One?", "Two?", "Three?"].map((question) => ({ question })));
const LONG_MS = 60_000;
const CARD_EDIT = { method: "PATCH", route: /^\/channels\/\d+\/messages\// } as const;
const WEBHOOK = { method: "PATCH", route: /^\/webhooks\// } as const;

/** An agent that asks three questions; the first one is open before ana. */
async function asked(): Promise<PausedStory> {
  const quiz = agent("k8s-agent", function* () {
    yield pause("", QUESTIONS);
    yield say("Thanks.");
  });
  // A look for missed messages reads beside everything else.
  const story = await paused({ agents: [quiz], yaml: () => "catchUp:\n  mode: off\n" }, "Answer…");
  await story.ana.clicks(await story.control("Answer…"), "Answer…");
  return story;
}

/** Writes an answer into the private step with this question. */
async function writes({ ana, hers }: PausedStory, question: string, text: string): Promise<void> {
  const form = await (await ana.clicks(await hers(ana, question), "Write an answer…")).modal();
  await ana.submits(form, { "Your answer": text });
}

describe("a click", () => {
  it("on a private step goes on while Discord's global limit holds everything else up", async () => {
    const story = await asked();
    const { discord, ana, hers } = story;
    const limit = discord.faults.add(CARD_EDIT, {
      kind: "too-many",
      retryAfterMs: LONG_MS,
      scope: "global",
    });
    await writes(story, "1 of 3", "first");
    await discord.until(() => limit.hits === 1);
    await writes(story, "2 of 3", "second");
    await hers(ana, "3 of 3");
  });

  it("whose private step is itself too much for a moment shows it a moment later", async () => {
    const story = await asked();
    const { discord, ana, hers } = story;
    discord.faults.add(WEBHOOK, { kind: "too-many", retryAfterMs: 50, scope: "user" });
    await writes(story, "1 of 3", "first");
    await hers(ana, "2 of 3");
  });

  it("in a direct message is acknowledged before Discord tells whether its person may still use the bot", async () => {
    const { boss, control, discord, reads } = await paused({
      env: () => ({ DISCORD_DIRECT_MESSAGES: "true" }),
    });
    const dm = boss.dm();
    await boss.says(dm, "scale");
    const card = await control("Approve", dm);
    const answers = () =>
      discord.requests.filter((one) => /\/members\//.test(one.path) && one.status === 200);
    const before = answers().length;
    discord.faults.add(
      { method: "GET", route: /\/members\// },
      { kind: "too-many", retryAfterMs: 2_000, scope: "user" },
    );
    const click = await boss.clicks(card, "Approve");
    expect((await click.response()).type).toBe("deferred-update");
    expect(answers()).toHaveLength(before);
    await reads(boss, "This cannot be decided in direct messages.", dm);
  });

  it("asks Discord nothing, and neither does the card that changes with it", async () => {
    const story = await asked();
    const { discord, place } = story;
    const from = discord.requests.length;
    await writes(story, "1 of 3", "first");
    await story.sees(place, "✍️ first · answered by ana");
    expect(discord.requests.slice(from).filter((one) => one.method === "GET")).toEqual([]);
  });
});
