import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CONFIGS,
  type Config,
  ENOUGH,
  EXPIRY_MS,
  isEntitled,
  mayAnswer,
  NEEDED,
  PEOPLE,
  planOf,
} from "./approval-cast.ts";
import { askerOf, commands, type Scene, type Tried } from "./approval-commands.ts";
import { createApprovalWorld, idOf } from "./approval-world.ts";
import type { Arrived } from "./pausing-agent.ts";
import { createPausingAgent } from "./pausing-agent.ts";

const RUNS = 200;
const MOST_ROUNDS = 100;
/** It only computes: a machine that others use, too, needs so long (ms). */
const PATIENCE_MS = 90_000;

async function setScene(config: Config): Promise<Scene> {
  const connect = (clock: { now(): number }) => createPausingAgent(clock.now, planOf);
  const { world, agent } = createApprovalWorld(connect, CONFIGS[config]);
  const processes = [await world.start()];
  return { config, world, agent, processes, tried: [], stoppedAt: [], asked: 0 };
}

/** What each decision that reached the agent needs to be right; sentences about those that are not. */
function wrongs(scene: Scene): readonly string[] {
  return scene.agent.arrived.flatMap((arrived) => {
    const id = idOf(arrived.pause);
    const double =
      arrived.did === "double" && !arrived.pause.refusesDoubles ? [`${id} was decided twice`] : [];
    const isRecorded = scene.world.audit.some((one) => one.event === "sent" && one.requestId === id);
    const unknown = isRecorded ? [] : [`${id} left without a record`];
    const tried = scene.tried.filter((one) => one.id === id && one.at <= arrived.at);
    return [...double, ...unknown, ...untrue(scene, arrived), ...unentitled(scene, arrived, tried)];
  });
}

/** The trail must tell of the decision that arrived, and only told of another one that expired afterwards. */
function untrue({ world }: Scene, { pause, decision, did }: Arrived): readonly string[] {
  const id = idOf(pause);
  const all = world.audit.filter((one) => one.requestId === id);
  const records = all.filter(({ by }) => by !== "elsewhere");
  const wins = records.filter(({ event }) => event === "decided" || event === "expired");
  const verdicts = (all: readonly { readonly approved?: boolean }[] = []) =>
    all.map(({ approved }) => approved).join();
  const arrived = pause.items.map((item) => decision.verdicts.find(({ itemId }) => itemId === item.id) ?? {});
  const tells = wins.some(({ items }) => verdicts(items) === verdicts(arrived));
  const kinds = new Set(wins.map(({ event, items }) => `${event} ${verdicts(items)}`));
  const contradicts = kinds.size > 1 && wins.at(-1)?.event !== "expired";
  return [
    ...(tells ? [] : [`${id} was decided otherwise than the evidence tells`]),
    ...(contradicts ? [`the evidence tells of several decisions of ${id}`] : []),
    ...(did === "moved" && all.length > records.length ? [`the evidence denies that ${id} left`] : []),
  ];
}

function unentitled(
  { config, agent, stoppedAt }: Scene,
  { pause, decision, at }: Arrived,
  tried: readonly Tried[],
): readonly string[] {
  const asker = askerOf(placeOf(agent.tasks.find((one) => one.taskId === pause.taskId)?.contextId ?? ""));
  return decision.verdicts.flatMap((verdict) => {
    const index = pause.items.findIndex((one) => one.id === verdict.itemId);
    const about = tried.filter((one) => one.item === "all" || one.item === index);
    const who = (does: Tried["does"]) => [
      ...new Set(
        about
          .filter((one) => one.does === does && isEntitled(config, one.name, asker))
          .map(({ name }) => name),
      ),
    ];
    if (/^No decision within|until this request expired/.test(verdict.reason ?? ""))
      return at >= EXPIRY_MS ? [] : [`${verdict.itemId} expired too early`];
    if (verdict.reason === "Stopped by people in Discord.")
      return stoppedAt.some((one) => one <= at) ? [] : [`nobody stopped ${verdict.itemId}`];
    if (pause.items[index]?.kind === "questions") return wrongAnswers(verdict.answers ?? [], about);
    const enough = verdict.approved ? who("approve").length >= NEEDED[config] : who("reject").length > 0;
    return enough
      ? []
      : [`${verdict.itemId} was ${verdict.approved ? "approved" : "rejected"} by nobody entitled`];
  });
}

function wrongAnswers(answers: readonly (readonly string[])[], about: readonly Tried[]): readonly string[] {
  return answers
    .flat()
    .filter((name) => !about.some((one) => one.does === "answer" && one.name === name && mayAnswer(one.name)))
    .map((name) => `an answer of ${name} who may not answer`);
}

function placeOf(contextId: string): string {
  return /^discord-(place-\d)-/.exec(contextId)?.[1] ?? "";
}

/** The trouble is over: one new process, and everything can be reached. */
async function heal(scene: Scene): Promise<void> {
  const { world, agent, processes } = scene;
  world.storeFaults = 0;
  world.auditFaults = 0;
  world.discord = true;
  agent.away = false;
  agent.faults.length = 0;
  for (const process of processes) process.die();
  processes.push(await world.start());
  await world.clock.advance(150_000);
}

/** Pauses of the agent that nobody in Discord can see or decide. */
function unseen({ world, agent }: Scene): readonly string[] {
  return agent.tasks.flatMap((task) => {
    const pause = agent.pauseOf(task);
    const kind = pause && world.cards.get(idOf(pause))?.kind;
    return !pause || task.isLeft || kind === "open" || kind === "doubtful"
      ? []
      : [`${task.taskId} waits, and its card is ${kind}`];
  });
}

/** People decide whatever they see until nothing goes on any more. */
async function finish(scene: Scene): Promise<void> {
  const { world, agent, processes } = scene;
  const approvals = processes.at(-1)?.approvals;
  for (let round = 0; round < MOST_ROUNDS && (await world.unfinished()) > 0; round += 1) {
    for (const pause of agent.tasks.flatMap((task) => agent.pauseOf(task) ?? [])) {
      const id = idOf(pause);
      const at = pause.items.findIndex((one) => one.kind === "questions");
      for (const name of ENOUGH) {
        scene.tried.push({ id, name, item: "all", does: "approve", at: world.clock.now() });
        await approvals?.decide(id, PEOPLE[name], { item: "all", approved: true });
        await approvals?.sendAgain(id, PEOPLE[name]);
      }
      scene.tried.push({ id, name: "dan", item: at, does: "answer", at: world.clock.now() });
      if (at >= 0) await approvals?.answer(id, PEOPLE.dan, { item: at, question: 0, values: ["dan"] });
    }
    await world.clock.advance(3_000);
  }
}

describe("approvals, whatever happens in whatever order", () => {
  it.each(["managers", "two-of-sre"] as const)(
    "reach the agent once, by right, or wait visibly (%s)",
    async (config) => {
      await fc.assert(
        fc.asyncProperty(commands, async (all) => {
          const scene = await setScene(config);
          await fc.asyncModelRun(() => ({ model: {}, real: scene }), all);
          expect(wrongs(scene)).toEqual([]);
          await heal(scene);
          expect(unseen(scene)).toEqual([]);
          await finish(scene);
          expect(wrongs(scene)).toEqual([]);
          expect(scene.agent.tasks.filter((task) => !task.isLeft && task.at < task.pauses.length)).toEqual(
            [],
          );
          expect(await scene.world.waiting()).toEqual([]);
          expect(await scene.world.unfinished()).toBe(0);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );
});
