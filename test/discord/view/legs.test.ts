import { describe, expect, test } from "vitest";
import type { AgentEvent } from "../../../src/conversation/agent.ts";
import { reduce, resumed, stopped, type Turn } from "../../../src/conversation/turn.ts";
import { renderTurn } from "../../../src/discord/view/render.ts";
import { aCard, operation } from "./a-card.ts";
import { aTurn, COMPLETED, calls, returns, START, says } from "./a-turn.ts";

const HOUR = 3_600_000;
const { request } = aCard([operation("a", { replicas: 4 })]).row;
const asks: AgentEvent = { kind: "waiting", text: "The agent wants to run scale_thing.", request };

const read = (turn: Turn) =>
  renderTurn(turn, { agentLabel: () => "k8s-agent" })
    .messages.map(({ content }) => content)
    .join("\n=====\n");

const paused = aTurn([0, says("I will scale.")], [5, calls("call-a", "scale_thing")], [10, asks]);

function then(turn: Turn, ...events: readonly (readonly [number, AgentEvent])[]): Turn {
  return events.reduce((now, [ms, event]) => reduce(now, event, START + ms), turn);
}

describe("a turn that waits for people", () => {
  test("leaves the question to the card, and shows the call as waiting", () => {
    expect(read(paused)).toBe("I will scale.\n-# ✋ scale\\_thing · asks people first");
    expect(renderTurn(paused, { agentLabel: () => "a" }).messages[0]?.buttons).toEqual([]);
  });

  test("counts several waiting calls", () => {
    const more = Array.from({ length: 9 }, (_, index) => [6, calls(`${index}`, "scale_thing")] as const);
    expect(read(then(aTurn(), ...more, [10, asks]))).toContain("5 asking people first");
  });
});

describe("a turn that goes on after a decision", () => {
  const going = resumed(paused, START + HOUR);

  test("shows only what is new, and times the call from the decision on", () => {
    expect(read(going)).toBe(`-# … scale\\_thing · since <t:${(START + HOUR) / 1000}:R>`);
    const done = then(
      going,
      [HOUR + 2000, returns("call-a")],
      [HOUR + 2500, says("Scaled.", "s2")],
      [HOUR + 3000, COMPLETED],
    );
    expect(read(done)).toBe("-# ✓ scale\\_thing · 2.0 s\nScaled.\n-# k8s-agent · 3.0 s · 1 tool");
  });

  test("counts the tools of all legs, and no time in which it waited", () => {
    const second = then(
      going,
      [HOUR + 1000, returns("call-a")],
      [HOUR + 1000, calls("b", "read")],
      [HOUR + 2000, asks],
    );
    const ended = then(
      resumed(second, START + 9 * HOUR),
      [9 * HOUR + 500, returns("b")],
      [9 * HOUR + 1000, COMPLETED],
    );
    expect(read(ended)).toContain("k8s-agent · 3.0 s · 2 tools");
    expect(renderTurn(ended, { agentLabel: () => "a" }).closing).toBeUndefined();
  });

  test("that is stopped while it waits has not worked meanwhile", () => {
    expect(read(stopped(paused, false, START + HOUR))).toContain("k8s-agent · 10 ms · 1 tool");
  });

  test("says when nothing more comes", () => {
    const silent = resumed(aTurn([0, says("Done so far.")], [1, asks]), START + 5);
    expect(read(silent)).toBe("-# ⏳ k8s-agent goes on");
    expect(read(then(silent, [6, COMPLETED]))).toContain("The agent finished without saying more.");
  });
});
