import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWatermarks } from "../../../src/discord/gateway/watermarks.ts";
import { readWatermark } from "../../../src/store/catch-up-rows.ts";
import { openStore } from "../../../src/store/open.ts";
import { silentLog } from "../../silent-log.ts";

const at = (messageId: string | number) => ({ channelId: "1", messageId: String(messageId) });

async function begun() {
  const store = await openStore("memory:", { clock: { now: () => 0 }, log: silentLog });
  const rows = store.collection("watermark", readWatermark);
  const watermarks = createWatermarks(rows, silentLog);
  await watermarks.release();
  return { rows, watermarks };
}

describe("a watermark", () => {
  it("does not move when a message arrives, but when it is handled", async () => {
    const { watermarks } = await begun();
    watermarks.heard(at(5));
    expect(await watermarks.of("1")).toBeUndefined();
    await watermarks.handled(at(5));
    expect(await watermarks.of("1")).toBe("5");
    expect(await watermarks.of("2")).toBeUndefined();
  });

  it("stays before a message that is still being dealt with", async () => {
    const { watermarks } = await begun();
    for (const id of [5, 6, 7]) watermarks.heard(at(id));
    await watermarks.handled(at(5));
    await watermarks.handled(at(7));
    expect(await watermarks.of("1")).toBe("5");
    await watermarks.handled(at(6));
    expect(await watermarks.of("1")).toBe("7");
  });

  it("waits while what was lost is looked for", async () => {
    const { watermarks } = await begun();
    watermarks.hold();
    await watermarks.handled(at(5));
    expect(await watermarks.of("1")).toBeUndefined();
    await watermarks.release();
    expect(await watermarks.of("1")).toBe("5");
  });

  it("compares ids as numbers, and never goes back, whoever else moves it", async () => {
    const { rows, watermarks } = await begun();
    await watermarks.handled(at("9"));
    await watermarks.handled(at("10"));
    expect(await watermarks.of("1")).toBe("10");
    const other = createWatermarks(rows, silentLog);
    await other.release();
    await other.handled(at("7"));
    expect(await watermarks.of("1")).toBe("10");
  });

  it("is, in whatever order messages are handled, the newest before all that are open", async () => {
    const step = fc.record({ id: fc.integer({ min: 1, max: 12 }), handled: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { watermarks } = await begun();
        const open = new Set<number>();
        let highest = 0;
        for (const { id, handled } of steps) {
          if (handled) {
            open.delete(id);
            await watermarks.handled(at(id));
          } else if (id > highest) {
            open.add(id);
            watermarks.heard(at(id));
          }
          const mark = Number((await watermarks.of("1")) ?? 0);
          expect(mark).toBeGreaterThanOrEqual(highest);
          expect([...open].filter((one) => one > highest && one <= mark)).toEqual([]);
          highest = mark;
        }
      }),
    );
  });
});
