import { describe, expect, it } from "vitest";
import { fail, say, script } from "../../emulator/agent/script.ts";
import { agent, closedGate, heldAt, sqliteStore, tell } from "./story.ts";

/** Fails the first prompt, answers all others. */
function failingOnce() {
  let first = true;
  return agent("k8s-agent", undefined, {
    answer: (turn) => {
      const steps = first ? [say("I begin."), fail("model overloaded")] : [say(`now: ${turn.text}`)];
      first = false;
      return script(...steps);
    },
  });
}

const messageIds = (requests: readonly { readonly body: string }[]) =>
  requests.flatMap((one) => /"messageId":"([^"]+)"/.exec(one.body)?.[1] ?? []);

describe("Try again", () => {
  it("asks the same prompt in a new message, and keeps what was written", async () => {
    const { ana, ops, thread, sees, message, asked, kagent } = await tell({ agents: [failingOnce()] });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    const place = await thread();
    const shown = await sees(place, "[🔁 Try again]");
    expect(shown).toContain("I begin.");
    expect(shown).toContain("❌");
    await sees(ops, "❌ failed");
    await ana.clicks(await message(place, "❌"), "Try again");
    await sees(place, "now: why?");
    await sees(ops, "✅ done");
    expect(asked()).toEqual(["k8s-agent: why?", "k8s-agent: why?"]);
    expect(new Set(messageIds(kagent.requests)).size).toBe(2);
    expect(new Set(kagent.runs().map((run) => run.contextId)).size).toBe(1);
    expect(await sees(place, "I begin.")).not.toContain("[🔁 Try again]");
  });

  it("runs once, however often it is pressed", async () => {
    const { ana, ops, thread, sees, message, asked, discord } = await tell({ agents: [failingOnce()] });
    const ben = discord.createPerson({ name: "ben" });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    const place = await thread();
    await sees(place, "[🔁 Try again]");
    const failed = await message(place, "❌");
    await ana.clicks(failed, "Try again");
    await ben.clicks(failed, "Try again").catch(() => undefined);
    await sees(place, "now: why?");
    await ana.says(place, "next");
    await sees(place, "now: next");
    expect(asked()).toEqual(["k8s-agent: why?", "k8s-agent: why?", "k8s-agent: next"]);
  });

  it("says when the first run may still be going on", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees } = await tell({
      agents: [agent("k8s-agent", heldAt(gate), { runtime: "python" })],
    });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.runs(place, "/stop");
    const shown = await sees(place, "[🔁 Try again]");
    expect(shown).toContain("its run may still be going on");
    gate.open();
  });

  it("still works after a restart", async () => {
    const store = sqliteStore();
    const { ana, ops, thread, sees, message, asked, startBot, stopBot } = await tell({
      agents: [failingOnce()],
      env: () => ({ STORE_URL: store }),
    });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    const place = await thread();
    await sees(ops, "❌ failed");
    await stopBot();
    await startBot();
    await ana.clicks(await message(place, "❌"), "Try again");
    await sees(place, "now: why?");
    expect(asked()).toEqual(["k8s-agent: why?", "k8s-agent: why?"]);
  });

  it("says so when the question is not remembered any more", async () => {
    const { ana, ops, thread, sees, message, asked, startBot, stopBot } = await tell({
      agents: [failingOnce()],
    });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    const place = await thread();
    await sees(ops, "❌ failed");
    await stopBot();
    await startBot();
    await ana.clicks(await message(place, "❌"), "Try again");
    await sees(place, "I no longer remember this question. Ask it again.", ana);
    expect(asked()).toEqual(["k8s-agent: why?"]);
  });
});
