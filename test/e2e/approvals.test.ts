import { describe, expect, it } from "vitest";
import { pause, type Script, say } from "../../emulator/agent/script.ts";
import { operation } from "../../emulator/agent/tool-call.ts";
import { scaler } from "./pausing.ts";
import { agent, tell } from "./story.ts";

const scale: Script = function* () {
  yield say("I will scale it.");
  const next = yield pause("", operation("k8s_scale", { name: "checkout", replicas: 4 }));
  yield say(`The decision: ${JSON.stringify(next?.decided?.map((one) => one.approved))}.`);
};

describe.each(["go", "python"] as const)("an approval on the %s runtime", (runtime) => {
  it("waits on a card of its own, and the answer goes on below it", async () => {
    const { discord, ana, ops, thread, sees, kagent } = await tell({
      agents: [agent("k8s-agent", scale, { runtime })],
    });
    const boss = discord.createPerson({ name: "boss", manager: true });
    await ana.runs(ops, "/k8s", { prompt: "scale checkout" });
    const place = await thread();
    await sees(place, "k8s_scale");
    const card = await discord.until(
      () => discord.messages(place).find((one) => JSON.stringify(one).includes("Approve")),
      { what: "card" },
    );
    await boss.clicks(card, "Approve");
    await sees(place, "The decision:");
    await sees(ops, "✅ done");
    expect(kagent.decisions.length).toBe(1);
  });
});

describe("the card of a prompt that opened a thread", () => {
  it("links to the message that asked, in the channel above", async () => {
    const { ana, ops, thread, sees } = await tell({ agents: [scaler()] });
    const message = await ana.says(ops, "@bot scale checkout");
    expect(await sees(await thread(), "[Approve]")).toMatch(
      new RegExp(`\\[prompt\\]\\([^)]*/${ops.id}/${message.id}\\)`),
    );
  });
});
