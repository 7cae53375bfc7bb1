import { describe, expect, it } from "vitest";
import type { Prompt } from "../../src/conversation/prompt.ts";
import { createQueueNotices } from "../../src/conversation/queue-notices.ts";

const prompt: Prompt = {
  id: "p1",
  place: { kind: "thread", channelId: "t1" },
  agent: { cluster: "c", namespace: "kagent", name: "k8s-agent" },
  actor: { id: "ana", name: "ana", roleIds: [], bot: false, manager: false },
  text: "why?",
  files: [],
  createdAt: 1,
};
const at = (position: number) => ({ kind: "position", position }) as const;
const later = () => new Promise((done) => setImmediate(done));

/** Notices whose messages are sent and answered when the test says so. */
function setUp() {
  const posts: { text: string; send(): boolean; answer(id: string | undefined): void }[] = [];
  const stored: string[] = [];
  const notices = createQueueNotices(
    (one, waiting, wanted) =>
      new Promise((resolve) => {
        const position = waiting.kind === "position" ? waiting.position : 0;
        posts.push({
          text: `${one.shownId ?? "new"}: ${one.text} @${position}`,
          send: wanted,
          answer: resolve,
        });
      }),
    async (_promptId, shownId) => void stored.push(shownId),
  );
  return { notices, posts, stored };
}

describe("a notice of a waiting prompt", () => {
  it("is posted once, then edited to the newest state", async () => {
    const { notices, posts, stored } = setUp();
    for (const position of [3, 2, 1]) notices.show(prompt, at(position));
    expect(posts.map((one) => one.text)).toEqual(["new: why? @3"]);
    posts[0]?.answer("m1");
    await later();
    expect(posts.map((one) => one.text)).toEqual(["new: why? @3", "m1: why? @1"]);
    expect(stored).toEqual(["m1"]);
  });

  it("that is on its way is waited for when its prompt begins", async () => {
    const { notices, posts } = setUp();
    notices.show(prompt, at(1));
    expect(posts[0]?.send()).toBe(true);
    const ended = notices.end(prompt);
    posts[0]?.answer("m1");
    expect(await ended).toBe("m1");
  });

  it("that was not sent yet is dropped when its prompt begins, and holds nothing up", async () => {
    const { notices, posts } = setUp();
    notices.show(prompt, at(1));
    posts[0]?.answer("m1");
    await later();
    notices.show({ ...prompt, text: "how?" }, at(1));
    expect(await notices.end(prompt)).toBe("m1");
    expect(posts[1]?.send()).toBe(false);
  });

  it("is said again when its prompt changed", async () => {
    const { notices, posts } = setUp();
    expect(notices.refresh(prompt)).toBe(false);
    notices.show(prompt, at(2));
    posts[0]?.answer("m1");
    await later();
    expect(notices.refresh({ ...prompt, text: "how?" })).toBe(true);
    expect(posts.at(-1)?.text).toBe("m1: how? @2");
  });
});
