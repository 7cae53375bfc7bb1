import { describe, expect, it } from "vitest";
import type { TaskRef } from "../../src/conversation/agent.ts";
import { createContexts } from "../../src/conversation/context.ts";
import type { Store } from "../../src/conversation/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { readPlaceRow } from "../../src/store/rows.ts";
import { silentLog } from "../silent-log.ts";
import { counter, gate, later, prompt, ref, setUp } from "./core.ts";

/** A store whose method waits for the gate first. */
function slow<T>(store: Store<T>, method: "get" | "claim", opened: Promise<void>): Store<T> {
  if (method === "get") return { ...store, get: (key) => opened.then(() => store.get(key)) };
  return { ...store, claim: (key, value, ttl) => opened.then(() => store.claim(key, value, ttl)) };
}

const broken = async (): Promise<never> => {
  throw new Error("disk full");
};

describe("the core", () => {
  it("leaves a prompt in the store that was about to begin when it is closed", async () => {
    const { make, stores, sent } = await setUp();
    const read = gate();
    let reads = 0;
    const conversations = slow(stores.conversations, "get", read.opened);
    const core = make({
      conversations: {
        ...conversations,
        // The second reading is the one with which the turn begins.
        get: (key) => {
          reads += 1;
          return reads < 2 ? stores.conversations.get(key) : conversations.get(key);
        },
      },
    });
    await core.ask(prompt("p1"));
    await later();
    const closed = core.close();
    read.open();
    await closed;
    expect(sent).toEqual([]);
    expect((await stores.queue.list("")).map((row) => row.value.id)).toEqual(["p1"]);
    expect(await stores.turns.list("")).toEqual([]);
  });

  it("begins no run that was stored while it was closed, and does not wait for one", async () => {
    const { make, stores, sent } = await setUp();
    const write = gate();
    const core = make({ asked: slow(stores.asked, "claim", write.opened) });
    await core.ask(prompt("p1"));
    await later();
    const closed = core.close();
    write.open();
    await closed;
    expect(sent).toEqual([]);
  });

  it("keeps no turn in flight of a prompt that could not be started", async () => {
    const { make, stores, shown } = await setUp();
    const core = make({ asked: { ...stores.asked, claim: broken } });
    await core.ask(prompt("p1"));
    await later();
    expect(shown.map((turn) => turn.state)).toEqual(["failed"]);
    expect(await stores.turns.list("")).toEqual([]);
    expect(await make().recover()).toBe(0);
  });

  it("goes on when the notice of a waiting prompt cannot be stored", async () => {
    const { make, stores, sent, notices, answer } = await setUp();
    let writes = 0;
    const core = make({
      queue: {
        ...stores.queue,
        // The third writing is the one of the notice's id.
        set: (key, value) => {
          writes += 1;
          return writes === 3 ? broken() : stores.queue.set(key, value);
        },
      },
    });
    await core.ask(prompt("p1"));
    await core.ask(prompt("p2"));
    await later();
    expect(notices).toEqual(["p2@1"]);
    expect(writes).toBe(3);
    answer.open();
    await later();
    expect(sent).toEqual(["p1", "p2"]);
  });
});

describe("a fresh context", () => {
  const task: TaskRef = { taskId: "t", contextId: "discord-t1-fresh", userId: "u", traceparent: "" };

  it("is not overwritten by the note of a run that was stopped just before", async () => {
    const { stores } = await setUp();
    const read = gate();
    const place = prompt("p1").place;
    const store = await openStore("memory:", { clock: { now: () => 0 }, log: silentLog });
    const places = store.collection("place", readPlaceRow);
    const plain = createContexts(stores.conversations, places, () => "fresh");
    await plain.of(place, ref);
    const held = createContexts(
      {
        ...stores.conversations,
        async get(key) {
          const row = await stores.conversations.get(key);
          await read.opened;
          return row;
        },
      },
      places,
      () => "unused",
    );
    const noted = held.setLeftRunning(place, ref, task);
    const renewed = await createContexts(stores.conversations, places, () => "newer").renew(place, ref);
    read.open();
    await noted;
    expect(await plain.of(place, ref)).toEqual(renewed);
  });

  it("does not wait for a run of the old one", async () => {
    const { stores } = await setUp();
    const store = await openStore("memory:", { clock: { now: () => 0 }, log: silentLog });
    const contexts = createContexts(stores.conversations, store.collection("place", readPlaceRow), counter());
    const { place } = prompt("p1");
    const old = await contexts.of(place, ref);
    const running = { ...task, contextId: old.contextId };
    await contexts.setLeftRunning(place, ref, running);
    expect((await contexts.of(place, ref)).leftRunning).toEqual(running);
    await contexts.renew(place, ref);
    await contexts.setLeftRunning(place, ref, running);
    expect((await contexts.of(place, ref)).leftRunning).toBeUndefined();
  });
});
