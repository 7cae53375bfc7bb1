import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { guarded } from "../../src/store/guard.ts";
import { openMemory } from "../../src/store/memory.ts";
import { openStore } from "../../src/store/open.ts";
import { loadAdapter, openSqlite } from "../../src/store/sqlite.ts";
import { needsSqlite } from "../needs.ts";
import { createContext, readNumber } from "./context.ts";

const writer = fileURLToPath(new URL("./writer.ts", import.meta.url));

describe("sqlite store", () => {
  let directory = "";
  const url = () => `sqlite://${directory}/rows.sqlite`;
  beforeEach(async ({ skip }) => {
    needsSqlite(skip);
    directory = await mkdtemp(join(tmpdir(), "store-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const start = (mode: string) =>
    spawn(process.execPath, ["--import", "tsx", writer, url(), mode], {
      stdio: ["ignore", "pipe", "inherit"],
    });

  async function keysIn() {
    const store = await openStore(url(), await createContext());
    const entries = await store.collection("numbers", readNumber).list("");
    await store.close();
    return entries.map((entry) => entry.key);
  }

  it("creates missing directories, keeps rows over a reopening, and leaves no side files when closed", async () => {
    const context = await createContext();
    const path = join(directory, "deep/er/rows.sqlite");
    const first = await openStore(`sqlite://${path}`, context);
    await first.collection("numbers", readNumber).set("one", 1);
    await first.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const second = await openStore(`sqlite://${path}`, context);
    expect(await second.collection("numbers", readNumber).get("one")).toBe(1);
    await second.close();
  });

  it("writes ahead and syncs fully, so that an acknowledged row survives a power loss", async () => {
    const driver = await openSqlite(join(directory, "rows.sqlite"));
    const KeyvSqlite = await loadAdapter();
    const other = new KeyvSqlite({ uri: url() });
    expect(await other.query("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    await other.close();
    await driver.close();
  });

  it("writes rows that Keyv itself can read", async () => {
    const store = await openStore(url(), await createContext());
    await store.collection("numbers", readNumber).set("one", 1);
    const KeyvSqlite = await loadAdapter();
    const { default: Keyv } = await import("keyv");
    const keyv = new Keyv({
      store: new KeyvSqlite({ uri: url() }),
      namespace: "numbers",
      throwOnErrors: true,
    });
    expect(await keyv.get("one")).toBe(1);
    await keyv.disconnect();
    await store.close();
  });

  it("gives each key to one of four processes that open and claim at the same time", async () => {
    const racers = Array.from({ length: 4 }, () => start("race"));
    const outputs = await Promise.all(
      racers.map(async (racer) => {
        const lines: string[] = [];
        for await (const line of createInterface(racer.stdout)) lines.push(line);
        return lines;
      }),
    );
    const won = outputs.flat();
    expect(won).toHaveLength(100);
    expect(new Set(won).size).toBe(100);
  });

  it("has every acknowledged row after its process was killed", async () => {
    const process = start("write");
    const acknowledged: string[] = [];
    for await (const line of createInterface(process.stdout)) {
      acknowledged.push(line);
      if (acknowledged.length === 200) process.kill("SIGKILL");
    }
    if (process.exitCode === null && process.signalCode === null) await once(process, "exit");
    expect(process.signalCode).toBe("SIGKILL");
    expect(await keysIn()).toEqual(expect.arrayContaining(acknowledged));
  });

  it("refuses at start what a newer version has written, and a rollback reads nothing", async () => {
    const context = await createContext();
    await (await openStore(url(), context)).close();
    const KeyvSqlite = await loadAdapter();
    const newer = new KeyvSqlite({ uri: url() });
    await newer.query("INSERT INTO keyv VALUES('turns:1', '{\"schema\":2,\"value\":1}')");
    await newer.close();
    const refusal = expect.stringContaining(
      "newer version of this program (schema 2, this one reads up to 1)",
    );
    await expect(openStore(url(), context)).rejects.toMatchObject({ code: "store-failed", message: refusal });
  });

  it("does not read a row that a newer version writes while this one runs", async () => {
    const store = await openStore(url(), await createContext());
    const KeyvSqlite = await loadAdapter();
    const newer = new KeyvSqlite({ uri: url() });
    await newer.query("INSERT INTO keyv VALUES('numbers:1', '{\"schema\":2,\"value\":1}')");
    await newer.close();
    await expect(store.collection("numbers", readNumber).get("1")).rejects.toMatchObject({
      code: "store-failed",
    });
    await store.close();
  });

  it("ignores text that is not JSON when it claims, sweeps and looks for newer rows", async () => {
    const context = await createContext();
    const first = await openStore(url(), context);
    const KeyvSqlite = await loadAdapter();
    const vandal = new KeyvSqlite({ uri: url() });
    await vandal.query("INSERT INTO keyv VALUES('numbers:1', 'not json')");
    await vandal.close();
    expect(await first.collection("numbers", readNumber).claim("1", 1)).toBe(false);
    await first.close();
    const second = await openStore(url(), context);
    expect(await second.collection("numbers", readNumber).list("")).toEqual([]);
    await second.close();
  });

  it("says what to do when the directory cannot be made or the file is no database", async () => {
    const context = await createContext();
    await writeFile(join(directory, "file"), "x".repeat(2000));
    for (const path of [join(directory, "file/rows.sqlite"), join(directory, "file"), directory]) {
      const opening = openStore(`sqlite://${path}`, context);
      await expect(opening).rejects.toMatchObject({
        code: "store-failed",
        message: expect.stringContaining("SQLite"),
      });
    }
  });

  it("rejects calls after it was closed", async () => {
    const store = await openStore(url(), await createContext());
    await store.close();
    await expect(store.check()).rejects.toMatchObject({ name: "BridgeError", code: "store-failed" });
  });
});

describe("opening a store", () => {
  it("names the missing package and the ways out when the SQLite adapter is not there", async () => {
    const loading = loadAdapter(() => Promise.reject(new Error("Cannot find package '@keyv/sqlite'")));
    await expect(loading).rejects.toMatchObject({
      name: "BridgeError",
      code: "store-failed",
      message: expect.stringMatching(/@keyv\/sqlite.*npm ci.*memory:/),
    });
  });

  it.each(["", "memory", "sqlite:", "sqlite://", "sqlite://:memory:", "sqlite:///tmp/", "redis://x"])(
    "refuses the address %j with a sentence",
    async (address) => {
      const context = await createContext();
      await expect(openStore(address, context)).rejects.toThrow(
        "Write memory: or sqlite://path/to/file.sqlite.",
      );
    },
  );

  it("gives up on a driver that does not answer", async () => {
    const stuck = guarded({ ...openMemory(), read: () => new Promise(() => {}) }, 20);
    await expect(stuck.read("a")).rejects.toMatchObject({
      code: "store-failed",
      message: expect.stringContaining("does not answer"),
    });
    await expect(stuck.write("a", "1")).resolves.toBeUndefined();
  });
});
