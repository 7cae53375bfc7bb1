import { describe, expect, it } from "vitest";
import { agent, closedGate, heldAt, roomy, sqliteStore, tell } from "./story.ts";

/** A thread in which an answer is held at a gate. */
async function busyThread(more: Parameters<typeof tell>[0] = {}) {
  const gate = closedGate();
  const story = await tell({ agents: [agent("k8s-agent", heldAt(gate))], discord: roomy, ...more });
  await story.ana.runs(story.ops, "/k8s", { prompt: "one" });
  const place = await story.thread();
  await story.sees(place, "Looking.");
  return { ...story, place, gate };
}

describe("questions while an answer runs", () => {
  it("wait in line, visibly, and run in order", async () => {
    const { ana, place, gate, sees, hasAsked, asked } = await busyThread();
    await ana.says(place, "two");
    await sees(place, "> two\n  -# ⏳ queued · position 1\n  [Remove]");
    await ana.says(place, "three");
    await sees(place, "> three\n  -# ⏳ queued · position 2");
    expect(asked()).toEqual(["k8s-agent: one"]);
    gate.open();
    expect(await hasAsked(3)).toEqual(["k8s-agent: one", "k8s-agent: two", "k8s-agent: three"]);
    const shown = await sees(place, /(Looking\. All is well\.[\s\S]*){3}/);
    expect(shown).not.toContain("queued");
    expect(shown.indexOf("ana: two")).toBeLessThan(shown.lastIndexOf("All is well."));
  });

  it("say so in the reply to the command itself, until they begin", async () => {
    const { ana, place, gate, sees, message, discord, asked } = await busyThread();
    await ana.runs(place, "/k8s", { prompt: "two" });
    await ana.runs(place, "/k8s", { prompt: "three" });
    await sees(place, /> two .*\n {2}-# ⏳ queued \(position 1\) · k8s-agent · asked by ana\n {2}\[Remove\]/);
    await sees(place, /> three .*\n {2}-# ⏳ queued \(position 2\)/);
    await ana.clicks(await message(place, "> two"), "Remove");
    await sees(place, /> two .*\n {2}-# ✖ removed from the queue/);
    await sees(place, /> three .*\n {2}-# ⏳ queued \(position 1\)/);
    gate.open();
    const shown = await sees(place, /> three .*\n {2}-# ✅ done/);
    expect(shown).not.toContain("[Remove]");
    expect(shown.match(/> three/g)).toHaveLength(1);
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: three"]);
    expect(discord.messages(place).filter((one) => one.content.includes("queued"))).toEqual([]);
  });

  it("move up when one in front is removed, and only its asker or a manager may remove it", async () => {
    const { ana, place, gate, sees, message, discord, hasAsked } = await busyThread();
    const ben = discord.createPerson({ name: "ben" });
    await ana.says(place, "two");
    await sees(place, "> two\n  -# ⏳ queued · position 1");
    await ana.says(place, "three");
    await sees(place, "> three\n  -# ⏳ queued · position 2");
    const notice = await message(place, "> two");
    await ben.clicks(notice, "Remove");
    await sees(place, "Only ana or a server manager can remove this question.", ben);
    await ana.clicks(notice, "Remove");
    await sees(place, /> two .*\n {2}-# ✖ removed from the queue/);
    await sees(place, /> three .*\n {2}-# ⏳ queued · position 1/);
    gate.open();
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: three"]);
  });

  it("follow the edits of their message, and go with it", async () => {
    const { ana, place, gate, sees, hasAsked } = await busyThread();
    const two = await ana.says(place, "two");
    await sees(place, "> two\n  -# ⏳ queued · position 1");
    const three = await ana.says(place, "three");
    await sees(place, "position 2");
    await ana.edits(two, "two, but better");
    await sees(place, /> two, but better .*\n {2}-# ⏳ queued · position 1/);
    await ana.deletes(three);
    await sees(place, /> three .*\n {2}-# ✖ removed from the queue/);
    gate.open();
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: two, but better"]);
  });

  it("are bounded, and the person is told", async () => {
    const { ana, place, gate, sees, hasAsked } = await busyThread({
      yaml: () => "limits:\n  queueLength: 1\n",
    });
    await ana.says(place, "two");
    await sees(place, "queued · position 1");
    await ana.says(place, "three");
    await sees(place, "1 question waits here already");
    const used = await ana.runs(place, "/k8s", { prompt: "four" });
    expect((await used.response()).isEphemeral).toBe(true);
    gate.open();
    expect(await hasAsked(2)).toEqual(["k8s-agent: one", "k8s-agent: two"]);
    await sees(place, /(All is well\.[\s\S]*){2}k8s-agent · \d/);
  });

  it("do not wait for other threads", async () => {
    const { ana, ops, gate, discord, sees } = await busyThread();
    await ana.runs(ops, "/k8s", { prompt: "elsewhere" });
    const other = await discord.until(() => discord.threads(ops)[1]);
    await sees(other, "Looking.");
    gate.open();
    await sees(other, "All is well.");
  });

  it("are still there after a restart, and run then", async () => {
    const store = sqliteStore();
    const { ana, place, gate, sees, hasAsked, asked, startBot, stopBot } = await busyThread({
      env: () => ({ STORE_URL: store }),
    });
    await ana.says(place, "two");
    await sees(place, "> two\n  -# ⏳ queued · position 1");
    await ana.says(place, "three");
    await sees(place, "> three\n  -# ⏳ queued · position 2");
    await stopBot();
    expect(asked()).toEqual(["k8s-agent: one"]);
    await startBot();
    gate.open();
    expect(await hasAsked(3)).toEqual(["k8s-agent: one", "k8s-agent: two", "k8s-agent: three"]);
    const shown = await sees(place, /(Looking\. All is well\.[\s\S]*){3}/);
    expect(shown.match(/Looking\./g)).toHaveLength(3);
    expect(shown).not.toContain("queued");
  });
});
