import { describe, expect, it } from "vitest";
import type { Agent, AgentEvent, TaskRef } from "../../src/conversation/agent.ts";
import { createContexts } from "../../src/conversation/context.ts";
import { createConversations } from "../../src/conversation/conversations.ts";
import type { Replies, Store } from "../../src/conversation/ports.ts";
import type { Prompt } from "../../src/conversation/prompt.ts";
import type { Turn } from "../../src/conversation/turn.ts";
import { openStore } from "../../src/store/open.ts";
import { readConversationRow, readPlaceRow, readPrompt, readTurnRow } from "../../src/store/rows.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { silentLog } from "../silent-log.ts";

const ref = { cluster: "c", namespace: "kagent", name: "k8s-agent" };
const prompt = (id: string): Prompt => ({
  id,
  place: { kind: "thread", channelId: "t1" },
  agent: ref,
  actor: { id: "ana", name: "ana", roleIds: [], bot: false, manager: false },
  text: id,
  files: [],
  discordMessageId: `m-${id}`,
  createdAt: Number(id.slice(1)),
});
const later = () => new Promise((done) => setTimeout(done, 5));

/** Something that goes on when the test says so. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

function counter(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `id${last}`;
  };
}

/** The core on a memory store, with an agent whose runs end when the test says so. */
async function setUp() {
  const store = await openStore("memory:", { clock: { now: () => 0 }, log: silentLog });
  const sent: string[] = [];
  const shown: Turn[] = [];
  const notices: string[] = [];
  const answer = gate();
  async function* run(text: string): AsyncIterable<AgentEvent> {
    sent.push(text);
    yield { kind: "task", taskId: `task-${text}`, contextId: "ctx" };
    await answer.opened;
    yield { kind: "over", outcome: "completed" };
  }
  const agent: Agent = {
    ref,
    send: (message) => run(message.text),
    follow: (task) => run(task.taskId),
    cancel: async () => "unsupported",
  };
  const replies: Replies = {
    open: () => ({
      show: () => {},
      async settle(turn) {
        shown.push(turn);
        return true;
      },
    }),
    async queued(one, waiting, wanted) {
      if (!wanted()) return undefined;
      notices.push(`${one.id}@${waiting.kind === "position" ? waiting.position : waiting.kind}`);
      return `notice-${one.id}`;
    },
    removed: async () => {},
  };
  const stores = {
    turns: store.collection("turn", readTurnRow),
    queue: store.collection("queue", readPrompt),
    asked: store.collection("asked", readPrompt),
    conversations: store.collection("conversation", readConversationRow),
  };
  const make = (over: Partial<typeof stores> = {}) => {
    const all = { ...stores, ...over };
    const nextId = counter();
    return createConversations({
      ...all,
      directory: { list: async () => [], known: () => [], agent: () => agent },
      replies,
      attachments: { fetch: async () => [] },
      contexts: createContexts(all.conversations, store.collection("place", readPlaceRow), nextId),
      clock: systemClock,
      log: silentLog,
      newId: nextId,
      newTraceparent: () => "00-0-0-01",
      queueLimit: 5,
    });
  };
  return { make, stores, sent, shown, notices, answer };
}

/** A store whose method waits for the gate first. */
function slow<T>(store: Store<T>, method: "get" | "set", opened: Promise<void>): Store<T> {
  if (method === "get") return { ...store, get: (key) => opened.then(() => store.get(key)) };
  return { ...store, set: (key, value, ttl) => opened.then(() => store.set(key, value, ttl)) };
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
    const core = make({ asked: slow(stores.asked, "set", write.opened) });
    await core.ask(prompt("p1"));
    await later();
    const closed = core.close();
    write.open();
    await closed;
    expect(sent).toEqual([]);
  });

  it("keeps no turn in flight of a prompt that could not be started", async () => {
    const { make, stores, shown } = await setUp();
    const core = make({ asked: { ...stores.asked, set: broken } });
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
