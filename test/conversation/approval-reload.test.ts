import { describe, expect, it } from "vitest";
import type { ApprovalRule } from "../../src/conversation/policy.ts";
import { PEOPLE, planOf } from "./approval-cast.ts";
import { createApprovalWorld, idOf } from "./approval-world.ts";
import { ref } from "./core.ts";
import { createPausingAgent } from "./pausing-agent.ts";

const RULE: ApprovalRule = {
  agents: ["*"],
  clusters: ["*"],
  tools: ["*"],
  effect: "ask",
  roleIds: ["sre"],
  userIds: [],
  count: 1,
  distinctRoles: false,
  askerMayApprove: false,
  directMessages: false,
};
const place = { kind: "thread", channelId: "place-0", guildId: "g" } as const;
const APPROVE = { item: "all", approved: true } as const;
/** In both roles. */
const both = {
  ...PEOPLE.cem,
  actor: { ...PEOPLE.cem.actor, id: "gil", name: "gil", roleIds: ["sre", "lead"] },
};

/** A card that waits under these rules, which may change; ana asked. */
async function waits(first: readonly ApprovalRule[]) {
  const now = { rules: first };
  const approval = {
    get rules() {
      return now.rules;
    },
    expiresAfterMs: 3_600_000,
  };
  const connect = (clock: { now(): number }) => createPausingAgent(clock.now, planOf);
  const { world, agent } = createApprovalWorld(connect, approval);
  const { approvals, conversations } = await world.start();
  const asked = { place, agent: ref, actor: PEOPLE.ana.actor, files: [] };
  await conversations.ask({ ...asked, id: "a1", text: "o", createdAt: 1 });
  await world.clock.advance(2_000);
  const pause = agent.tasks.flatMap((task) => agent.pauseOf(task) ?? [])[0];
  if (!pause) throw new Error("nothing waits");
  return {
    world,
    reload(rules: readonly ApprovalRule[]) {
      now.rules = rules;
    },
    approve: async (who: (typeof PEOPLE)[keyof typeof PEOPLE]) =>
      (await approvals.decide(idOf(pause), who, APPROVE)).kind,
    /** What arrived at the agent after a while. */
    async heard() {
      await world.clock.advance(10_000);
      return agent.arrived.map(({ decision }) => decision.verdicts[0]?.approved);
    },
  };
}

describe("a card that waits while the rules change", () => {
  it("needs as many approvals as the stricter rule says", async () => {
    const card = await waits([RULE]);
    card.reload([{ ...RULE, count: 2 }]);
    expect(await card.approve(PEOPLE.bea)).toBe("counted");
    card.reload([RULE]);
    expect(await card.approve(PEOPLE.cem)).toBe("over");
    expect(await card.heard()).toEqual([true]);
  });

  it("keeps the number it was posted with where the new rule asks for fewer", async () => {
    const card = await waits([{ ...RULE, count: 2 }]);
    card.reload([RULE]);
    expect(await card.approve(PEOPLE.bea)).toBe("counted");
    expect(await card.heard()).toEqual([]);
    expect(await card.approve(PEOPLE.cem)).toBe("decided");
  });

  it("is for those whom both rules name", async () => {
    const card = await waits([RULE]);
    card.reload([{ ...RULE, roleIds: ["lead"] }]);
    expect(await card.approve(PEOPLE.bea)).toBe("refused");
    const lead = { ...PEOPLE.eve, actor: { ...PEOPLE.eve.actor, roleIds: ["lead"] } };
    expect(await card.approve(lead)).toBe("refused");
    expect(await card.approve(both)).toBe("decided");
  });

  it("does not count an approval of before whose role the new rule does not name", async () => {
    const card = await waits([{ ...RULE, count: 2 }]);
    expect(await card.approve(PEOPLE.bea)).toBe("counted");
    card.reload([{ ...RULE, count: 2, roleIds: ["lead"] }]);
    expect(await card.approve(both)).toBe("counted");
    expect(await card.heard()).toEqual([]);
    const other = { ...both, actor: { ...both.actor, id: "hal", name: "hal" } };
    expect(await card.approve(other)).toBe("decided");
    expect(await card.heard()).toEqual([true]);
    const decided = card.world.audit.find(({ event }) => event === "decided");
    expect(decided?.items?.[0]?.deciders?.map(({ name }) => name)).toEqual(["gil", "hal"]);
  });

  it("does not count an approval of its asker once askers may not approve", async () => {
    const card = await waits([{ ...RULE, count: 2, userIds: ["ana"], askerMayApprove: true }]);
    expect(await card.approve(PEOPLE.ana)).toBe("counted");
    card.reload([{ ...RULE, count: 2, userIds: ["ana"] }]);
    expect(await card.approve(PEOPLE.bea)).toBe("counted");
    expect(await card.approve(PEOPLE.cem)).toBe("decided");
  });

  it("needs a role beside Manage Server when the first rule comes, and both when the last one goes", async () => {
    const card = await waits([]);
    card.reload([{ ...RULE, roleIds: ["lead"] }]);
    expect(await card.approve(PEOPLE.dan)).toBe("refused");
    expect(await card.approve(both)).toBe("refused");
    const boss = { ...both, actor: { ...both.actor, manager: true } };
    expect(await card.approve(boss)).toBe("decided");
    const other = await waits([{ ...RULE, count: 2 }]);
    expect(await other.approve(PEOPLE.bea)).toBe("counted");
    other.reload([]);
    expect(await other.approve(PEOPLE.cem)).toBe("refused");
    expect(await other.approve(PEOPLE.dan)).toBe("counted");
  });

  it("is nobody's once no rule covers its tool", async () => {
    const card = await waits([RULE]);
    card.reload([{ ...RULE, tools: ["helm_*"] }]);
    expect(await card.approve(PEOPLE.bea)).toBe("refused");
  });

  it("is rejected at once by a new rule that forbids its tool, whoever approved before", async () => {
    const card = await waits([{ ...RULE, count: 2 }]);
    expect(await card.approve(PEOPLE.bea)).toBe("counted");
    card.reload([{ ...RULE, effect: "deny" }]);
    expect(await card.approve(PEOPLE.cem)).toBe("over");
    expect(await card.heard()).toEqual([false]);
    expect(card.world.audit.find(({ event }) => event === "decided")?.by).toBe("rule");
  });

  it("is not approved by a new rule that allows its tool", async () => {
    const card = await waits([RULE]);
    card.reload([{ ...RULE, effect: "allow" }]);
    expect(await card.heard()).toEqual([]);
    expect(await card.approve(PEOPLE.bea)).toBe("decided");
  });
});
