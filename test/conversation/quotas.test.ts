import { describe, expect, it } from "vitest";
import type { QuotaConfig, Unfinished } from "../../src/conversation/quota.ts";
import { type Applicant, createQuotas, type Quotas } from "../../src/conversation/quotas.ts";
import { openStore } from "../../src/store/open.ts";
import { readQuotaRow } from "../../src/store/people-rows.ts";
import { silentLog } from "../silent-log.ts";

const MINUTE_MS = 60_000;
const twoAMinute = { count: 2, windowMs: MINUTE_MS };

const person = (id: string, more: Partial<Applicant> = {}): Applicant => ({
  actor: { id, manager: false },
  guildId: "g",
  ...more,
});

/** Quotas on a memory store; `reopen` is another process, or the same after a restart. */
async function setUp(config: Partial<QuotaConfig>) {
  const time = { now: 1_000_000 };
  const clock = { now: () => time.now };
  const store = await openStore("memory:", { clock, log: silentLog });
  const unfinished: Unfinished[] = [];
  const rows = store.collection("quota", readQuotaRow);
  const reopen = () =>
    createQuotas({
      config: { exemptManagers: false, ...config },
      rows,
      unfinished: () => unfinished,
      clock,
    });
  return { quotas: reopen(), reopen, unfinished, time };
}

/** Asks, to the end; the bound that it met. */
async function ask(quotas: Quotas, applicant: Applicant) {
  const admission = await quotas.admit(applicant);
  if (!admission.allowed) return admission.excess;
  await admission.settle(true);
  return undefined;
}

describe("quotas", () => {
  it("bound nobody unless they say so", async () => {
    const { quotas } = await setUp({});
    for (let asked = 0; asked < 50; asked++) expect(await ask(quotas, person("ana"))).toBeUndefined();
    expect(await quotas.usage(person("ana"))).toEqual([]);
  });

  it("count prompts of each person within a window that slides", async () => {
    const { quotas, time } = await setUp({ promptsPerUser: twoAMinute });
    expect(await ask(quotas, person("ana"))).toBeUndefined();
    time.now += 20_000;
    expect(await ask(quotas, person("ana"))).toBeUndefined();
    const at = 1_000_000 + MINUTE_MS;
    const excess = { kind: "prompts", scope: "user", limit: twoAMinute, at };
    expect(await quotas.excess(person("ana"))).toEqual(excess);
    expect(await ask(quotas, person("ana"))).toEqual(excess);
    expect(await ask(quotas, person("ben"))).toBeUndefined();
    time.now = at;
    expect(await ask(quotas, person("ana"))).toBeUndefined();
    expect(await ask(quotas, person("ana"))).toMatchObject({ at: at + 20_000 });
  });

  it("count a server's people together, and its direct messages not at all", async () => {
    const { quotas } = await setUp({ promptsPerGuild: twoAMinute });
    expect(await ask(quotas, person("ana"))).toBeUndefined();
    expect(await ask(quotas, person("ben"))).toBeUndefined();
    expect(await ask(quotas, person("cem"))).toMatchObject({ scope: "guild" });
    expect(await ask(quotas, person("cem", { guildId: "other" }))).toBeUndefined();
    expect(await ask(quotas, { actor: { id: "cem", manager: false } })).toBeUndefined();
  });

  it("do not charge a person for what the server has no room for", async () => {
    const { quotas, time } = await setUp({
      promptsPerUser: twoAMinute,
      promptsPerGuild: { count: 1, windowMs: 1000 },
    });
    await ask(quotas, person("ben"));
    expect(await ask(quotas, person("ana"))).toMatchObject({ scope: "guild" });
    time.now += 1000;
    expect(await ask(quotas, person("ana"))).toBeUndefined();
    time.now += 1000;
    expect(await ask(quotas, person("ana"))).toBeUndefined();
  });

  it("take back what came to nothing", async () => {
    const { quotas } = await setUp({ promptsPerUser: { count: 1, windowMs: MINUTE_MS }, turnsPerUser: 1 });
    const first = await quotas.admit(person("ana"));
    expect(first.allowed).toBe(true);
    if (first.allowed) await first.settle(false);
    expect(await ask(quotas, person("ana"))).toBeUndefined();
    expect(await ask(quotas, person("ana"))).toMatchObject({ kind: "prompts" });
  });

  it("survive a restart, and hold across processes that ask at the same moment", async () => {
    const { quotas, reopen } = await setUp({ promptsPerUser: twoAMinute });
    const other = reopen();
    const outcomes = await Promise.all(
      [quotas, other, quotas, other, quotas].map((one) => ask(one, person("ana"))),
    );
    expect(outcomes.filter((excess) => excess === undefined)).toHaveLength(2);
    expect(await ask(reopen(), person("ana"))).toMatchObject({ scope: "user" });
  });

  it("bound what goes on at once, also while a question is only beginning", async () => {
    const { quotas, unfinished } = await setUp({ turnsPerUser: 2, turnsPerGuild: 3 });
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => quotas.admit(person("ana"))));
    expect([one, two, three].map((admission) => admission?.allowed)).toEqual([true, true, false]);
    for (const [index, admission] of [one, two].entries()) {
      unfinished.push({ actorId: "ana", guildId: "g", placeId: `t${index}` });
      if (admission?.allowed) await admission.settle(true);
    }
    expect(await quotas.excess(person("ana"))).toEqual({ kind: "turns", scope: "user", most: 2 });
    expect(await ask(quotas, person("ana", { placeId: "t1" }))).toBeUndefined();
    unfinished.push({ actorId: "ben", guildId: "g", placeId: "t9" });
    expect(await ask(quotas, person("cem"))).toEqual({ kind: "turns", scope: "guild", most: 3 });
    unfinished.length = 0;
    expect(await ask(quotas, person("ana"))).toBeUndefined();
  });

  it("exempt managers only where that is said", async () => {
    const manager = person("ana", { actor: { id: "ana", manager: true } });
    const strict = await setUp({ promptsPerUser: { count: 1, windowMs: MINUTE_MS } });
    await ask(strict.quotas, manager);
    expect(await ask(strict.quotas, manager)).toMatchObject({ kind: "prompts" });
    const lenient = await setUp({
      promptsPerUser: { count: 1, windowMs: MINUTE_MS },
      exemptManagers: true,
    });
    await ask(lenient.quotas, manager);
    expect(await ask(lenient.quotas, manager)).toBeUndefined();
    expect(await lenient.quotas.usage(manager)).toEqual([]);
  });

  it("tell how much is used", async () => {
    const { quotas, unfinished } = await setUp({
      promptsPerUser: { count: 1, windowMs: MINUTE_MS },
      promptsPerGuild: { count: 9, windowMs: MINUTE_MS },
      turnsPerUser: 2,
    });
    await ask(quotas, person("ana"));
    unfinished.push({ actorId: "ana", guildId: "g", placeId: "t1" });
    expect(await quotas.usage(person("ana"))).toEqual([
      {
        kind: "prompts",
        scope: "user",
        used: 1,
        limit: { count: 1, windowMs: MINUTE_MS },
        freeAt: 1_000_000 + MINUTE_MS,
      },
      { kind: "prompts", scope: "guild", used: 1, limit: { count: 9, windowMs: MINUTE_MS } },
      { kind: "turns", scope: "user", used: 1, most: 2 },
    ]);
  });
});
