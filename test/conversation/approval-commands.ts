import fc from "fast-check";
import type { InputRequest } from "../../src/conversation/approval.ts";
import { type Config, NAMES, type Name, PEOPLE } from "./approval-cast.ts";
import type { ApprovalWorld, Process } from "./approval-world.ts";
import { idOf } from "./approval-world.ts";
import { ref } from "./core.ts";
import { calm } from "./manual-clock.ts";
import type { Fault, PausingAgent } from "./pausing-agent.ts";

/** Somebody tried something with a pause. */
export interface Tried {
  readonly id: string;
  readonly name: Name;
  readonly item: "all" | number;
  readonly does: "approve" | "reject" | "answer";
  readonly at: number;
}

/** The real thing, with everything that must be remembered to judge it. */
export interface Scene {
  readonly config: Config;
  readonly world: ApprovalWorld;
  readonly agent: PausingAgent;
  /** Alive or dead, oldest first. */
  readonly processes: Process[];
  readonly tried: Tried[];
  readonly stoppedAt: number[];
  asked: number;
}

type Command = fc.AsyncCommand<object, Scene>;

/** A command that can always be run. */
function command(name: string, run: (scene: Scene) => unknown): Command {
  return {
    check: () => true,
    async run(_, scene) {
      await run(scene);
      await calm();
    },
    toString: () => name,
  };
}

/** Who asked in a place. */
export function askerOf(channelId: string): Name {
  return channelId === "place-0" ? "ana" : "bea";
}

/** All pauses that any task ever has, by id. */
function pausesById({ agent }: Scene): ReadonlyMap<string, InputRequest> {
  return new Map(agent.tasks.flatMap((task) => task.pauses.map((pause) => [idOf(pause), pause] as const)));
}

function alive({ processes }: Scene, which: number): Process | undefined {
  const living = processes.filter((one) => one.isAlive());
  return living[which % Math.max(1, living.length)];
}

function cardAt({ world }: Scene, which: number): string | undefined {
  const ids = [...world.cards.keys()];
  return ids.at(-1 - (which % Math.max(1, ids.length)));
}

