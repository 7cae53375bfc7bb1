import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer, Call } from "../../../src/discord/rest/wire.ts";
import { CHANNEL, createEasel, refusal, text } from "./easel.ts";

const isCreate = (call: Call) => call.method === "POST" && call.path.endsWith("/messages");
const isEdit = (call: Call) => call.method === "PATCH" && call.path.includes("/messages/");

describe("the painter", () => {
  it("posts what is there at the moment of sending, and renders once for it", async () => {
    let renders = 0;
    const easel = createEasel({
      render: () => {
        renders += 1;
        return { messages: [text(`state ${shown}`)] };
      },
    });
    let shown = 0;
    for (shown = 1; shown < 100; shown++) easel.painter.show();
    await easel.pass(1_000);
    expect(easel.contents()).toEqual(["state 100"]);
    expect(renders).toBe(1);
    expect(easel.calls).toHaveLength(1);
  });

  it("edits only the messages that changed", async () => {
    const easel = createEasel();
    easel.show("one", "two", "three");
    await easel.pass(2_000);
    easel.show("one", "two!", "three");
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["one", "two!", "three"]);
    expect(easel.calls.filter(isCreate)).toHaveLength(3);
    expect(easel.calls.filter(isEdit)).toHaveLength(1);
  });

  it("removes messages that are no longer needed", async () => {
    const easel = createEasel();
    easel.show("one", "two", "three");
    await easel.pass(2_000);
    easel.show("all");
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["all"]);
    expect(easel.painter.painted().messageIds).toHaveLength(1);
  });

  it("brings a removed message back as a new one", async () => {
    const easel = createEasel();
    easel.show("one", "two");
    await easel.pass(2_000);
    easel.show("one");
    await easel.pass(2_000);
    easel.show("one", "two again");
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["one", "two again"]);
  });

  it("sends nothing when nothing is different", async () => {
    const easel = createEasel();
    easel.show("same");
    await easel.pass(1_000);
    easel.show("same");
    expect(await easel.settle()).toBe(true);
    expect(easel.calls).toHaveLength(1);
  });

  it("settles at once when there is nothing to show", async () => {
    const easel = createEasel();
    expect(await easel.settle()).toBe(true);
    expect(easel.calls).toHaveLength(0);
  });

  it("goes on with the messages of an earlier process", async () => {
    const before = createEasel();
    before.show("one", "tw");
    await before.pass(1_000);
    const painted = before.painter.painted();
    const easel = createEasel({ resume: painted });
    easel.discord.trouble = (call) => (isCreate(call) ? refusal(50035) : { kind: "ok", body: {}, facts: {} });
    easel.show("one", "two");
    expect(await easel.settle()).toBe(true);
    expect(easel.calls.map(({ path }) => path)).toEqual(
      expect.arrayContaining(painted.messageIds.map((id) => `/channels/${CHANNEL}/messages/${id}`)),
    );
    expect(easel.calls.filter(isCreate)).toHaveLength(0);
  });

  it("tells which messages show the turn as soon as they are there", async () => {
    const seen: unknown[] = [];
    const easel = createEasel({ onPainted: (painted) => seen.push(painted) });
    easel.set({ messages: [text("one"), text("two")], closing: { content: "done" } });
    expect(await easel.settle()).toBe(true);
    const [one, two, three] = easel.discord.seen.map(({ messageId }) => messageId);
    expect(seen).toEqual([
      { messageIds: [one] },
      { messageIds: [one, two] },
      { messageIds: [one, two], closingId: three },
    ]);
  });

  it("posts the closing message last, in reply to the prompt, and only once", async () => {
    const easel = createEasel({ replyTo: "prompt" });
    easel.show("working");
    await easel.pass(1_000);
    easel.set({ messages: [text("answer")], closing: { content: "done", pingUserId: "5" } });
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["answer", "done"]);
    expect(easel.calls.at(-1)?.body).toMatchObject({
      message_reference: { message_id: "prompt" },
      allowed_mentions: { users: ["5"] },
    });
    const again = createEasel({ resume: easel.painter.painted() });
    again.set({ messages: [], closing: { content: "done" } });
    expect(await again.settle()).toBe(true);
    expect(again.contents()).toEqual([]);
  });

  it("repeats the closing message as an ordinary one where replies are not allowed", async () => {
    const easel = createEasel({ replyTo: "prompt" });
    easel.discord.trouble = ({ body }) => ("message_reference" in Object(body) ? refusal(160002) : undefined);
    easel.set({ messages: [text("answer")], closing: { content: "done" } });
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["answer", "done"]);
  });
});

