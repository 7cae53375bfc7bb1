import { describe, expect, it } from "vitest";
import { operation, questions } from "./waiting-rows.ts";
import { stageWaiting } from "./waiting-stage.ts";

const rule = { role: "sre" };
const one = [operation(0)];
const CALLBACK = { method: "POST", route: /\/callback$/ } as const;

describe("a message while a task waits", () => {
  it("is not sent; its writer can reject what waits and send it instead", async () => {
    const { ana, discord, thread, sees, asked, rejections } = await stageWaiting({ rule, items: one });
    await ana.says(thread, "@bot scale it instead");
    await sees("waits for a decision");
    expect(asked).toEqual([]);
    const offer = await sees("[Reject and send this instead] [Keep waiting]");
    expect(offer).toContain("> scale it instead");
    await ana.clicks(newest(discord.messages(thread)), "Reject and send this instead");
    await sees("Rejected; this is sent instead.");
    await discord.until(() => asked.length > 0, { what: "the message to be asked" });
    expect(asked.map(({ text, actor }) => `${actor.name}: ${text}`)).toEqual(["ana: scale it instead"]);
    expect(rejections).toEqual(["ana sent another message instead."]);
    expect(discord.transcript(thread)).not.toContain("[Keep waiting]");
  });

  it("can be left, and then waits no more", async () => {
    const { ana, discord, thread, sees, asked, rejections } = await stageWaiting({ rule, items: one });
    await ana.says(thread, "@bot scale it instead");
    await sees("[Keep waiting]");
    await ana.clicks(newest(discord.messages(thread)), "Keep waiting");
    await sees("Kept waiting; this was not sent.");
    expect([asked, rejections]).toEqual([[], []]);
  });

  it("is for people of the conversation, deciders and managers", async () => {
    const { ben, eve, discord, thread, sees, asked, rejections } = await stageWaiting({ rule, items: one });
    await eve.says(thread, "@bot drop everything");
    await sees("[Keep waiting]");
    const offer = newest(discord.messages(thread));
    await eve.clicks(offer, "Reject and send this instead");
    await sees("Only people who asked here, those who may decide the request, and server managers", eve);
    expect([asked, rejections]).toEqual([[], []]);
    await ben.clicks(offer, "Reject and send this instead");
    await discord.until(() => asked.length > 0, { what: "the message to be asked" });
    // Who wrote it asks: otherwise its writer could approve what comes of it.
    expect(asked[0]?.actor.name).toBe("eve");
  });

  it("is not sent when somebody decided meanwhile", async () => {
    const { ana, ben, discord, card, thread, sees, asked } = await stageWaiting({ rule, items: one });
    await ana.says(thread, "@bot scale it instead");
    await sees("[Keep waiting]");
    const offer = newest(discord.messages(thread));
    await ben.clicks(await card(), "Approve");
    await sees("approved by ben");
    await ana.clicks(offer, "Reject and send this instead");
    await sees("This was decided meanwhile, so nothing was rejected and this was not sent.");
    expect(asked).toEqual([]);
  });

  it("is sent once, however often somebody clicks", async () => {
    const { ana, discord, thread, sees, asked } = await stageWaiting({ rule, items: one });
    await ana.says(thread, "@bot scale it instead");
    await sees("[Keep waiting]");
    const offer = newest(discord.messages(thread));
    const [first] = await Promise.all([
      ana.clicks(offer, "Reject and send this instead"),
      ana.clicks(offer, "Reject and send this instead"),
    ]);
    if (first) discord.redeliver(first);
    await sees("Rejected; this is sent instead.");
    await sees(/Somebody answered this already|waited too long/, ana);
    await discord.until(() => asked.length > 0, { what: "the message to be asked" });
    expect(asked).toHaveLength(1);
  });

  it("is sent although the acknowledgement of the click is lost", async () => {
    const { ana, discord, thread, sees, asked } = await stageWaiting({ rule, items: one });
    await ana.says(thread, "@bot scale it instead");
    await sees("[Keep waiting]");
    discord.faults.add(CALLBACK, {
      kind: "status",
      status: 404,
      code: 10062,
      message: "Unknown interaction",
    });
    await ana.clicks(newest(discord.messages(thread)), "Reject and send this instead");
    await sees("Rejected; this is sent instead.");
    await discord.until(() => asked.length > 0, { what: "the message to be asked" });
  });

  it("survives a restart", async () => {
    const { ana, discord, thread, sees, asked, startBot, stopBot } = await stageWaiting({ rule, items: one });
    await ana.says(thread, "@bot scale it instead");
    await sees("[Keep waiting]");
    await stopBot();
    await startBot();
    await ana.clicks(newest(discord.messages(thread)), "Reject and send this instead");
    await discord.until(() => asked.length > 0, { what: "the message to be asked" });
  });

  it("by a command in that thread is offered to its writer alone", async () => {
    const { ana, discord, thread, step, asked } = await stageWaiting({ rule, items: one });
    await ana.runs(thread, "/ask", { prompt: "scale it instead" });
    await ana.clicks(await step(ana, "waits for a decision"), "Reject and send this instead");
    await step(ana, "Rejected; this is sent instead.");
    await discord.until(() => asked.length > 0, { what: "the command to be asked" });
    expect(asked[0]?.text).toBe("scale it instead");
  });

  it("in the channel of the thread is none of its business", async () => {
    const { ana, discord, ops, asked } = await stageWaiting({ rule, items: one });
    await ana.says(ops, "@bot what else?");
    await discord.until(() => asked.length > 0, { what: "the message to be asked" });
  });

  it("after the decision waits in line as usual", async () => {
    const { ana, ben, discord, card, thread, sees, asked } = await stageWaiting({ rule, items: one });
    await ben.clicks(await card(), "Approve");
    await sees("approved by ben");
    await ana.says(thread, "@bot and then?");
    await discord.until(() => asked.length > 0, { what: "the message to be asked" });
  });
});

