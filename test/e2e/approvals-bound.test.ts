import { describe, expect, it, onTestFinished } from "vitest";
import { pause, type Script, say } from "../../emulator/agent/script.ts";
import { jumpingClock, paused, runtimes, scaler, scaling } from "./pausing.ts";
import { agent } from "./story.ts";

describe.each(runtimes)("what reaches a waiting task of a $name agent", (runtime) => {
  it("is one decision with the ids and the user of its conversation, whoever decides", async () => {
    const options = { agents: [scaler(runtime.agent)], kagent: runtime.kagent };
    const { boss, ana, place, control, sees, hasDecided, kagent } = await paused(options);
    await ana.says(place, "@bot yes, do it");
    await control("Keep waiting");
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, /k8s-agent · .* tool/);
    expect(await hasDecided(1)).toEqual(["approved"]);
    const [run] = kagent.runs();
    const messages = kagent.requests.filter(({ rpc }) => /message|SendStreaming/i.test(rpc?.method ?? ""));
    expect(new Set(messages.map(({ headers }) => headers["x-user-id"])).size).toBe(1);
    const reply = messages.at(-1)?.body;
    expect(reply).toContain(`"taskId":"${run?.taskId}"`);
    expect(reply).toContain(`"contextId":"${run?.contextId}"`);
    expect(messages.map(({ body }) => body).join()).not.toContain("yes, do it");
  });

  it("is nothing when the task waits for something else by now, which gets a card of its own", async () => {
    const clock = jumpingClock();
    const two: Script = function* () {
      yield pause("", scaling(2));
      const reply = yield pause("", scaling(9_000));
      yield say(`Decided: ${reply?.decided?.[0]?.result}.`);
    };
    const { boss, discord, place, control, sees, kagent } = await paused({
      agents: [agent("k8s-agent", two, runtime.agent)],
      kagent: runtime.kagent,
      clock,
    });
    const card = await control("Approve");
    kagent.agent("k8s-agent").decideElsewhere(kagent.runs()[0]?.taskId ?? "", { approved: false });
    await discord.until(() => kagent.runs()[0]?.task.state() === "input-required");
    await boss.clicks(card, "Approve");
    await sees(place, "**Decided elsewhere:**");
    const timer = setInterval(() => clock.advance(1_000), 25);
    onTestFinished(() => clearInterval(timer));
    const next = await discord.until(() =>
      discord
        .messages(place)
        .find((one) => one.id !== card.id && discord.messageText(one).includes("[Approve]")),
    );
    expect(discord.messageText(next)).toContain("replicas: 9000");
    expect(kagent.toolRuns).toEqual([]);
    await boss.clicks(next, "Approve");
    await sees(place, "Decided: scaled to 9000.");
    expect(kagent.toolRuns.map(({ args }) => args.replicas)).toEqual([9_000]);
  });
});

describe("a card", () => {
  it("marks production, shows hidden characters, long values with their ends, and attaches everything", async () => {
    const hidden = {
      ...scaling(),
      args: { name: "check\u202eout", manifest: `kind: Pod\n${"x".repeat(5_000)}` },
    };
    const { place, control, sees } = await paused({
      agents: [scaler({}, [hidden])],
      env: () => ({ KAGENT_BASE_URL: "" }),
      yaml: ({ kagent: { url } }) =>
        `clusters:\n  - { name: prod, baseUrl: "${url}", production: true, color: "#123456" }\n  - { name: spare, baseUrl: "${url}", production: true }\n`,
    });
    const card = await control("Approve");
    const shown = await sees(place, "manifest");
    expect(shown).toContain("on **prod** ⚠️ production");
    expect(JSON.stringify(card.components)).toContain(`"accent_color":${0x123456}`);
    expect(shown).toContain("\\u202e");
    expect(shown).not.toContain("\u202e");
    expect(shown).toContain("> I would do this.");
    expect(card.attachments.map(({ filename }) => filename)).toEqual(["request.json"]);
    expect(Buffer.from(card.attachments[0]?.bytes ?? []).toString()).toContain("x".repeat(5_000));
  });
});
