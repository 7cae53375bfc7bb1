import { describe, expect, it } from "vitest";
import { pause, say } from "../../emulator/agent/script.ts";
import { type AskedQuestion, askUser } from "../../emulator/agent/tool-call.ts";
import type { Role } from "../../emulator/discord/world/model.ts";
import { paused, runtimes } from "./pausing.ts";
import { agent, type StoryOptions } from "./story.ts";

type Asker = (typeof runtimes)[number];

/** An agent that asks this, and says which answers it got. */
function asking(runtime: Asker, questions: readonly AskedQuestion[]): StoryOptions {
  return {
    kagent: runtime.kagent,
    agents: [
      agent(
        "k8s-agent",
        function* () {
          const reply = yield pause("", askUser(questions));
          yield say(`Got ${JSON.stringify(reply?.decided?.[0]?.answers)}.`);
        },
        runtime.agent,
      ),
    ],
  };
}

const letters = (count: number) => Array.from({ length: count }, (_, index) => `choice ${index + 1}`);

describe.each(runtimes)("a question of a $name agent", (runtime) => {
  it("with few choices is answered with a button, and the card says what and by whom", async () => {
    const options = asking(runtime, [{ question: "Which cluster?", choices: ["dev", "prod"] }]);
    const { ana, place, control, sees, hasDecided } = await paused(options, "prod");
    await ana.clicks(await control("prod"), "prod");
    const shown = await sees(place, 'Got [["prod"]].');
    expect(shown).toContain("✍️ prod · answered by ana");
    expect(shown).toContain("**Answered**");
    expect(shown).not.toContain("[prod]");
    expect(await hasDecided(1)).toEqual(["answered"]);
  });

  it("with several answers is answered with a list", async () => {
    const options = asking(runtime, [{ question: "Which?", choices: letters(6), multiple: true }]);
    const { ana, place, discord, control, sees } = await paused(options, "Something else…");
    const card = await control("Something else…");
    await ana.selects(card, "Choose one or more", ["choice 2", "choice 5"]);
    await sees(place, 'Got [["choice 2","choice 5"]].');
    expect(discord.transcript(place)).toContain("✍️ choice 2, choice 5 · answered by ana");
  });

  it("without choices is answered in a form", async () => {
    const options = asking(runtime, [{ question: "Which namespace?" }]);
    const { ana, place, control, sees } = await paused(options, "Write an answer…");
    const form = await ana.clicks(await control("Write an answer…"), "Write an answer…");
    await ana.submits(await form.modal(), { "Your answer": "shop" });
    await sees(place, 'Got [["shop"]].');
  });

  it("takes something else than its choices", async () => {
    const options = asking(runtime, [{ question: "Which?", choices: ["dev", "prod"] }]);
    const { ana, place, control, sees } = await paused(options, "Something else…");
    const form = await ana.clicks(await control("Something else…"), "Something else…");
    await ana.submits(await form.modal(), { "Your answer": "staging" });
    await sees(place, 'Got [["staging"]].');
  });
});

const [go] = runtimes;

