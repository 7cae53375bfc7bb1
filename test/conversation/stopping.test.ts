import { describe, expect, it } from "vitest";
import type { AgentEvent, Outgoing } from "../../src/conversation/agent.ts";
import type { Clock } from "../../src/conversation/ports.ts";
import { counter, gate, later, prompt, ref, setUp } from "./core.ts";

/** Nobody waits long in these tests. */
const hasty: Clock = { now: () => Date.now(), sleep: async () => void (await later()) };
const { place } = prompt("p1");

/** An agent that names each task only when `named` is open, and ends it when `over` is. */
function shyAgent() {
  const named = gate();
  const over = gate();
  const sent: Outgoing[] = [];
  const cancelled: string[] = [];
  async function* rest(): AsyncIterable<AgentEvent> {
    await over.opened;
    yield { kind: "over", outcome: "completed" };
  }
  async function* send(message: Outgoing): AsyncIterable<AgentEvent> {
    sent.push(message);
    await named.opened;
    yield { kind: "task", taskId: `task-${message.text}`, contextId: message.contextId };
    yield { kind: "text", segment: "1", text: "hidden", append: false };
    yield* rest();
  }
  return {
    named,
    over,
    sent,
    cancelled,
    agent: {
      send,
      follow: rest,
      async cancel({ taskId }: { readonly taskId: string }) {
        cancelled.push(taskId);
        return "unsupported" as const;
      },
    },
  };
}

describe("a stop before the agent named its task", () => {
  it("ends the answer at once, and the next question waits visibly until that run is over", async () => {
    const { named, over, sent, cancelled, agent } = shyAgent();
    const { make, stores, shown, notices } = await setUp({ agent, clock: hasty });
    const core = make();
    await core.ask(prompt("p1"));
    await later();
    expect(await core.stop(place)).toBe("still-running");
    await later();
    expect(shown.map((turn) => [turn.state, turn.stillRunning])).toEqual([["stopped", true]]);
    await core.ask(prompt("p2"));
    await later();
    expect(notices).toContain("p2@stopped-run");
    named.open();
    await later();
    expect(cancelled).toEqual(["task-p1"]);
    expect(await stores.turns.list("")).toEqual([]);
    expect(sent).toHaveLength(1);
    over.open();
    await expect.poll(() => sent.map((one) => one.text)).toEqual(["p1", "p2"]);
    expect(new Set(sent.map((one) => one.contextId)).size).toBe(1);
    expect(shown[0]?.output).toEqual([]);
  });

  it("does not hold a question that comes with a fresh context", async () => {
    const { sent, agent } = shyAgent();
    const { make } = await setUp({ agent, clock: hasty });
    const core = make();
    await core.ask(prompt("p1"));
    await later();
    await core.stop(place);
    await core.ask(prompt("p2"));
    await later();
    expect(sent).toHaveLength(1);
    await core.renew(place, ref);
    await expect.poll(() => sent).toHaveLength(2);
    expect(sent[1]?.contextId).not.toBe(sent[0]?.contextId);
  });

  it("takes a fresh context after a restart, when nobody can tell any more what goes on", async () => {
    const { sent, agent } = shyAgent();
    const { make, shown } = await setUp({ agent, clock: hasty });
    const newId = counter();
    const core = make();
    await core.ask(prompt("p1"));
    await later();
    await core.stop(place);
    await core.close();
    // A restart makes other ids.
    for (let index = 0; index < 10; index += 1) newId();
    const next = make({}, newId);
    expect(await next.recover()).toBe(1);
    await next.ask(prompt("p2"));
    await expect.poll(() => sent).toHaveLength(2);
    expect(sent[1]?.contextId).not.toBe(sent[0]?.contextId);
    expect(shown.map((turn) => turn.state)).toEqual(["stopped", "stopped"]);
  });
});

describe("a restart", () => {
  it("in the middle of a stop ends it, and shows nothing that came since", async () => {
    const { named, agent } = shyAgent();
    const cancels: string[] = [];
    const never = gate();
    const slow = {
      ...agent,
      async cancel({ taskId }: { readonly taskId: string }) {
        cancels.push(taskId);
        if (cancels.length === 1) await never.opened;
        return "unsupported" as const;
      },
    };
    const { make, shown, stores } = await setUp({ agent: slow, clock: hasty });
    named.open();
    const core = make();
    await core.ask(prompt("p1"));
    await later();
    void core.stop(place);
    await later();
    await core.close();
    expect(shown).toEqual([]);
    expect(await make().recover()).toBe(1);
    await expect.poll(() => shown.map((turn) => turn.state)).toEqual(["stopped"]);
    expect(shown[0]?.output).toEqual([{ kind: "text", segment: "1", text: "hidden" }]);
    expect(cancels).toEqual(["task-p1", "task-p1"]);
    await expect.poll(() => stores.turns.list("")).toEqual([]);
  });
});