describe("the painter, when something goes wrong", () => {
  it("continues in a new message when the old one can no longer be edited", async () => {
    const easel = createEasel();
    easel.show("one", "old");
    await easel.pass(2_000);
    const { messageIds } = easel.painter.painted();
    easel.discord.trouble = (call) =>
      isEdit(call) && call.path.endsWith(messageIds[1] ?? "") ? refusal(30046) : undefined;
    easel.show("one", "old and new");
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["one", "old and new"]);
    expect(easel.painter.painted().messageIds[1]).not.toBe(messageIds[1]);
  });

  it("brings the end of an answer back once when it was deleted, and then lets it go", async () => {
    const easel = createEasel();
    easel.show("one");
    await easel.pass(1_000);
    easel.discord.trouble = (call) => (isEdit(call) ? refusal(10008, 404) : undefined);
    easel.show("one two");
    await easel.pass(1_000);
    expect(easel.calls.filter(isCreate)).toHaveLength(2);
    easel.show("one two three");
    expect(await easel.settle()).toBe(true);
    expect(easel.calls.filter(isCreate)).toHaveLength(2);
  });

  it("leaves an earlier message deleted", async () => {
    const easel = createEasel();
    easel.show("one", "two");
    await easel.pass(2_000);
    const { messageIds } = easel.painter.painted();
    easel.discord.trouble = (call) =>
      isEdit(call) && call.path.endsWith(messageIds[0] ?? "") ? refusal(10008, 404) : undefined;
    easel.show("one!", "two!");
    expect(await easel.settle()).toBe(true);
    expect(easel.calls.filter(isCreate)).toHaveLength(2);
    expect(easel.contents()).toContain("two!");
  });

  it("takes the thread out of the archive and goes on", async () => {
    const easel = createEasel();
    easel.show("one");
    await easel.pass(1_000);
    let archived = true;
    easel.discord.trouble = (call) => {
      if (call.path === `/channels/${CHANNEL}`) archived = false;
      return isEdit(call) && archived ? refusal(50083) : undefined;
    };
    easel.show("one two");
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["one two"]);
    expect(easel.calls).toContainEqual({
      method: "PATCH",
      path: `/channels/${CHANNEL}`,
      body: { archived: false },
    });
  });

  it("gives up on a thread that stays archived", async () => {
    const easel = createEasel({ resume: { messageIds: ["m1"] } });
    easel.discord.trouble = (call) => (isEdit(call) ? refusal(50083) : { kind: "ok", body: {}, facts: {} });
    easel.show("one");
    expect(await easel.settle()).toBe(true);
    expect(easel.lost).toEqual(["locked"]);
    expect(easel.calls.length).toBeLessThan(12);
  });

  it.each([
    [10003, "channel-gone"],
    [50001, "no-permission"],
    [50013, "no-permission"],
    [160005, "locked"],
  ])("gives up after %i, saying %s, without trying again", async (code, reason) => {
    const easel = createEasel();
    easel.discord.trouble = () => refusal(code, 403);
    easel.show("one");
    await easel.pass(1_000);
    easel.show("two");
    expect(await easel.settle()).toBe(true);
    expect(easel.lost).toEqual([reason]);
    expect(easel.calls).toHaveLength(1);
  });

  it("does not repeat a look that Discord refuses, but shows the next", async () => {
    const easel = createEasel();
    easel.discord.trouble = ({ body }) => (Object(body).content === "bad" ? refusal(50035) : undefined);
    easel.show("bad");
    await easel.pass(10_000);
    expect(easel.calls).toHaveLength(1);
    easel.show("good");
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["good"]);
  });

  it("keeps the text when Discord refuses the files", async () => {
    const easel = createEasel();
    easel.discord.trouble = ({ files }) => (files?.length ? refusal(40005, 413) : undefined);
    const file = { name: "a.md", mediaType: "text/markdown", bytes: new Uint8Array(3) };
    easel.set({ messages: [{ content: "text", files: [file], buttons: [] }] });
    expect(await easel.settle()).toBe(true);
    expect(easel.contents()).toEqual(["text"]);
    expect(easel.calls).toHaveLength(2);
  });

  it("gives up after minutes of a Discord that does not answer", async () => {
    const easel = createEasel();
    easel.discord.trouble = () => ({ kind: "broken", reason: "502", facts: {} });
    easel.show("one");
    expect(await easel.settle()).toBe(true);
    expect(easel.lost).toEqual(["unreachable"]);
  });

  it("ends quietly when the scheduler closes", async () => {
    const easel = createEasel();
    easel.show("one");
    easel.scheduler.close();
    expect(await easel.settle()).toBe(true);
    expect(easel.lost).toEqual([]);
  });

  it("survives a renderer that throws", async () => {
    const easel = createEasel({
      render: () => {
        throw new Error("a bug");
      },
    });
    easel.painter.show();
    expect(await easel.settle()).toBe(true);
    expect(easel.lost).toHaveLength(1);
  });

  it("always ends with the last view, whatever the order of failures and delays", async () => {
    const trouble = fc.constantFrom("none", "broken", "lost", "user", "shared", "global", "held");
    const view = fc.array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(view, fc.integer({ min: 0, max: 1_500 })), { minLength: 1, maxLength: 12 }),
        fc.array(trouble, { maxLength: 25 }),
        async (steps, troubles) => {
          const easel = createEasel();
          const queue = [...troubles];
          easel.discord.trouble = () => toAnswer(queue[0] === "lost" ? undefined : queue.shift());
          easel.discord.lose = () => queue[0] === "lost" && queue.shift() === "lost";
          for (const [contents, pause] of steps) {
            easel.show(...contents);
            await easel.pass(pause);
          }
          expect(await easel.settle()).toBe(true);
          expect(easel.contents()).toEqual(steps.at(-1)?.[0]);
          expect(easel.together()).toBeLessThanOrEqual(1);
          expect(easel.discord.refusals).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

function toAnswer(trouble: string | undefined): Answer | undefined {
  const facts = {};
  if (trouble === "broken") return { kind: "broken", reason: "reset", facts };
  if (trouble === "held") return { kind: "held", waitMs: 300 };
  if (trouble === "user" || trouble === "shared" || trouble === "global") {
    return { kind: "limited", refusal: { retryAfterMs: 2_000, scope: trouble }, facts };
  }
  return undefined;
}
