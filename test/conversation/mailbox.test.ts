import { describe, expect, it } from "vitest";
import { createMailbox } from "../../src/conversation/mailbox.ts";
import type { Prompt } from "../../src/conversation/prompt.ts";
import { openStore } from "../../src/store/open.ts";
import { readPrompt } from "../../src/store/rows.ts";
import { silentLog } from "../silent-log.ts";

const actor = { id: "ana", name: "ana", roleIds: [], bot: false, manager: false };
const agent = { cluster: "c", namespace: "kagent", name: "k8s-agent" };
const prompt = (id: string, channelId = "t1", createdAt = Number(id.slice(1))): Prompt => ({
  id,
  place: { kind: "thread", channelId },
  agent,
  actor,
  text: id,
  files: [],
  createdAt,
  discordMessageId: `m-${id}`,
});

/** A mailbox whose runs end when the test says so. */
async function setUp(limit = 10) {
  const store = await openStore("memory:", { clock: { now: () => 0 }, log: silentLog });
  const entries = store.collection("queue", readPrompt);
  const started: Prompt[] = [];
  const waiting: string[] = [];
  const ends = new Map<string, () => void>();
  const mailbox = createMailbox({
    entries,
    limit,
    async run(due) {
      const one = due.take();
      started.push(one);
      await due.stored();
      await new Promise<void>((end) => ends.set(one.id, end));
    },
    onWaiting: (one, position) => waiting.push(`${one.id}@${position}`),
  });
  const end = async (id: string) => {
    ends.get(id)?.();
    await new Promise((later) => setImmediate(later));
  };
  return { mailbox, entries, started, waiting, end };
}

describe("the mailbox", () => {
  it("runs the prompts of one place one at a time, in order", async () => {
    const { mailbox, started, end } = await setUp();
    for (const id of ["p1", "p2", "p3"]) await mailbox.post(prompt(id));
    expect(started.map((one) => one.id)).toEqual(["p1"]);
    await end("p1");
    expect(started.map((one) => one.id)).toEqual(["p1", "p2"]);
    await end("p2");
    expect(started.map((one) => one.id)).toEqual(["p1", "p2", "p3"]);
  });

  it("runs different places side by side", async () => {
    const { mailbox, started } = await setUp();
    await mailbox.post(prompt("p1", "t1"));
    await mailbox.post(prompt("p2", "t2"));
    expect(started).toHaveLength(2);
  });

  it("tells each waiting prompt its position, again when the line moves", async () => {
    const { mailbox, waiting, end } = await setUp();
    for (const id of ["p1", "p2", "p3"]) await mailbox.post(prompt(id));
    expect(waiting).toEqual(["p2@1", "p3@2"]);
    await end("p1");
    expect(waiting.slice(2)).toEqual(["p3@1"]);
  });

  it("refuses more than its limit with a sentence that says what to do", async () => {
    const { mailbox } = await setUp(1);
    await mailbox.post(prompt("p1"));
    await mailbox.post(prompt("p2"));
    await expect(mailbox.post(prompt("p3"))).rejects.toThrow(/Ask again when one is answered/);
  });

  it("changes and removes what still waits, and nothing that runs", async () => {
    const { mailbox, started, end } = await setUp();
    for (const id of ["p1", "p2", "p3"]) await mailbox.post(prompt(id));
    const isThe = (id: string) => (one: Prompt) => one.id === id;
    expect(await mailbox.change(isThe("p2"), (one) => ({ ...one, text: "edited" }))).toBeDefined();
    expect(await mailbox.change(isThe("p1"), (one) => one)).toBeUndefined();
    expect(await mailbox.remove(isThe("p3"))).toMatchObject({ id: "p3" });
    await end("p1");
    await end("p2");
    expect(started.map((one) => one.text)).toEqual(["p1", "edited"]);
  });

  it("keeps waiting prompts in the store, in order, until they are taken", async () => {
    const { mailbox, entries, end } = await setUp();
    for (const id of ["p1", "p3", "p2"]) await mailbox.post(prompt(id));
    expect((await entries.list("")).map((row) => row.value.id)).toEqual(["p2", "p3"]);
    await end("p1");
    expect(await entries.list("")).toHaveLength(1);
  });

  it("starts nothing after it was closed, and leaves what waits in the store", async () => {
    const { mailbox, entries, started, end } = await setUp();
    for (const id of ["p1", "p2"]) await mailbox.post(prompt(id));
    mailbox.close();
    await end("p1");
    await mailbox.idle();
    expect(started).toHaveLength(1);
    expect(await entries.list("")).toHaveLength(1);
  });
});