const small = fc.nat(3);
const name = fc.constantFrom(...NAMES);
const item = fc.constantFrom<"all" | number>("all", "all", 0, 1);
const plan = fc
  .tuple(fc.array(fc.constantFrom("o", "o", "b", "q", "m"), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([kinds, guards]) => `${kinds.join("")}${guards ? "!" : ""}`);

const ask = fc.tuple(fc.nat(2), plan).map(([at, text]) =>
  command(`ask(${at}, ${text})`, (scene) => {
    const channelId = `place-${at}`;
    scene.asked += 1;
    const { actor } = PEOPLE[askerOf(channelId)];
    const place = { kind: "thread", channelId, guildId: "g" } as const;
    const prompt = {
      id: `a${scene.asked}`,
      place,
      agent: ref,
      actor,
      text,
      files: [],
      createdAt: scene.asked,
    };
    void alive(scene, 0)
      ?.conversations.ask(prompt)
      .catch(() => {});
  }),
);

/** One person, or two at the same moment, click on a card: perhaps on one that is over. */
const click = fc
  .record({
    which: small,
    process: small,
    names: fc.array(name, { minLength: 1, maxLength: 2 }),
    item,
    approved: fc.boolean(),
    twice: fc.boolean(),
  })
  .map((one) =>
    command(
      `click(${one.names.join("+")} ${one.approved ? "approves" : "rejects"} ${one.item} of ${one.which}${one.twice ? " twice" : ""})`,
      (scene) => {
        const id = cardAt(scene, one.which);
        if (id === undefined) return;
        const all = one.twice ? [...one.names, ...one.names] : one.names;
        for (const [index, who] of all.entries()) {
          scene.tried.push({
            id,
            name: who,
            item: one.item,
            does: one.approved ? "approve" : "reject",
            at: scene.world.clock.now(),
          });
          // While two processes live, clicks reach either.
          void alive(scene, one.process + index)
            ?.approvals.decide(id, PEOPLE[who], { item: one.item, approved: one.approved })
            .catch(() => {});
        }
      },
    ),
  );

const answer = fc.tuple(small, small, name).map(([which, process, who]) =>
  command(`answer(${who}, ${which})`, (scene) => {
    const id = cardAt(scene, which);
    const pause = pausesById(scene).get(id ?? "");
    const at = pause?.items.findIndex((one) => one.kind === "questions") ?? -1;
    if (id === undefined || at < 0) return;
    scene.tried.push({ id, name: who, item: at, does: "answer", at: scene.world.clock.now() });
    void alive(scene, process)
      ?.approvals.answer(id, PEOPLE[who], { item: at, question: 0, values: [who] })
      .catch(() => {});
  }),
);

const sendAgain = fc.tuple(small, name).map(([which, who]) =>
  command(`sendAgain(${who}, ${which})`, (scene) => {
    const id = cardAt(scene, which);
    if (id !== undefined)
      void alive(scene, 0)
        ?.approvals.sendAgain(id, PEOPLE[who])
        .catch(() => {});
  }),
);

const pass = fc
  .constantFrom(300, 2_000, 2_000, 7_000, 35_000, 70_000, 400_000)
  .map((ms) => command(`pass(${ms})`, ({ world }) => world.clock.advance(ms)));

/** The process dies now, or at one of its next calls of the store; the next one starts later, or at once. */
const kill = fc
  .record({ calls: fc.option(fc.integer({ min: 1, max: 12 })), afterwards: fc.boolean() })
  .map((one) =>
    command(`kill(${one.calls ?? "now"}${one.afterwards ? " afterwards" : ""})`, (scene) => {
      const process = alive(scene, 0);
      if (one.calls === null) process?.die();
      else process?.dieAt(one.calls, one.afterwards);
    }),
  );

/** A process starts; where another one lives, both share the store for a while. */
const start = fc.constant(
  command("start", async (scene) => {
    if (scene.processes.filter((one) => one.isAlive()).length < 2)
      scene.processes.push(await scene.world.start());
  }),
);

const trouble = fc
  .oneof(
    fc.tuple(fc.constant("store" as const), fc.integer({ min: 1, max: 6 })),
    fc.tuple(fc.constant("audit" as const), fc.integer({ min: 1, max: 3 })),
    fc.tuple(fc.constantFrom("agent" as const, "discord" as const), fc.nat(1)),
  )
  .map(([what, count]) =>
    command(`trouble(${what}, ${count})`, ({ world, agent }) => {
      if (what === "store") world.storeFaults = count;
      else if (what === "audit") world.auditFaults = count;
      else if (what === "agent") agent.away = count === 1;
      else world.discord = count === 0;
    }),
  );

const fault = fc
  .constantFrom<Fault>("refused", "lost", "cut", "slow", "dies-before", "dies-after")
  .map((what) => command(`fault(${what})`, ({ agent }) => agent.faults.push(what)));

const elsewhere = small.map((which) =>
  command(`elsewhere(${which})`, ({ agent }) => {
    const waiting = agent.tasks.filter((task) => agent.pauseOf(task));
    const task = waiting[which % Math.max(1, waiting.length)];
    if (task) agent.decideElsewhere(task);
  }),
);

const stop = fc.nat(2).map((at) =>
  command(`stop(${at})`, (scene) => {
    scene.stoppedAt.push(scene.world.clock.now());
    void alive(scene, 0)
      ?.conversations.stop({ kind: "thread", channelId: `place-${at}`, guildId: "g" })
      .catch(() => {});
  }),
);

/** Everything that can happen, the usual more often. */
export const commands = fc.commands(
  [
    ask,
    ask,
    click,
    click,
    click,
    click,
    answer,
    answer,
    sendAgain,
    pass,
    pass,
    pass,
    kill,
    start,
    start,
    trouble,
    fault,
    fault,
    elsewhere,
    stop,
  ],
  { maxCommands: 45, size: "max" },
);