describe("many things to answer", () => {
  it("choices above what a list holds come in pages", async () => {
    const options = asking(go, [{ question: "Which?", choices: letters(60) }]);
    const { ana, place, control, sees, hers } = await paused(options, "Answer…");
    await ana.clicks(await control("Answer…"), "Answer…");
    const step = await hers(ana, "choices 1 to 25 of 60");
    await ana.clicks(step, "More choices ▶");
    await hers(ana, "choices 26 to 50 of 60");
    await ana.clicks(step, "More choices ▶");
    await hers(ana, "choices 51 to 60 of 60");
    await ana.selects(step, "Choose one", ["choice 57"]);
    await sees(place, 'Got [["choice 57"]].');
  });

  it("several of more choices than a list holds are chosen in one form", async () => {
    const options = asking(go, [{ question: "Which?", choices: letters(30), multiple: true }]);
    const { ana, place, control, sees, hers } = await paused(options, "Answer…");
    await ana.clicks(await control("Answer…"), "Answer…");
    const form = await (await ana.clicks(await hers(ana, "Which?"), "Choose…")).modal();
    await ana.submits(form, {
      "Choices 1 to 25": ["choice 3"],
      "Choices 26 to 30": ["choice 29"],
      "Something else": "none of those",
    });
    await sees(place, 'Got [["choice 3","choice 29","none of those"]].');
  });

  it("several of more choices than a form holds are looked through, and chosen by their numbers", async () => {
    const options = asking(go, [{ question: "Which?", choices: letters(120), multiple: true }]);
    const { ana, place, control, sees, hers } = await paused(options, "Answer…");
    await ana.clicks(await control("Answer…"), "Answer…");
    const step = await hers(ana, "**25.** choice 25");
    await ana.clicks(step, "More choices ▶");
    await hers(ana, "**26.** choice 26");
    const form = await (await ana.clicks(step, "Choose…")).modal();
    await ana.submits(form, { "Your answer": "3, 117 26" });
    await sees(place, 'Got [["choice 3","choice 117","choice 26"]].');
  });

  it("seven free texts are asked one after the other, visibly, and sent with the last one", async () => {
    const questions = letters(7).map((text) => ({ question: `Why ${text}?` }));
    const { ana, place, control, sees, hers, kagent } = await paused(asking(go, questions), "Answer…");
    await ana.clicks(await control("Answer…"), "Answer…");
    for (let number = 1; number <= 7; number += 1) {
      expect(kagent.decisions).toEqual([]);
      const step = await hers(ana, `${number} of 7`);
      const form = await (await ana.clicks(step, "Write an answer…")).modal();
      await ana.submits(form, { "Your answer": `because ${number}` });
      await sees(place, `✍️ because ${number} · answered by ana`);
    }
    const all = letters(7).map((_, index) => [`because ${index + 1}`]);
    await sees(place, `Got ${JSON.stringify(all)}.`);
    await hers(ana, "that is all");
  });

  it("are answered by several people, whose names stand beside their answers", async () => {
    const questions = [{ question: "Where?", choices: ["dev", "prod"] }, { question: "Why?" }];
    const { ana, discord, place, control, sees, hers } = await paused(asking(go, questions), "Answer…");
    await ana.clicks(await control("Answer…"), "Answer…");
    await ana.clicks(await hers(ana, "1 of 2"), "prod");
    await sees(place, "✍️ prod · answered by ana");
    const ben = discord.createPerson({ name: "ben" });
    await ben.clicks(await control("Answer…"), "Answer…");
    const form = await (await ben.clicks(await hers(ben, "2 of 2"), "Write an answer…")).modal();
    await ben.submits(form, { "Your answer": "load" });
    await sees(place, "✍️ load · answered by ben");
    await sees(place, 'Got [["prod"],["load"]].');
  });

  it("a choice of more than a hundred characters has a number and stands in full", async () => {
    const long = `restart ${"the deployment and ".repeat(8)}wait`;
    const options = asking(go, [{ question: "How?", choices: [long, "not at all"] }]);
    const { ana, discord, place, sees } = await paused(options, "");
    const shown = await sees(place, "**1.** restart the deployment");
    expect(shown).toContain("wait");
    const card = await discord.until(() =>
      discord.messages(place).find((one) => discord.messageText(one).includes("Choose one")),
    );
    await ana.selects(card, "Choose one", ["0"]);
    await sees(place, `Got ${JSON.stringify([[long]])}.`);
  });
});

describe("who may answer", () => {
  it("is whoever may ask the agent, and nobody else", async () => {
    const roles: Role[] = [];
    const { discord, place, control, sees, reads, kagent } = await paused(
      {
        ...asking(go, [{ question: "Where?", choices: ["dev", "prod"] }]),
        furnish: (_, guild) => {
          roles.push(guild.createRole({ name: "team" }));
        },
        yaml: () => `access:\n  rules:\n    - { agents: ["k8s-*"], roleIds: ["${roles[0]?.id}"] }\n`,
      },
      "prod",
      ({ guild, ana }) => guild.setRoles(ana, roles),
    );
    const eve = discord.createPerson({ name: "eve" });
    await eve.clicks(await control("dev"), "dev");
    await reads(eve, "@team");
    const form = await eve.clicks(await control("Something else…"), "Something else…");
    expect((await form.response()).type).not.toBe("modal");
    expect(kagent.decisions).toEqual([]);
    const ben = discord.createPerson({ name: "ben", roles });
    await ben.clicks(await control("dev"), "dev");
    await sees(place, "answered by ben");
  });

  it("is whom a rule for ask_user names", async () => {
    const roles: Role[] = [];
    const options = asking(go, [{ question: "Where?", choices: ["dev", "prod"] }]);
    const { ana, discord, place, control, sees, reads } = await paused(
      {
        ...options,
        furnish: (_, guild) => {
          roles.push(guild.createRole({ name: "team" }));
        },
        yaml: () => `approvals:\n  rules:\n    - { tools: [ask_user], roleIds: ["${roles[0]?.id}"] }\n`,
      },
      "prod",
    );
    await ana.clicks(await control("prod"), "prod");
    await reads(ana, "Only @team may decide this.");
    const ben = discord.createPerson({ name: "ben", roles });
    await ben.clicks(await control("dev"), "dev");
    await sees(place, "✍️ dev · answered by ben");
    await sees(place, 'Got [["dev"]].');
  });
});

describe("a plain question without data", () => {
  it.each(runtimes.filter(({ name }) => name.startsWith("go")))(
    "of a $name agent is answered by the next message, on the same task",
    async (runtime) => {
      const { ana, place, sees, kagent } = await paused(
        {
          kagent: runtime.kagent,
          agents: [
            agent(
              "k8s-agent",
              function* () {
                const reply = yield pause("Which namespace do you mean?");
                yield say(`Then ${reply?.text}.`);
              },
              runtime.agent,
            ),
          ],
        },
        "",
      );
      await sees(place, "Which namespace do you mean?");
      await ana.says(place, "@bot shop");
      await sees(place, "Then shop.");
      expect(kagent.runs()).toHaveLength(1);
      expect(kagent.runs()[0]?.prompts).toEqual(["scale checkout", "shop"]);
    },
  );
});
