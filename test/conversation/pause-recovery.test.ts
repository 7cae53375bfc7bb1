import { describe, expect, it } from "vitest";
import { BridgeError } from "../../src/conversation/errors.ts";
import { CONFIGS, PEOPLE, planOf } from "./approval-cast.ts";
import { createApprovalWorld, idOf } from "./approval-world.ts";
import { ref } from "./core.ts";
import { calm } from "./manual-clock.ts";
import { createPausingAgent } from "./pausing-agent.ts";

const place = { kind: "thread", channelId: "place-0", guildId: "g" } as const;
const ASKED = { place, agent: ref, actor: PEOPLE.ana.actor, files: [] } as const;

/** A process that was asked something, and its world. */
async function asked(text: string) {
  const connect = (clock: { now(): number }) => createPausingAgent(clock.now, planOf);
  const { world, agent } = createApprovalWorld(connect, CONFIGS.managers);
  const first = await world.start();
  await first.conversations.ask({ ...ASKED, id: "a1", text, createdAt: 1 });
  await calm();
  return { world, agent, first };
}

describe("what a process leaves to the next one", () => {
  it("is gone on with where a doubtful decision turns out to have arrived", async () => {
    const { world, agent, first } = await asked("o");
    await world.clock.advance(2_000);
    agent.faults.push("dies-before");
    const [id = ""] = world.cards.keys();
    await first.approvals.decide(id, PEOPLE.dan, { item: "all", approved: true });
    await world.clock.advance(1_000);
    await world.start();
    await world.clock.advance(40_000);
    expect(world.cards.get(id)?.kind).toBe("doubtful");
    agent.tasks.forEach(agent.decideElsewhere);
    await world.clock.advance(70_000);
    expect(world.cards.get(id)?.kind).toBe("decided");
    expect(await world.unfinished()).toBe(0);
    expect(agent.arrived).toEqual([]);
  });

  it("is a rejection where the run paused before its stop arrived", async () => {
    const { world, agent, first } = await asked("o!");
    first.dieAt(1, true);
    void first.conversations.stop(place);
    await world.clock.advance(2_000);
    expect(first.isAlive()).toBe(false);
    await world.start();
    await world.clock.advance(5_000);
    expect(agent.arrived.map(({ decision }) => decision.verdicts[0]?.reason)).toEqual([
      "Stopped by people in Discord.",
    ]);
    expect(await world.unfinished()).toBe(0);
  });

  it("is nothing where a stop meets a pause of which nobody has heard yet", async () => {
    const { world, agent, first } = await asked("o!");
    await world.clock.advance(900);
    expect(world.cards.size).toBe(0);
    void first.conversations.stop(place);
    await world.clock.advance(5_000);
    expect(agent.arrived.map(({ decision }) => decision.verdicts[0]?.approved)).toEqual([false]);
    expect(await world.unfinished()).toBe(0);
  });

  it("is asked once where both live for a while", async () => {
    const { world, agent, first } = await asked("o");
    await first.conversations.ask({ ...ASKED, id: "a2", text: "o", createdAt: 2 });
    await world.start();
    for (let round = 0; round < 3; round += 1) {
      await world.clock.advance(10_000);
      for (const pause of agent.tasks.flatMap((task) => agent.pauseOf(task) ?? []))
        await first.approvals.decide(idOf(pause), PEOPLE.dan, { item: "all", approved: true });
    }
    expect(agent.tasks).toHaveLength(2);
    expect(agent.arrived.map(({ did }) => did)).toEqual(["moved", "moved"]);
  });

  it.each([false, true])(
    "is a card that says that its decision was not taken (killed: %s)",
    async (killed) => {
      const { world, agent, first } = await asked("o");
      const error = new BridgeError("decision-not-taken", "The agent forgot what it asked.");
      agent.ending = { kind: "over", outcome: "failed", error };
      await world.clock.advance(2_000);
      const [id = ""] = world.cards.keys();
      await first.approvals.decide(id, PEOPLE.dan, { item: "all", approved: true });
      await world.clock.advance(500);
      expect(world.cards.get(id)?.kind).toBe("decided");
      if (killed) {
        first.die();
        await world.start();
      }
      await world.clock.advance(5_000);
      expect(world.cards.get(id)?.kind).toBe("not-taken");
      expect(await world.unfinished()).toBe(0);
    },
  );

  it("stays where another process could not begin the same prompt", async () => {
    const { world, agent, first } = await asked("q");
    await world.clock.advance(2_000);
    const [id = ""] = world.cards.keys();
    await first.approvals.answer(id, PEOPLE.ana, { item: 0, question: 0, values: ["here"] });
    await world.clock.advance(300);
    await first.conversations.ask({ ...ASKED, id: "a2", text: "o", createdAt: 2 });
    await world.start();
    await calm();
    world.storeFaults = 4;
    await world.clock.advance(20_000);
    expect([agent.tasks.length, await world.unfinished()]).toEqual([2, 1]);
  });

  it("is cleared away where a pause was entered late, and another process is past it already", async () => {
    const { world, agent, first } = await asked("oo");
    world.storeFaults = 4;
    await world.clock.advance(2_000);
    await world.start();
    agent.tasks.forEach(agent.decideElsewhere);
    first.dieAt(2, true);
    await world.clock.advance(20_000);
    const [passed = "", current = ""] = (agent.tasks[0]?.pauses ?? []).map(idOf);
    expect(new Set(await world.waiting())).toEqual(new Set([passed, current]));
    await world.start();
    await world.clock.advance(5_000);
    expect(await world.waiting()).toEqual([current]);
    expect(world.cards.get(passed)?.kind).toBe("elsewhere");
    expect(world.cards.get(current)?.kind).toBe("open");
  });
});
