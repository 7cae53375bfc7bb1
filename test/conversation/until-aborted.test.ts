import { describe, expect, it } from "vitest";
import { untilAborted } from "../../src/conversation/until-aborted.ts";

async function* counting(left: string[]): AsyncGenerator<number> {
  try {
    for (let count = 1; ; count += 1) yield count;
  } finally {
    left.push("left");
  }
}

describe("a stream that can be given up", () => {
  it("passes everything on until the signal is aborted, then leaves its source", async () => {
    const abort = new AbortController();
    const left: string[] = [];
    const seen: number[] = [];
    for await (const item of untilAborted(counting(left), abort.signal)) {
      seen.push(item);
      if (item === 3) abort.abort();
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(left).toEqual(["left"]);
  });

  it("ends although its source never answers", async () => {
    const abort = new AbortController();
    async function* silent(): AsyncGenerator<number> {
      await new Promise(() => {});
      yield 1;
    }
    const reading = collect(silent(), abort.signal);
    abort.abort();
    expect(await reading).toEqual([]);
  });

  it("fails as its source fails", async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("broken");
    }
    await expect(collect(failing(), new AbortController().signal)).rejects.toThrow("broken");
  });
});

async function collect(source: AsyncIterable<number>, signal: AbortSignal): Promise<number[]> {
  const items: number[] = [];
  for await (const item of untilAborted(source, signal)) items.push(item);
  return items;
}
