import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenStore, openStore } from "../../src/store/open.ts";
import { needsSqlite } from "../needs.ts";
import { createContext, readNumber } from "./context.ts";

describe.each(["memory", "sqlite"])("store contract: %s", (driver) => {
  beforeEach(({ skip }) => {
    if (driver === "sqlite") needsSqlite(skip);
  });
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function open() {
    const context = await createContext();
    const directory = await mkdtemp(join(tmpdir(), "store-"));
    cleanUps.push(() => rm(directory, { recursive: true }));
    const url = driver === "memory" ? "memory:" : `sqlite://${directory}/rows.sqlite`;
    const store: OpenStore = await openStore(url, context);
    cleanUps.push(() => store.close());
    return { ...context, store, numbers: store.collection("numbers", readNumber) };
  }

  it("gives back what was set, and undefined for what was deleted or never there", async () => {
    const { store, numbers } = await open();
    const things = store.collection("things", (value) => value);
    const value = { z: [1, null, "ä😀'\"\n\0"], a: { y: true, x: 1.5 } };
    await things.set("one", value);
    await numbers.set("one", 1);
    expect(await things.get("one")).toEqual(value);
    expect(await numbers.get("one")).toBe(1);
    await numbers.set("one", 2);
    expect(await numbers.get("one")).toBe(2);
    await numbers.delete("one");
    await numbers.delete("one");
    expect(await numbers.get("one")).toBeUndefined();
    expect(await things.get("one")).toEqual(value);
  });

  it("keeps the order of calls that nobody awaits between", async () => {
    const { numbers } = await open();
    await Promise.all(Array.from({ length: 50 }, (_, index) => numbers.set("last", index)));
    expect(await numbers.get("last")).toBe(49);
  });

  it("lists by prefix in the order of code points, across collections apart", async () => {
    const { store, numbers } = await open();
    const keys = ["b", "a/2", "a/10", "a/", "a", "A/1", "a/\u{1F600}", "a/\uFFFD", "a/é"];
    for (const key of keys) await numbers.set(key, 1);
    await store.collection("numbers-too", readNumber).set("a/1", 1);
    const listed = await numbers.list("a/");
    expect(listed.map((entry) => entry.key)).toEqual(["a/", "a/10", "a/2", "a/é", "a/\uFFFD", "a/\u{1F600}"]);
    expect((await numbers.list("")).length).toBe(keys.length);
    expect(await numbers.list("c")).toEqual([]);
  });

  it("takes every character of a prefix literally", async () => {
    const { numbers } = await open();
    const keys = [
      "a_b:1",
      "axb:1",
      "A_B:1",
      "a%:1",
      "ab:1",
      "a*:1",
      "a[b]:1",
      "a':1",
      "\u{10FFFF}:1",
      "\uD7FFx",
      "\uE000x",
    ];
    for (const key of keys) await numbers.set(key, 1);
    for (const key of keys) {
      const prefix = [...key].slice(0, -1).join("");
      expect((await numbers.list(prefix)).map((entry) => entry.key)).toEqual([key]);
    }
  });

  it("lets exactly one of 50 racers claim a key, for ever", async () => {
    const { numbers, advance } = await open();
    const won = await Promise.all(Array.from({ length: 50 }, (_, index) => numbers.claim("once", index)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await numbers.get("once")).toBe(won.indexOf(true));
    advance(365 * 24 * 3600 * 1000);
    expect(await numbers.claim("once", 99)).toBe(false);
  });

  it("gives an expired claim to exactly one next racer", async () => {
    const { numbers, advance } = await open();
    expect(await numbers.claim("lease", 1, 1000)).toBe(true);
    advance(999);
    expect(await numbers.claim("lease", 2, 1000)).toBe(false);
    advance(1);
    const won = await Promise.all(
      Array.from({ length: 50 }, (_, index) => numbers.claim("lease", index, 1000)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await numbers.get("lease")).toBe(won.indexOf(true));
  });

  it("refuses a claim on a row that was set, and allows it after delete", async () => {
    const { numbers } = await open();
    await numbers.set("taken", 1);
    expect(await numbers.claim("taken", 2)).toBe(false);
    await numbers.delete("taken");
    expect(await numbers.claim("taken", 2)).toBe(true);
  });

  it("swaps only while the stored value equals the expected one, whatever the order of its keys", async () => {
    const { store } = await open();
    const things = store.collection("things", (value) => value);
    await things.set("a", { x: 1, y: [{ b: 2, a: 1 }] });
    expect(await things.cas("a", { x: 1 }, { x: 2 })).toBe(false);
    expect(await things.cas("a", { y: [{ a: 1, b: 2 }], x: 1 }, { x: 2 })).toBe(true);
    expect(await things.get("a")).toEqual({ x: 2 });
    expect(await things.cas("absent", { x: 1 }, { x: 2 })).toBe(false);
    expect(await things.get("absent")).toBeUndefined();
  });

  it("loses no increment of 20 racers that swap until they win", async () => {
    const { numbers } = await open();
    await numbers.set("count", 0);
    const increment = async (): Promise<void> => {
      const count = (await numbers.get("count")) ?? 0;
      if (!(await numbers.cas("count", count, count + 1))) await increment();
    };
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await numbers.get("count")).toBe(20);
  });

  it("swaps although the row only got another expiry, and never an expired row", async () => {
    const { numbers, advance } = await open();
    await numbers.set("row", 1, 1000);
    await numbers.set("row", 1, 2000);
    expect(await numbers.cas("row", 1, 2, 1000)).toBe(true);
    advance(1000);
    expect(await numbers.cas("row", 2, 3)).toBe(false);
    expect(await numbers.get("row")).toBeUndefined();
  });

  it("hides expired rows from get and list; a later set without a TTL stays", async () => {
    const { numbers, advance } = await open();
    await numbers.set("short", 1, 1000);
    await numbers.set("long", 1, 1001);
    await numbers.set("renewed", 1, 1000);
    await numbers.set("renewed", 2);
    advance(1000);
    expect(await numbers.get("short")).toBeUndefined();
    expect((await numbers.list("")).map((entry) => entry.key)).toEqual(["long", "renewed"]);
  });

  it("rejects a row of another shape on get, and lists the others with an error in the log", async () => {
    const { store, numbers, lines } = await open();
    await store.collection("numbers", String).set("bad", "text");
    await numbers.set("good", 1);
    await expect(numbers.get("bad")).rejects.toMatchObject({ name: "BridgeError", code: "store-failed" });
    expect(await numbers.list("")).toEqual([{ key: "good", value: 1 }]);
    expect(lines.records()).toMatchObject([{ level: "error", collection: "numbers", key: "bad" }]);
  });

  it("removes expired rows for good after a while, and its check leaves nothing behind", async () => {
    const { store, numbers, clock, advance } = await open();
    const realNow = clock.now;
    await numbers.set("old", 1, 1000);
    advance(10 * 60 * 1000);
    await numbers.set("new", 1);
    await store.check();
    // Back in time an expired row would be visible again if it were still there.
    clock.now = () => 0;
    expect((await numbers.list("")).map((entry) => entry.key)).toEqual(["new"]);
    expect(await store.collection("store-check", String).list("")).toEqual([]);
    clock.now = realNow;
  });

  it("refuses collection names that could reach into another collection", async () => {
    const { store } = await open();
    for (const name of ["", "a:b", "A", "a_b"]) expect(() => store.collection(name, String)).toThrow("name");
  });
});
