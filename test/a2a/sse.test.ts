import fc from "fast-check";
import { expect, test } from "vitest";
import { CallError } from "../../src/a2a/call-error.ts";
import { readEvents } from "../../src/a2a/sse.ts";

function bodyOf(chunks: readonly Uint8Array[]) {
  return {
    async *[Symbol.asyncIterator]() {
      yield* chunks;
    },
    destroy() {},
  };
}

async function read(
  chunks: readonly (string | Uint8Array)[],
  maxEventBytes = 1e6,
  maxStreamBytes = 1e6,
): Promise<string[]> {
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  const events: string[] = [];
  const limits = { maxEventBytes, maxStreamBytes, onBytes: () => {} };
  for await (const batch of readEvents(bodyOf(bytes), limits)) events.push(...batch);
  return events;
}

test("the borders of chunks never matter", async () => {
  const event = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => JSON.stringify({ text }));
  const lineEnd = fc.constantFrom("\n", "\r\n");
  const stream = fc.tuple(
    fc.array(event, { minLength: 1, maxLength: 8 }),
    lineEnd,
    fc.array(fc.nat(400), { maxLength: 12 }),
  );
  await fc.assert(
    fc.asyncProperty(stream, async ([events, end, cuts]) => {
      const text = events.map((data) => `: ping${end}id: 7${end}data: ${data}${end}${end}`).join("");
      const bytes = Buffer.from(text);
      const borders = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
      const chunks = borders.slice(1).map((border, index) => bytes.subarray(borders[index], border));
      expect(await read(chunks)).toEqual(events);
    }),
    { numRuns: 200 },
  );
});

test("a byte order mark does not hide the first event", async () => {
  expect(await read(["\uFEFFdata: 1\n\n"])).toEqual(["1"]);
});

test("several data lines are one event; names, comments and empty events are none", async () => {
  expect(await read(["event: x\ndata: {\ndata: }\n\n: ping\n\ndata:\n\ndata: [DONE]\n\n"])).toEqual(["{\n}"]);
});

test("a JSON body instead of a stream is one event, whatever the borders", async () => {
  expect(await read([" \n", '{"a"', ":1}\n"])).toEqual(['{"a":1}\n']);
});

test("an event that the end of the body cuts is not given out", async () => {
  expect(await read(["data: 1\n\ndata: 2\n"])).toEqual(["1"]);
});

test.each([
  ["an event", ["data: ", "x".repeat(60), "x".repeat(60)], 100, 1e6],
  ["a JSON body", ["{", "x".repeat(60), "x".repeat(60)], 100, 1e6],
  ["a stream", [": ping\n\n".repeat(20)], 1e6, 100],
])("%s above its limit is refused", async (_what, chunks, maxEvent, maxStream) => {
  await expect(read(chunks, maxEvent, maxStream)).rejects.toEqual(new CallError({ kind: "too-large" }));
});

test("a connection that breaks is a cut, after what came before", async () => {
  const broken = {
    async *[Symbol.asyncIterator]() {
      yield Buffer.from("data: 1\n\n");
      throw new Error("socket closed");
    },
    destroy() {},
  };
  const events = readEvents(broken, { maxEventBytes: 100, maxStreamBytes: 100, onBytes: () => {} });
  expect((await events.next()).value).toEqual(["1"]);
  await expect(events.next()).rejects.toMatchObject({ failure: { kind: "cut" } });
});
