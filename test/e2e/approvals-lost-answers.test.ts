import { describe, expect, it } from "vitest";
import type { Fault } from "../../emulator/agent/fault.ts";
import { jumpingClock, paused, runtimes, scaler } from "./pausing.ts";

/** The first event of a continuation only repeats the task, so a cut after it proves nothing either. */
const arrived: readonly (readonly [string, Fault])[] = [
  ["after the agent took it and said nothing yet", { fault: "reset", runs: true }],
  ["after the first event", { fault: "cut", afterEvents: 1, how: "destroy" }],
  ["in the middle of the answer", { fault: "cut", afterEvents: 3, how: "destroy" }],
  ["in the middle of the answer, as if it were complete", { fault: "cut", afterEvents: 3, how: "end" }],
];

describe.each(runtimes)("a decision for a $name agent", ({ name, agent, kagent }) => {
  it.each(arrived)("is read from the task when its connection breaks %s", async (_, fault) => {
    const story = await paused({ agents: [scaler(agent)], kagent });
    const { boss, place, control, sees, hasDecided } = story;
    story.kagent.agent("k8s-agent").fault(fault, { on: "reply" });
    await boss.clicks(await control("Approve"), "Approve");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown.match(/Decided: scaled to 4\./g)).toHaveLength(1);
    expect(shown).toContain("approved by boss");
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(story.kagent.toolRuns).toHaveLength(1);
  });

  const again = name === "python 0.3" ? "is sent again only by a person" : "is sent again by itself";
  it(`${again} when the agent never read it`, async () => {
    const clock = jumpingClock();
    const story = await paused({ agents: [scaler(agent)], kagent, clock });
    const { boss, place, control, sees, hasDecided, discord } = story;
    const controls = story.kagent.agent("k8s-agent");
    controls.fault({ fault: "reset" }, { on: "reply" });
    const jump = setInterval(() => clock.advance(5_000), 50);
    const clickedAt = clock.now();
    try {
      await boss.clicks(await control("Approve"), "Approve");
      if (name === "python 0.3") {
        await sees(place, "It is not known whether the decision arrived");
        const stranger = discord.createPerson({ name: "stranger" });
        await stranger.clicks(await control("Send again"), "Send again");
        await sees(place, "Only members with Manage Server may decide this.", stranger);
        expect(clock.now() - clickedAt).toBeGreaterThanOrEqual(30_000);
        expect(story.kagent.decisions).toEqual([]);
        await boss.clicks(await control("Send again"), "Send again");
      }
      const shown = await sees(place, /k8s-agent · .* tool/);
      expect(shown.match(/Decided: scaled to 4\./g)).toHaveLength(1);
      expect(await hasDecided(1)).toEqual(["approved"]);
      expect(story.kagent.toolRuns).toHaveLength(1);
    } finally {
      clearInterval(jump);
    }
  });
});
