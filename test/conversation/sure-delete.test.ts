import { expect, it } from "vitest";
import type { Store } from "../../src/conversation/ports.ts";
import { deletingSurely } from "../../src/conversation/sure-delete.ts";
import { createManualClock } from "./manual-clock.ts";

/** A store that fails while it is told to, and tells what is in it. */
function failing() {
  const rows = new Map<string, number>([["a", 1]]);
  const state = { fails: true, tries: 0 };
  const store: Store<number> = {
    get: async (key) => rows.get(key),
    list: async () => [...rows].map(([key, value]) => ({ key, value })),
    async set(key, value) {
      rows.set(key, value);
    },
    async delete(key) {
      state.tries += 1;
      if (state.fails) throw new Error("disk full");
      rows.delete(key);
    },
    claim: async () => false,
    cas: async () => false,
  };
  return { store, rows, state };
}

it("tells of the first failure, and deletes as soon as that works again", async () => {
  const { store, rows, state } = failing();
  const clock = createManualClock();
  const sure = deletingSurely(store, clock, new AbortController().signal);
  await expect(sure.delete("a")).rejects.toThrow("disk full");
  await clock.advance(12_000);
  expect([rows.size, state.tries]).toEqual([1, 3]);
  state.fails = false;
  await clock.advance(5_000);
  expect(rows.size).toBe(0);
  await clock.advance(60_000);
  expect(state.tries).toBe(4);
});

it("leaves what is written meanwhile, and ends with its signal", async () => {
  const { store, rows, state } = failing();
  const clock = createManualClock();
  const ending = new AbortController();
  const sure = deletingSurely(store, clock, ending.signal);
  await expect(sure.delete("a")).rejects.toThrow();
  await sure.set("a", 2);
  state.fails = false;
  await clock.advance(20_000);
  expect(rows.get("a")).toBe(2);
  state.fails = true;
  await expect(sure.delete("a")).rejects.toThrow();
  ending.abort();
  state.fails = false;
  await clock.advance(20_000);
  expect(rows.get("a")).toBe(2);
});
