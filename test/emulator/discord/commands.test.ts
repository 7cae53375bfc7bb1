import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, refusal, type Stage } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const put = (body: unknown) =>
  stage.bot.rest.put(`/applications/${stage.discord.applicationId}/commands`, { body });

describe("application commands", () => {
  it("keep their ids through an overwrite and give translations only when asked", async () => {
    const { bot, discord } = stage;
    const command = {
      name: "ask",
      description: "Ask",
      name_localizations: { de: "frage" },
      options: [{ type: 3, name: "prompt", description: "What", required: true, autocomplete: false }],
    };
    const first = await put([command]);
    expect(await put([command])).toMatchObject([{ id: Array.isArray(first) ? first[0].id : "" }]);
    const path = `/applications/${discord.applicationId}/commands` as const;
    const plain = await bot.rest.get(path);
    expect(plain).toMatchObject([{ name: "ask", options: [{ required: true }] }]);
    expect(JSON.stringify(plain)).not.toMatch(/localizations|"autocomplete"/);
    const full = await bot.rest.get(path, { query: new URLSearchParams({ with_localizations: "true" }) });
    expect(full).toMatchObject([{ name_localizations: { de: "frage" } }]);
  });

  it("are refused when a rule is broken", async () => {
    await stage.close();
    stage = await openStage({ limits: { buckets: { commands: { limit: 50, perMs: 1000 } } } });
    const good = { name: "ask", description: "Ask" };
    const option = { type: 3, name: "a", description: "a" };
    const cases: readonly unknown[] = [
      [{ ...good, name: "Ask" }],
      [{ ...good, name: "a b" }],
      [{ ...good, description: "" }],
      [{ ...good, description: "d".repeat(101) }],
      [{ ...good, name_localizations: { de: "Frage" } }],
      [good, good],
      [{ ...good, options: [option, { ...option, name: "b", required: true }] }],
      [{ ...good, options: [option, option] }],
      [{ ...good, options: [{ ...option, autocomplete: true, choices: [{ name: "x", value: "x" }] }] }],
      [{ ...good, options: [{ ...option, choices: Array(26).fill({ name: "x", value: "x" }) }] }],
      [{ type: 3, name: "Ask about this", description: "no" }],
      [{ ...good, typo: true }],
    ];
    for (const body of cases) expect([body, await refusal(put(body))]).toEqual([body, 50035]);
    const many = Array.from({ length: 16 }, (_, n) => ({ type: 3, name: `Menu ${n}` }));
    expect(await refusal(put(many))).toBe(30032);
    expect(await refusal(put([good, { type: 3, name: "Ask about this" }]))).toBe("accepted");
  });

  it("can be created 200 times a day", async () => {
    await stage.close();
    stage = await openStage({ limits: { commandCreatesPerDay: 1 } });
    expect(await refusal(put([{ name: "a", description: "a" }]))).toBe("accepted");
    expect(await refusal(put([{ name: "b", description: "b" }]))).toBe(30034);
    expect(await refusal(put([{ name: "a", description: "changed" }]))).toBe("accepted");
  });

  it("are offered where they are registered and to whom they are meant", async () => {
    const { guild, general, ana, discord, bot } = stage;
    const boss = discord.createPerson({ name: "boss", manager: true });
    await put([
      { name: "ask", description: "Ask", contexts: [0] },
      { name: "doctor", description: "Doctor", default_member_permissions: "32" },
    ]);
    await bot.rest.put(`/applications/${discord.applicationId}/guilds/${guild.id}/commands`, {
      body: [{ name: "ask", description: "Ask here" }],
    });
    expect(ana.offers(general)).toEqual(["/ask"]);
    expect(boss.offers(general)).toEqual(["/ask", "/doctor"]);
    expect(ana.offers(ana.dm())).toEqual(["/doctor"]);
  });
});
