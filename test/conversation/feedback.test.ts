import { describe, expect, it } from "vitest";
import { type AgentFeedback, createFeedback } from "../../src/conversation/feedback.ts";
import { openStore } from "../../src/store/open.ts";
import { readVoteRow } from "../../src/store/people-rows.ts";
import { silentLog } from "../silent-log.ts";
import { prompt } from "./core.ts";

async function setUp(send: (feedback: AgentFeedback) => Promise<boolean> = async () => true) {
  const store = await openStore("memory:", { clock: { now: () => 0 }, log: silentLog });
  const sent: AgentFeedback[] = [];
  const heard: string[] = [];
  const warnings: string[] = [];
  const feedback = createFeedback({
    votes: store.collection("vote", readVoteRow),
    userIdOf: async ({ place }) => `discord:g:${place.channelId}`,
    async send(_agent, one) {
      sent.push(one);
      return send(one);
    },
    observe: (agent, vote, changed) => heard.push(`${agent.name} ${vote}${changed ? " changed" : ""}`),
    log: { ...silentLog, warn: (_fields, message) => warnings.push(message) },
  });
  return { feedback, sent, heard, warnings };
}

describe("feedback", () => {
  it("takes one vote a person and answer, which may change", async () => {
    const { feedback, heard } = await setUp();
    expect(await feedback.vote(prompt("p1"), "ana", "up")).toBe("noted");
    expect(await feedback.vote(prompt("p1"), "ana", "up")).toBe("same");
    expect(await feedback.vote(prompt("p1"), "ana", "down")).toBe("changed");
    expect(await feedback.vote(prompt("p1"), "ben", "up")).toBe("noted");
    expect(await feedback.vote(prompt("p2"), "ana", "down")).toBe("noted");
    expect(heard).toEqual(["k8s-agent up", "k8s-agent down changed", "k8s-agent up", "k8s-agent down"]);
  });

  it("counts a double click once", async () => {
    const { feedback, heard } = await setUp();
    const outcomes = await Promise.all([1, 2, 3].map(() => feedback.vote(prompt("p1"), "ana", "up")));
    expect(outcomes.toSorted()).toEqual(["noted", "same", "same"]);
    expect(heard).toEqual(["k8s-agent up"]);
  });

  it("tells the controller whose conversation and which turn it is, and nothing of the person", async () => {
    const { feedback, sent } = await setUp();
    await feedback.vote(prompt("p1"), "ana", "up");
    await expect
      .poll(() => sent)
      .toEqual([{ userId: "discord:g:t1", turnId: "p1", vote: "up", changed: false }]);
  });

  it("keeps the vote when the controller cannot be told", async () => {
    const { feedback, warnings } = await setUp(async () => {
      throw new Error("503");
    });
    expect(await feedback.vote(prompt("p1"), "ana", "down")).toBe("noted");
    await expect.poll(() => warnings).toEqual(["feedback did not reach kagent"]);
    expect(await feedback.vote(prompt("p1"), "ana", "down")).toBe("same");
  });
});
