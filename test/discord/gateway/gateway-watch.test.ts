import { expect, it, onTestFinished } from "vitest";
import { createGatewayWatch } from "../../../src/discord/gateway/gateway-watch.ts";
import { createManualClock } from "../../conversation/manual-clock.ts";
import { silentLog } from "../../silent-log.ts";

const MINUTE = 60_000;

/** A gateway that a test breaks in every way, watched on a clock of the test's own. */
function watched() {
  const clock = createManualClock();
  const state = {
    connected: true,
    acknowledges: true,
    answers: true,
    talks: false,
    members: true,
    beats: 0,
    events: 0,
    asked: 0,
  };
  const tell = () => {
    state.events += 1;
  };
  const canaries: string[] = [];
  let lost = 0;
  const watch = createGatewayWatch({
    line: {
      isConnected: () => state.connected,
      heartbeat: () => state.beats,
      events: () => state.events,
      ask() {
        if (!state.members) return undefined;
        state.asked += 1;
        if (state.answers || state.talks) queueMicrotask(() => tell());
        if (!state.answers) return new Promise(() => {});
        return Promise.resolve();
      },
    },
    clock,
    log: silentLog,
    onCanary: (result) => canaries.push(result),
    onLost: () => {
      lost += 1;
    },
  });
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const running = watch.run(ended.signal);
  return {
    state,
    canaries,
    watch,
    running,
    lost: () => lost,
    /** Time goes by, with a heartbeat every half minute where they are acknowledged. */
    async passes(ms: number) {
      for (let left = ms; left > 0; left -= 30_000) {
        if (state.acknowledges && state.connected) state.beats += 1;
        await clock.advance(Math.min(left, 30_000));
      }
    },
  };
}

it("finds a gateway well that is connected, acknowledges and answers", async () => {
  const { watch, passes, canaries, lost } = watched();
  await passes(20 * MINUTE);
  expect(watch.pulse().alive).toBe(true);
  expect(canaries.length).toBeGreaterThan(4);
  expect(new Set(canaries)).toEqual(new Set(["answered"]));
  expect(lost()).toBe(0);
});

it("finds a gateway that is connected, acknowledges and is silent", async () => {
  const { state, watch, passes, canaries } = watched();
  await passes(MINUTE);
  state.answers = false;
  await passes(4 * MINUTE);
  expect(canaries.slice(0, 2)).toEqual(["silent", "silent"]);
  expect(watch.pulse()).toMatchObject({
    alive: false,
    detail: "It is connected but silent: what must be answered by an event is not.",
  });
  state.answers = true;
  await passes(MINUTE);
  expect(watch.pulse().alive).toBe(true);
});

it("takes any event for an answer", async () => {
  const { state, watch, passes, canaries } = watched();
  state.answers = false;
  state.talks = true;
  await passes(4 * MINUTE);
  expect(state.asked).toBe(1);
  expect(canaries).not.toContain("silent");
  expect(watch.pulse().alive).toBe(true);
});

it("finds heartbeats that are not acknowledged", async () => {
  const { state, watch, passes } = watched();
  await passes(MINUTE);
  state.acknowledges = false;
  await passes(3 * MINUTE);
  expect(watch.pulse()).toMatchObject({ alive: false });
  expect(watch.pulse().detail).toMatch(/^Heartbeats have not been acknowledged for \d+ s\.$/);
});

it("asks nobody where the bot is in no server, and finds the gateway well by its heartbeats", async () => {
  const { state, watch, passes, canaries } = watched();
  state.members = false;
  await passes(10 * MINUTE);
  expect(canaries).toEqual([]);
  expect(watch.pulse().alive).toBe(true);
});

it("gives a gateway up, once, that was not well for ten minutes, and not before", async () => {
  const { state, passes, lost, running } = watched();
  await passes(MINUTE);
  state.connected = false;
  await passes(9 * MINUTE);
  expect(lost()).toBe(0);
  await passes(2 * MINUTE);
  expect(lost()).toBe(1);
  await running;
  await passes(20 * MINUTE);
  expect(lost()).toBe(1);
});

it("begins to count anew whenever the gateway was well in between", async () => {
  const { state, passes, lost } = watched();
  for (let round = 0; round < 3; round += 1) {
    state.connected = false;
    await passes(8 * MINUTE);
    state.connected = true;
    await passes(MINUTE);
  }
  expect(lost()).toBe(0);
});
