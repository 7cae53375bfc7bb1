import { describe, expect, it } from "vitest";
import { awayFrom, tellCatchUp } from "./catch-up-stage.ts";
import { agent, closedGate, heldAt, roomy } from "./story.ts";

describe("questions that came while the bot was down", () => {
  it("are listed in their thread, once, and answered in order when their author wishes", async () => {
    const { ana, place, startBot, stopBot, sees, message, asked, hasAsked, hasLooked, lists } =
      await awayFrom();
    await ana.says(place, "two");
    await ana.says(place, "three");
    await startBot();
    const shown = await sees(place, "While I was away, 2 questions came here:");
    expect(shown).toContain("> **ana**: two");
    expect(shown).toContain("> **ana**: three");
    expect(shown).toContain("[Answer now] [Dismiss]");
    expect(asked()).toEqual(["k8s-agent: one"]);
    await stopBot();
    await startBot();
    await hasLooked();
    expect(lists(place)).toHaveLength(1);
    await ana.clicks(await message(place, "While I was away"), "Answer now");
    expect(await hasAsked(3)).toEqual(["k8s-agent: one", "k8s-agent: two", "k8s-agent: three"]);
    await sees(place, /heard: three[\s\S]*k8s-agent · \d/);
    expect(await sees(place, "they are asked now")).not.toContain("[Answer now]");
    await stopBot();
    await startBot();
    await hasLooked();
    expect(lists(place)).toEqual([]);
    expect(asked()).toHaveLength(3);
  });

  it("are left when they are dismissed, also after another restart", async () => {
    const { ana, place, startBot, stopBot, sees, message, asked, hasLooked, lists } = await awayFrom();
    await ana.says(place, "two");
    await startBot();
    await sees(place, "While I was away, a question came here:");
    await ana.clicks(await message(place, "While I was away"), "Dismiss");
    await sees(place, "they were dismissed");
    await stopBot();
    await startBot();
    await hasLooked();
    expect(lists(place)).toEqual([]);
    expect(asked()).toEqual(["k8s-agent: one"]);
  });

  it("are each their author's to have answered, or a manager's", async () => {
    const { ana, place, startBot, sees, message, asked, hasAsked, discord } = await awayFrom({
      discord: roomy,
    });
    const ben = discord.createPerson({ name: "ben" });
    const cleo = discord.createPerson({ name: "cleo" });
    const boss = discord.createPerson({ name: "boss", manager: true });
    await ana.says(place, "two");
    await ben.says(place, "three");
    await startBot();
    await sees(place, "2 questions came here");
    await cleo.clicks(await message(place, "While I was away"), "Answer now");
    await sees(place, "Only the people who asked, or a server manager, can do this.", cleo);
    expect(asked()).toEqual(["k8s-agent: one"]);
    await ben.clicks(await message(place, "While I was away"), "Answer now");
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: three"]);
    const left = await sees(place, "a question came here");
    expect(left).toContain("> **ana**: two");
    expect(left).not.toContain("> **ben**: three");
    await boss.clicks(await message(place, "While I was away"), "Answer now");
    expect(await hasAsked(3)).toEqual(["k8s-agent: one", "k8s-agent: three", "k8s-agent: two"]);
  });

  it("run at once where the configuration says so", async () => {
    const { ana, place, startBot, stopBot, hasAsked, hasLooked, asked, lists, sees } = await awayFrom({
      yaml: () => "catchUp:\n  mode: run\n",
    });
    await ana.says(place, "two");
    await ana.says(place, "three");
    await startBot();
    expect(await hasAsked(3)).toEqual(["k8s-agent: one", "k8s-agent: two", "k8s-agent: three"]);
    await sees(place, /heard: three[\s\S]*k8s-agent · \d/);
    expect(lists(place)).toEqual([]);
    await stopBot();
    await startBot();
    await hasLooked();
    expect(asked()).toHaveLength(3);
  });

  it("are left where the configuration says so", async () => {
    const { ana, place, startBot, sees, asked, discord } = await awayFrom({
      yaml: () => "catchUp:\n  mode: off\n",
    });
    await ana.says(place, "two");
    await startBot();
    await ana.says(place, "three");
    await sees(place, "heard: three");
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: three"]);
    expect(discord.requests.filter((one) => one.path.endsWith("/threads/active"))).toEqual([]);
  });

  it("are not looked for further back than the window", async () => {
    const { ana, place, startBot, sees, wrote, knowsSince } = await awayFrom();
    wrote(ana, place, "long ago", 61);
    wrote(ana, place, "a while ago", 59);
    await knowsSince(120);
    await startBot();
    const shown = await sees(place, "While I was away, a question came here:");
    expect(shown).toContain("> **ana**: a while ago");
  });

  it("that were stored before are not doubled", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, startBot, stopBot, hasAsked, hasLooked, lists } = await tellCatchUp({
      agents: [agent("k8s-agent", heldAt(gate))],
      discord: roomy,
    });
    await ana.says(ops, "@bot one");
    const place = await thread();
    await sees(place, "Looking.");
    await ana.says(place, "two");
    await sees(place, "queued · position 1");
    await stopBot();
    await startBot();
    await hasLooked();
    gate.open();
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: two"]);
    await sees(place, /(All is well\.[\s\S]*){2}k8s-agent · \d/);
    expect([...lists(place), ...lists(ops)]).toEqual([]);
  });

  it("that a process heard and lost before they were stored are found", async () => {
    const { ana, place, startBot, sees, wrote, knowsSince, heardAndLost } = await awayFrom();
    await heardAndLost(wrote(ana, place, "two", 1));
    await knowsSince(5);
    await startBot();
    expect(await sees(place, "While I was away, a question came here:")).toContain("> **ana**: two");
  });

  it("are not asked when they were deleted meanwhile, and follow their edits", async () => {
    const { ana, place, startBot, sees, message, hasAsked } = await awayFrom();
    const two = await ana.says(place, "two");
    const three = await ana.says(place, "three");
    await startBot();
    await sees(place, "2 questions came here");
    await ana.deletes(two);
    await ana.edits(three, "three, but better");
    await ana.clicks(await message(place, "While I was away"), "Answer now");
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: three, but better"]);
  });
});

describe("a restart in the middle of an answer", () => {
  it("goes on with it first, and lists what came meanwhile", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, message, startBot, stopBot, hasAsked } = await tellCatchUp({
      agents: [agent("k8s-agent", heldAt(gate))],
      discord: roomy,
    });
    await ana.says(ops, "@bot one");
    const place = await thread();
    await sees(place, "Looking.");
    await stopBot();
    await ana.says(place, "two");
    await startBot();
    await sees(place, "> **ana**: two");
    await ana.clicks(await message(place, "While I was away"), "Answer now");
    await sees(place, "queued · position 1");
    gate.open();
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: two"]);
    await sees(place, /(All is well\.[\s\S]*){2}k8s-agent · \d/);
  });
});
