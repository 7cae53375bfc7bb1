import { describe, expect, it } from "vitest";
import { say, script } from "../../emulator/agent/script.ts";
import { agent, closedGate, heldAt, sqliteStore, tell } from "./story.ts";

describe("a restart of the bot", () => {
  it.each(["go", "python"] as const)(
    "in the middle of an answer of a %s agent goes on in the same message, and doubles nothing",
    async (runtime) => {
      const store = sqliteStore();
      const gate = closedGate();
      const { ana, ops, thread, sees, asked, stopBot, startBot, discord } = await tell({
        agents: [agent("k8s-agent", heldAt(gate, "I look at the pods.", " All are well."), { runtime })],
        env: () => ({ STORE_URL: store }),
      });
      await ana.runs(ops, "/k8s", { prompt: "hello" });
      const place = await thread();
      await sees(place, "I look at the pods.");
      await stopBot();
      await startBot();
      gate.open();
      const shown = await sees(place, /k8s-agent · \d/);
      expect(shown).toContain("I look at the pods. All are well.");
      expect(shown.match(/I look at the pods\./g)).toHaveLength(1);
      const written = discord.messages(place).filter((one) => one.author.bot && one.content !== "");
      expect(written).toHaveLength(1);
      await sees(ops, "✅ done");
      expect(asked()).toEqual(["k8s-agent: hello"]);
    },
  );

  it("shows the answer that came while it was away", async () => {
    const store = sqliteStore();
    const gate = closedGate();
    const { ana, ops, thread, sees, asked, stopBot, startBot, kagent } = await tell({
      agents: [agent("k8s-agent", heldAt(gate, "I look at the pods.", " All are well."))],
      env: () => ({ STORE_URL: store }),
    });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await sees(place, "I look at the pods.");
    await stopBot();
    gate.open();
    await kagent.until(() => kagent.runs()[0]?.live() === false);
    await startBot();
    await sees(place, "I look at the pods. All are well.");
    await sees(ops, "✅ done");
    expect(asked()).toEqual(["k8s-agent: hello"]);
  });

  it("keeps the contexts of conversations", async () => {
    const store = sqliteStore();
    const { ana, ops, thread, sees, stopBot, startBot, kagent } = await tell({
      agents: [
        agent("k8s-agent", undefined, {
          answer: (turn) => script(say(`knows ${turn.history.length} before: ${turn.text}`)),
        }),
      ],
      env: () => ({ STORE_URL: store }),
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(ops, "✅ done");
    await stopBot();
    await startBot();
    await ana.says(place, "two");
    await sees(place, "knows 1 before: two");
    expect(new Set(kagent.runs().map((run) => run.contextId)).size).toBe(1);
  });

  it("leaves the buttons of before working", async () => {
    const store = sqliteStore();
    const gate = closedGate();
    const { ana, ops, thread, sees, message, stopBot, startBot } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
      env: () => ({ STORE_URL: store }),
    });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await sees(place, "Looking.");
    await stopBot();
    await startBot();
    await ana.clicks(await message(place, "Looking."), "Stop");
    await sees(place, "⏹️ Stopped.");
    await sees(ops, "⏹️ stopped");
  });
});
