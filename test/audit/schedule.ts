import { appendFile, mkdir, mkdtemp, readFile, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOf } from "../../src/audit/files.ts";
import { type AuditHead, readAuditHead } from "../../src/audit/head.ts";
import { openAudit } from "../../src/audit/trail.ts";
import type { Store } from "../../src/conversation/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { createContext } from "../store/context.ts";
import { intercepted } from "./intercepted.ts";
import { KEY, PLAIN, record } from "./sample.ts";

/** Which of `count` possible moves comes next: a number below `count`. */
export type Choose = (count: number) => number;

/** An actor before something that others can see: its start, or a call of the store. */
interface Parked {
  readonly name: string;
  /** Undefined: the start. */
  readonly op: "start" | "get" | "move";
  run(): void;
  /** Ends the process; `late`: the call still reaches the store. */
  die(late: boolean): void;
  /** The bytes that its last append added. */
  appended?: { readonly path: string; readonly from: number; readonly to: number };
  /** What of them is not in the file yet. */
  held?: { readonly path: string; readonly bytes: Buffer };
}

/** What `play` does, besides letting them run. */
export interface Play {
  /** Processes that write one trail. */
  readonly processes: number;
  /** The sizes of the batches that each writes. */
  readonly batches: readonly number[];
  /** How many may be killed. */
  readonly kills: number;
  /** How often an append may be seen half done. */
  readonly halves: number;
  /** Called with the trail at rest, after each move. */
  after?(stage: Pick<Played, "dir" | "heads">): Promise<void>;
}

/** A trail after its processes ended. */
export interface Played {
  readonly dir: string;
  readonly heads: Store<AuditHead>;
  /** The turns whose records were acknowledged. */
  readonly acknowledged: readonly string[];
  /** What was done, for a failure's message. */
  readonly moves: readonly string[];
  /** Opens the trail as one more process, and returns what it said was wrong. */
  reopen(turn: string): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/**
 * Lets the real writers run over one directory and one store, one at a time: from one call of the store to the next. `choose`
 * says whose turn it is, who is killed there, and whose bytes are only half written.
 */
export async function play(plan: Play, choose: Choose): Promise<Played> {
  const { clock, log, lines } = await createContext();
  const parent = await mkdtemp(join(tmpdir(), "audit-"));
  const dir = join(parent, "trail");
  await mkdir(dir);
  const store = await openStore("memory:", { clock, log });
  const heads = store.collection("audit", readAuditHead);
  const acknowledged: string[] = [];
  const moves: string[] = [];
  const parked = new Map<string, Parked>();
  let rested: () => void = () => {};

  /** Waits until the actor that was set going stands still again. */
  async function step(go: () => void): Promise<void> {
    const rest = new Promise<void>((resolve) => {
      rested = resolve;
    });
    go();
    await rest;
  }

  function actor(name: string): void {
    let dead = false;
    function at<R>(op: "get" | "move", run: () => Promise<R>): Promise<R> {
      if (dead) return Promise.reject(new Error("killed"));
      return new Promise((resolve, reject) => {
        parked.set(name, {
          name,
          op,
          run: () => void run().then(resolve, reject),
          die(late) {
            dead = true;
            void (late ? run() : Promise.resolve()).then(() => reject(new Error("killed")), reject);
          },
        });
        rested();
      });
    }
    const through = intercepted(heads, {
      get: (key) => at("get", () => heads.get(key)),
      claim: (...all) => at("move", () => heads.claim(...all)),
      cas: (...all) => at("move", () => heads.cas(...all)),
    });
    async function live(): Promise<void> {
      const trail = await open(through);
      try {
        for (const [batch, size] of plan.batches.entries()) {
          const turns = Array.from({ length: size }, (_, index) => `${name}-${batch}-${index}`);
          await Promise.all(
            turns.map(async (turn) => {
              await trail.write(record(turn));
              acknowledged.push(turn);
            }),
          );
        }
      } finally {
        await trail.close();
      }
    }
    const end = () => rested();
    const start = () => void live().then(end, end);
    parked.set(name, { name, op: "start", run: start, die: () => {} });
  }

  function open(through: Store<AuditHead>) {
    return openAudit({ ...PLAIN, dir, key: KEY }, { heads: through, clock, log, print: () => {} });
  }

  async function sizes(): Promise<ReadonlyMap<string, number>> {
    const paths = await filesOf(dir);
    return new Map(await Promise.all(paths.map(async (path) => [path, (await stat(path)).size] as const)));
  }

  /** Lets an actor go on, and finds what it appended. */
  async function advance(one: Parked): Promise<void> {
    parked.delete(one.name);
    if (one.held) await appendFile(one.held.path, one.held.bytes);
    const before = await sizes();
    await step(one.run);
    const next = parked.get(one.name);
    for (const [path, to] of await sizes()) {
      const from = before.get(path) ?? 0;
      if (next?.op === "move" && to > from) next.appended = { path, from, to };
    }
  }

  /** Takes the end of what an actor has just appended out of its file. */
  async function halve(one: Parked): Promise<void> {
    if (!one.appended) return;
    const { path, from, to } = one.appended;
    const cut = from + choose(to - from);
    one.held = { path, bytes: (await readFile(path)).subarray(cut) };
    await truncate(path, cut);
  }

  let { kills, halves } = plan;
  for (let index = 0; index < plan.processes; index += 1) actor(`p${index}`);
  for (let fresh: Parked | undefined; parked.size > 0; ) {
    const choices: [string, () => Promise<void>][] = [];
    for (const one of parked.values()) {
      choices.push([
        `${one.name} ${one.op}`,
        async () => {
          await advance(one);
          fresh = parked.get(one.name);
        },
      ]);
    }
    const last = fresh;
    if (last?.appended && !last.held && halves > 0) {
      choices.push([
        `${last.name} is half written`,
        async () => {
          halves -= 1;
          await halve(last);
        },
      ]);
    }
    for (const one of kills > 0 ? parked.values() : []) {
      // Elsewhere a death changes nothing that others see.
      if (one.op !== "move") continue;
      for (const late of one.held ? [false] : [false, true]) {
        choices.push([
          `${one.name} dies ${late ? "after" : "before"} ${one.op}`,
          async () => {
            kills -= 1;
            parked.delete(one.name);
            fresh = undefined;
            await step(() => one.die(late));
          },
        ]);
      }
    }
    const [what, move] = choices[choose(choices.length)] ?? [];
    moves.push(what ?? "none");
    await move?.();
    await plan.after?.({ dir, heads });
  }

  return {
    dir,
    heads,
    acknowledged,
    moves,
    async reopen(turn) {
      const from = lines.records().length;
      const trail = await open(heads);
      await trail.write(record(turn));
      acknowledged.push(turn);
      await trail.close();
      return lines
        .records()
        .slice(from)
        .flatMap((line) => (line.level === "error" ? [String(line.msg)] : []));
    },
    remove: () => rm(parent, { recursive: true }),
  };
}
