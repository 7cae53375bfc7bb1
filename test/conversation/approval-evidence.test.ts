import { describe, expect, it } from "vitest";
import { CONFIGS, EXPIRY_MS, PEOPLE, planOf } from "./approval-cast.ts";
import { createApprovalWorld, idOf } from "./approval-world.ts";
import { ref } from "./core.ts";
import { createPausingAgent } from "./pausing-agent.ts";

const place = { kind: "thread", channelId: "place-0", guildId: "g" } as const;
const ALL = { item: "all", approved: true } as const;
const NONE = { item: "all", approved: false } as const;

/** A task that waits, in a world with one or two processes on its store. */
async function waits(text = "o", config: keyof typeof CONFIGS = "managers", two = false) {
  const connect = (clock: { now(): number }) => createPausingAgent(clock.now, planOf);
  const { world, agent } = createApprovalWorld(connect, CONFIGS[config]);
  const first = await world.start();
  const asked = { place, agent: ref, actor: PEOPLE.ana.actor, files: [] };
  await first.conversations.ask({ ...asked, id: "a1", text, createdAt: 1 });
  await world.clock.advance(2_000);
  const other = two ? await world.start() : first;
  await world.clock.advance(1_000);
  const pause = agent.tasks.flatMap((task) => agent.pauseOf(task) ?? [])[0];
  if (!pause) throw new Error("nothing waits");
  const told = () =>
    world.audit
      .filter(({ event }) => event !== "asked" && event !== "outcome" && event !== "requested")
      .map(({ event, actor, by, items }) => {
        const word = (approved?: boolean) => approved !== undefined && (approved ? "yes" : "no");
        const verdicts = items?.map(({ approved }) => word(approved)) ?? [];
        return [event, actor?.name ?? by, ...verdicts].filter(Boolean).join(" ");
      });
  return { world, agent, first, other, id: idOf(pause), told };
}

describe("the evidence of a decision", () => {
  it("is one expiry where two processes see that nobody decided", async () => {
    const { world, agent, told } = await waits("o", "managers", true);
    await world.clock.advance(EXPIRY_MS + 60_000);
    expect(told()).toEqual(["expired expiry no", "sent expiry no"]);
    expect(agent.arrived).toHaveLength(1);
  });

  it("names what won where two people decide at once in two processes", async () => {
    const { world, agent, first, other, id, told } = await waits("o", "managers", true);
    await Promise.all([
      first.approvals.decide(id, PEOPLE.dan, ALL),
      other.approvals.decide(id, { ...PEOPLE.cem, actor: { ...PEOPLE.cem.actor, manager: true } }, NONE),
    ]);
    await world.clock.advance(20_000);
    const [arrived] = agent.arrived;
    const won = arrived?.decision.verdicts[0]?.approved ? "dan yes" : "cem no";
    expect(told().toSorted()).toEqual(
      ["voted dan yes", "voted cem no", `decided ${won}`, `sent ${won.split(" ")[1]}`].toSorted(),
    );
    const decided = world.audit.find(({ event }) => event === "decided");
    expect(decided?.items?.[0]?.deciders?.map(({ name }) => name)).toEqual([won.split(" ")[0]]);
  });

  it("names everybody whose approval was needed", async () => {
    const { world, first, id, told } = await waits("o", "two-of-sre");
    await first.approvals.decide(id, PEOPLE.bea, ALL);
    await first.approvals.decide(id, PEOPLE.cem, ALL);
    await world.clock.advance(5_000);
    expect(told()).toEqual(["voted bea yes", "voted cem yes", "decided cem yes", "sent yes"]);
    const decided = world.audit.find(({ event }) => event === "decided");
    expect(decided?.items?.[0]?.deciders?.map(({ name }) => name)).toEqual(["bea", "cem"]);
  });

  it("does not tell of a stop that came after the decision", async () => {
    const { world, first, other, id, told } = await waits("o!", "managers", true);
    await Promise.all([
      first.approvals.decide(id, PEOPLE.dan, ALL),
      other.conversations.stop(place, PEOPLE.ana.actor),
    ]);
    await world.clock.advance(20_000);
    expect(told().filter((one) => one.startsWith("decided"))).toHaveLength(1);
    expect(told().filter((one) => one.startsWith("sent"))).toHaveLength(1);
  });

  it("tells of an approval that expired because its agent was away", async () => {
    const { world, agent, first, id, told } = await waits();
    agent.away = true;
    await first.approvals.decide(id, PEOPLE.dan, ALL);
    await world.clock.advance(EXPIRY_MS);
    agent.away = false;
    await world.clock.advance(60_000);
    expect(told()).toEqual(["voted dan yes", "decided dan yes", "expired expiry no", "sent expiry no"]);
  });

  it.each([
    ["was refused", ["voted dan yes", "decided dan yes", "sent yes", "decided elsewhere"]],
    ["was kept back", ["voted dan yes", "decided dan yes", "decided elsewhere"]],
  ])("tells that the task went on without a decision that %s", async (how, expected) => {
    const { world, agent, first, id, told } = await waits();
    agent.away = how === "was kept back";
    agent.faults.push("refused");
    await first.approvals.decide(id, PEOPLE.dan, ALL);
    await world.clock.advance(100);
    agent.tasks.forEach(agent.decideElsewhere);
    agent.away = false;
    await world.clock.advance(60_000);
    expect(told()).toEqual(expected);
    expect([agent.arrived, world.cards.get(id)?.kind]).toEqual([[], "elsewhere"]);
    expect(await world.unfinished()).toBe(0);
  });

  it("keeps a decision back until it can be written", async () => {
    const { world, agent, told } = await waits();
    world.auditFaults = 1;
    await world.clock.advance(EXPIRY_MS + 5_000);
    expect(world.auditFaults).toBe(0);
    expect([told(), agent.arrived]).toEqual([[], []]);
    await world.clock.advance(30_000);
    expect(told()).toEqual(["expired expiry no", "sent expiry no"]);
    expect(agent.arrived).toHaveLength(1);
  });
});

describe("a process that dies at any call of the store after a click", () => {
  const moments = Array.from({ length: 14 }, (_, index) => [index + 1, index % 2 === 0] as const);

  it.each(moments)(
    "leaves evidence that agrees with what the agent hears (call %i)",
    async (calls, after) => {
      const { world, agent, first, id } = await waits("o!");
      first.dieAt(calls, after);
      void first.approvals.decide(id, PEOPLE.dan, ALL);
      await world.clock.advance(40_000);
      const second = await world.start();
      await world.clock.advance(40_000);
      void second.approvals.decide(id, PEOPLE.dan, ALL);
      await world.clock.advance(60_000);
      expect(agent.arrived.filter(({ did }) => did === "moved")).toHaveLength(1);
      const events = world.audit.map(({ event }) => event);
      expect(events.indexOf("decided")).toBeGreaterThan(events.indexOf("voted"));
      expect(events.indexOf("sent")).toBeGreaterThan(events.indexOf("decided"));
      const decided = world.audit.filter(({ event }) => event === "decided" || event === "sent");
      expect(decided.flatMap(({ items }) => items?.map(({ approved }) => approved))).not.toContain(false);
    },
  );
});