describe("/stop while a task waits", () => {
  it("is for people of the conversation, deciders and managers", async () => {
    const { ana, ben, eve, thread, sees } = await stageWaiting({ rule, items: one });
    await eve.runs(thread, "/stop");
    await sees("A request waits here. Only people who asked here", eve);
    await ana.runs(thread, "/stop");
    await sees("What the agent asked for was rejected.", ana);
    await ben.runs(thread, "/stop");
    await sees("What the agent asked for was rejected.", ben);
  });
});

describe("/approvals", () => {
  it("lists what waits and this person may decide, with links", async () => {
    const items = [operation(0), operation(1, "drain_node"), questions(["Where?"])];
    const { ben, guild, thread, sees, row } = await stageWaiting({ rule, items });
    await ben.runs(thread, "/approvals");
    const shown = await sees("One request waits for you", ben);
    const { card } = await row();
    expect(shown).toMatch(
      /wants to run \*\*delete\\?_pod\*\*, \*\*drain\\?_node\*\* and has a question, asked by ana/,
    );
    expect(shown).toContain(`https://discord.com/channels/${guild.id}/${thread.id}/${card?.messageId}`);
  });

  it("says calmly that nothing waits", async () => {
    const { eve, thread, sees } = await stageWaiting({ rule, items: one });
    await eve.runs(thread, "/approvals");
    await sees("Nothing waits for you.", eve);
  });

  it("comes in several messages when it is long", async () => {
    const { ben, thread, discord, pause, sees } = await stageWaiting({ rule });
    for (let count = 0; count < 14; count++)
      await pause([operation(count, `tool_${"x".repeat(50)}_${count}`)]);
    await ben.runs(thread, "/approvals");
    await sees(/_13\*\*/, ben);
    const mine = discord.messages(thread).filter((message) => message.ephemeralFor === ben.id);
    expect(mine.length).toBeGreaterThan(1);
    expect(mine.every((message) => [...message.content].length <= 2000)).toBe(true);
  });

  it("has names in other languages", async () => {
    const { discord, thread } = await stageWaiting({ rule });
    const dora = discord.createPerson({ name: "dora", locale: "de" });
    await dora.runs(thread, "/freigaben");
    await discord.until(() => discord.transcript(thread, { as: dora }).includes("Nothing waits for you."));
  });
});

function newest<T>(all: readonly T[]): T {
  const last = all.at(-1);
  if (last === undefined) throw new Error("there is nothing");
  return last;
}
