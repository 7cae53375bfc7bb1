import { describe, expect, it } from "vitest";
import { tell } from "./story.ts";

const CALLBACK = { method: "POST", route: /\/callback$/ } as const;
const UNKNOWN = { kind: "status", status: 404, code: 10062, message: "Unknown interaction" } as const;

describe("an acknowledgement that is lost", () => {
  it("does not lose the question: the bot token goes on", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell();
    discord.faults.add(CALLBACK, UNKNOWN);
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(await thread(), "heard: hello");
    const shown = await sees(ops, "✅ done · k8s-agent · asked by ana");
    expect(shown).toContain("> hello");
    expect(asked()).toEqual(["k8s-agent: hello"]);
    expect(discord.threads(ops)).toHaveLength(1);
  });

  it("but was taken by Discord is found, and nothing is said twice", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell();
    discord.faults.add(CALLBACK, { kind: "reset", when: "after" });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(await thread(), "heard: hello");
    const shown = await sees(ops, "✅ done · k8s-agent");
    expect(shown.match(/> hello/g)).toHaveLength(1);
    expect(asked()).toEqual(["k8s-agent: hello"]);
  });

  it("of a Stop or Remove click does not lose the click", async () => {
    const { ana, ops, thread, sees, discord, message } = await tell({
      agents: [
        {
          name: "k8s-agent",
          description: "",
          answer: () =>
            function* () {
              yield { step: "text", text: "Looking.", pace: {} };
              yield { step: "silence" };
            },
        },
      ],
    });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    const answer = await message(place, "Looking.");
    discord.faults.add(CALLBACK, UNKNOWN);
    await ana.clicks(answer, "Stop");
    await sees(place, "⏹️ Stopped.");
  });

  it("of the question about production asks it in the channel instead", async () => {
    const { ana, ops, sees, message, asked, discord } = await tell({
      agents: ["k8s-agent-test", "k8s-agent-prod"].map((name) => ({
        name,
        description: "",
        answer: () =>
          function* () {
            yield { step: "text", text: "fine", pace: {} };
          },
      })),
      env: () => ({
        KAGENT_CLUSTERS: "test,prod",
        KAGENT_AGENT_PATTERN: "{agent}-{cluster}",
        KAGENT_PRODUCTION_CLUSTERS: "prod",
      }),
    });
    discord.faults.add(CALLBACK, UNKNOWN);
    await ana.runs(ops, "/k8s", { prompt: "restart it on prod" });
    const question = await message(ops, "production cluster");
    expect(asked()).toEqual([]);
    await ana.clicks(question, "Ask on prod");
    await sees(ops, "✅ done · k8s-agent-prod on prod");
    expect(asked()).toEqual(["k8s-agent-prod: restart it on prod"]);
  });

  it("of an interaction that is delivered twice runs the question once", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell();
    discord.gateway.duplicate();
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await sees(ops, "✅ done");
    await ana.says(place, "next");
    await sees(place, "heard: next");
    expect(asked()).toEqual(["k8s-agent: hello", "k8s-agent: next"]);
    expect(discord.threads(ops)).toHaveLength(1);
    expect(discord.transcript(ops).match(/> hello/g)).toHaveLength(1);
  });

  it("does not matter for an answer that takes longer than the interaction lives", async () => {
    const { ana, ops, thread, sees, discord } = await tell();
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await sees(ops, "✅ done");
    discord.clock.advance(16 * 60_000);
    await ana.says(place, "later");
    await sees(place, "heard: later");
    expect(discord.requests.some((one) => one.path.startsWith("/webhooks/"))).toBe(false);
  });
});
