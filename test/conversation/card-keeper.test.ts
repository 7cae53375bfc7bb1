import { describe, expect, it } from "vitest";
import { createApprovalBook } from "../../src/conversation/approval-book.ts";
import type { Card } from "../../src/conversation/approval-row.ts";
import { createCardKeeper } from "../../src/conversation/card-keeper.ts";
import type { MessageAddress } from "../../src/conversation/prompt.ts";
import { readApprovalRow, readOutboxRow } from "../../src/store/approval-rows.ts";
import { createCollection } from "../../src/store/collection.ts";
import { openMemory } from "../../src/store/memory.ts";
import { operation, rowOf } from "../discord/gateway/waiting-rows.ts";
import { silentLog } from "../silent-log.ts";

const approval = { rules: [], expiresAfterMs: 1 };

/** A keeper over one waiting pause; `show` is what Discord does, with the number of the attempt. */
async function keeping(show: (card: Card, attempt: number) => Promise<MessageAddress | undefined>) {
  const context = { driver: openMemory(), clock: { now: () => 0 }, log: silentLog };
  const book = createApprovalBook(
    createCollection(context, "approval", readApprovalRow),
    createCollection(context, "decision", readOutboxRow),
  );
  const place = { kind: "thread", channelId: "1", guildId: "2" } as const;
  const row = rowOf("a", place, [operation(0)], "ana", approval);
  await book.enter(row);
  let attempts = 0;
  const cards = {
    show: (card: Card) => {
      attempts += 1;
      return show(card, attempts);
    },
    announce: async () => undefined,
    remind: async () => {},
  };
  const keeper = createCardKeeper({ book, cards, approval, log: silentLog });
  return { keeper, id: row.id, stored: async () => (await book.row(row.id))?.card, attempts: () => attempts };
}

const at = (messageId: string) => ({ channelId: "1", messageId });

describe("a card", () => {
  it("is shown again when it was deleted before its id was stored", async () => {
    const known: (string | undefined)[] = [];
    const scene = await keeping(async (card, attempt) => {
      known.push(card.row.card?.messageId);
      if (attempt > 1) return at("second");
      await scene.keeper.deleted("first");
      return at("first");
    });
    expect(await scene.keeper.refresh(scene.id)).toBe(true);
    expect(known).toEqual([undefined, "first"]);
    expect(await scene.stored()).toEqual(at("second"));
  });

  it("is left alone when another message is deleted meanwhile", async () => {
    const scene = await keeping(async () => {
      await scene.keeper.deleted("another");
      return at("first");
    });
    await scene.keeper.refresh(scene.id);
    expect(scene.attempts()).toBe(1);
  });

  it("is shown again when it is deleted later, and only then", async () => {
    const scene = await keeping(async () => at("first"));
    await scene.keeper.refresh(scene.id);
    await scene.keeper.deleted("another");
    expect(scene.attempts()).toBe(1);
    await scene.keeper.deleted("first");
    expect(scene.attempts()).toBe(2);
  });
});
