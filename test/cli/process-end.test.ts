import { beforeEach, describe, expect, it } from "vitest";
import { scaler } from "../e2e/pausing.ts";
import { agent, closedGate, heldAt } from "../e2e/story.ts";
import { needsSqlite } from "../needs.ts";
import { live } from "./living.ts";

describe("a process that is asked to end", () => {
  beforeEach(({ skip }) => needsSqlite(skip));
  it("in mid-stream ends in order, and the next one goes on in the same messages", async (context) => {
    const gate = closedGate();
    const { ask, sees, first, start, posted, kagent } = await live(context, [
      agent("k8s-agent", heldAt(gate)),
    ]);
    await ask("how is it?");
    await sees("Looking.");
    first.send("SIGTERM");
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(first.output()).toContain('"signal":"SIGTERM","msg":"asked to end"');
    const before = posted().map(({ id }) => id);
    await start();
    gate.open();
    await sees("Looking. All is well.");
    await sees("✅ done");
    expect(posted().map(({ id }) => id)).toEqual(before);
    expect(kagent.runs()).toHaveLength(1);
  });

  it("while a card waits leaves it open, and the next one takes the click once", async (context) => {
    const { ask, sees, control, first, start, boss, kagent, posted } = await live(context, [scaler()]);
    await ask("scale it");
    const { id } = await control("Approve");
    first.send("SIGTERM");
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(kagent.decisions).toEqual([]);
    await start();
    const card = await control("Approve");
    expect(card.id).toBe(id);
    await boss.clicks(card, "Approve");
    await sees("Decided: scaled to 4.");
    expect(kagent.toolRuns).toHaveLength(1);
    expect(
      posted().filter(({ components }) => JSON.stringify(components).includes("k8s_scale")),
    ).toHaveLength(1);
  });

  it("a second time ends at once", async (context) => {
    const { ask, sees, first, discord } = await live(context, [agent("k8s-agent", heldAt(closedGate()))]);
    await ask("how is it?");
    await sees("Looking.");
    // Its last requests get no answer, so ending in order takes seconds.
    discord.faults.add(
      { method: "PATCH", times: Number.POSITIVE_INFINITY },
      { kind: "hang", when: "before" },
    );
    discord.faults.add({ method: "POST", times: Number.POSITIVE_INFINITY }, { kind: "hang", when: "before" });
    first.send("SIGTERM");
    await first.writes("asked to end");
    first.send("SIGTERM");
    expect(await first.ended).toEqual({ code: null, signal: "SIGTERM" });
    expect(first.output()).not.toContain('"msg":"stopped"');
  });

  it("by nobody, but is killed, is picked up by the next one, and nothing is asked twice", async (context) => {
    const gate = closedGate();
    const { ask, sees, first, start, posted, kagent, discord, ana, ops } = await live(context, [
      agent("k8s-agent", undefined, { answer: ({ text }) => heldAt(gate, `On ${text}.`) }),
    ]);
    await ask("first?");
    await sees("On first?.");
    await ana.says(discord.threads(ops)[0] ?? ops, "second?");
    await sees("queued");
    first.send("SIGKILL");
    expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
    const before = posted().map(({ id }) => id);
    const second = await start();
    expect(second.output()).toContain('"recovered":2');
    gate.open();
    await sees("On first?. All is well.");
    await sees("On second?. All is well.");
    expect(posted().map(({ id }) => id)).toEqual(expect.arrayContaining(before));
    expect(kagent.runs().map(({ prompts }) => prompts)).toEqual([["first?"], ["second?"]]);
    expect(posted().filter(({ content }) => content.includes("On first?"))).toHaveLength(1);
  });
});
