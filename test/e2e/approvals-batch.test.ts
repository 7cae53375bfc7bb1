import { describe, expect, it } from "vitest";
import { askUser } from "../../emulator/agent/tool-call.ts";
import type { Person } from "../../emulator/discord/people/person.ts";
import type { Message, Role } from "../../emulator/discord/world/model.ts";
import { type PausedStory, paused, runtimes, scaler, scaling } from "./pausing.ts";

const three = () => [scaling(2), scaling(3), scaling(4)];

/** Opens the private steps of somebody; the message that shows them. */
async function steps({ control, hers }: PausedStory, person: Person): Promise<Message> {
  await person.clicks(await control("Decide one by one"), "Decide one by one");
  return hers(person, "1 of 3");
}

describe.each(runtimes)("several operations of a $name agent", (runtime) => {
  const begin = (calls = three()) =>
    paused({ agents: [scaler(runtime.agent, calls)], kagent: runtime.kagent }, "Approve all");

  it("are approved with one click, each by its id", async () => {
    const story = await begin();
    const { boss, place, control, sees, hasDecided, kagent } = story;
    await boss.clicks(await control("Approve all"), "Approve all");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown).toContain("Decided: scaled to 2; scaled to 3; scaled to 4.");
    expect(shown.match(/✅ approved by boss/g)).toHaveLength(3);
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns.map(({ args }) => args.replicas)).toEqual([2, 3, 4]);
  });

  it("are rejected with one click", async () => {
    const { boss, place, control, sees, hasDecided, kagent } = await begin();
    await boss.clicks(await control("Reject all"), "Reject all");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown.match(/❌ rejected by boss/g)).toHaveLength(3);
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.toolRuns).toEqual([]);
  });

  it("are decided one by one, visibly, with reasons, and sent when the last one is", async () => {
    const story = await begin();
    const { boss, place, sees, reads, hasDecided, kagent } = story;
    const step = await steps(story, boss);
    await reads(boss, "**1 of 3**");
    await boss.clicks(step, "Approve");
    await sees(place, "✅ approved by boss");
    await reads(boss, "**2 of 3**");
    const form = await (await boss.clicks(step, "Reject with reason…")).modal();
    await boss.submits(form, { Reason: "three is too few" });
    await sees(place, "“three is too few”");
    await reads(boss, "**3 of 3**");
    expect(kagent.decisions).toEqual([]);
    await boss.clicks(step, "Approve");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown).toContain("Partly approved");
    expect(shown).toContain("three is too few");
    expect(await hasDecided(1)).toEqual(["mixed"]);
    expect(kagent.toolRuns.map(({ args }) => args.replicas)).toEqual([2, 4]);
  });
});

describe("several operations with rules of their own", () => {
  it("are decided by all in part: each by who may, and sent when both have", async () => {
    const roles: Role[] = [];
    const story = await paused(
      {
        agents: [scaler({}, [scaling(2), { ...scaling(3), name: "helm_upgrade" }])],
        furnish: (_, guild) => {
          roles.push(guild.createRole({ name: "sre" }), guild.createRole({ name: "lead" }));
        },
        yaml: () =>
          `approvals:\n  rules:\n    - { tools: ["k8s_*"], roleIds: ["${roles[0]?.id}"] }\n    - { tools: ["helm_*"], roleIds: ["${roles[1]?.id}"] }\n`,
      },
      "Approve all",
    );
    const { place, control, sees, reads, hasDecided, kagent, discord } = story;
    const sam = discord.createPerson({ name: "sam", roles: roles.slice(0, 1) });
    const lou = discord.createPerson({ name: "lou", roles: roles.slice(1) });
    await sam.clicks(await control("Approve all"), "Approve all");
    await sees(place, "approved by sam");
    expect(discord.transcript(place)).toContain("waits for a decision · decides: @lead");
    expect(kagent.decisions).toEqual([]);
    await sam.clicks(await control("Approve all"), "Approve all");
    await reads(sam, "Only @lead may decide this.");
    await lou.clicks(await control("Reject all"), "Reject all");
    await sees(place, "rejected by lou");
    expect(await hasDecided(1)).toEqual(["mixed"]);
    expect(kagent.toolRuns.map(({ tool }) => tool)).toEqual(["k8s_scale"]);
  });

  it("refuse a private step to those who may decide none of them", async () => {
    const story = await paused({ agents: [scaler({}, three())] }, "Approve all");
    const eve = story.discord.createPerson({ name: "eve" });
    await eve.clicks(await story.control("Decide one by one"), "Decide one by one");
    await story.reads(eve, "Only members with Manage Server may decide this.");
  });

  it("close the private steps of others when they are decided", async () => {
    const story = await paused({ agents: [scaler({}, three())] }, "Approve all");
    const other = story.discord.createPerson({ name: "other", manager: true });
    const step = await steps(story, other);
    await story.boss.clicks(await story.control("Approve all"), "Approve all");
    await story.sees(story.place, "Decided: scaled to 2");
    await other.clicks(step, "Reject");
    await story.discord.until(() => !story.discord.messageText(step).includes("[Reject]"));
    expect(await story.hasDecided(1)).toEqual(["approved"]);
  });
});

const question = () => askUser([{ question: "Where?", choices: ["dev", "prod"] }]);

describe.each(runtimes.filter(({ name }) => name.endsWith("0.3")))(
  "operations and questions at once, of a $name agent",
  (runtime) => {
    const begin = () =>
      paused({ agents: [scaler(runtime.agent, [scaling(2), question()])], kagent: runtime.kagent });

    it("come in order: the answers are asked and sent when the operations are approved", async () => {
      const { boss, ana, place, control, sees, hasDecided, kagent } = await begin();
      await sees(place, "The question can be answered when every operation is approved.");
      await boss.clicks(await control("Approve"), "Approve");
      expect((await sees(place, "[prod]")).includes("[Approve]")).toBe(false);
      expect(kagent.decisions).toEqual([]);
      await ana.clicks(await control("prod"), "prod");
      const shown = await sees(place, /k8s-agent · .* tool/);
      expect(shown).toContain("✍️ prod · answered by ana");
      expect(await hasDecided(1)).toEqual(["answered"]);
      expect(kagent.toolRuns).toHaveLength(1);
    });

    it("do not need an answer when an operation is rejected, and nothing runs", async () => {
      const { boss, place, control, sees, hasDecided, kagent } = await begin();
      await boss.clicks(await control("Reject"), "Reject");
      await sees(place, /k8s-agent · .* tool/);
      expect(await hasDecided(1)).toEqual(["mixed"]);
      expect(kagent.toolRuns).toEqual([]);
      expect(kagent.decisions[0]?.body).not.toContain("ask_user_answers");
    });
  },
);

describe.each(runtimes.filter(({ name }) => name.endsWith("1.0")))(
  "operations and questions at once, of a $name agent",
  (runtime) => {
    it("take a decision only, and the card says that the agent asks again", async () => {
      const story = await paused({
        agents: [scaler(runtime.agent, [scaling(2), question()])],
        kagent: runtime.kagent,
      });
      const { boss, place, control, sees, hasDecided, kagent } = story;
      await sees(place, "The agent will ask its question again after the decision");
      expect(story.discord.transcript(place)).not.toContain("[prod]");
      await boss.clicks(await control("Approve"), "Approve");
      await sees(place, /k8s-agent · .* tool/);
      expect(kagent.toolRuns).toHaveLength(1);
      expect(await hasDecided(1)).not.toContain("failed");
    });
  },
);
