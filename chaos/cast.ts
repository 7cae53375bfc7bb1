import { seeded } from "../bench/load.ts";
import type { AgentDefinition } from "../emulator/agent/agent.ts";
import { pause, type Script, say, type Turn } from "../emulator/agent/script.ts";
import { askUser, type Decided, type GatedCall, operation } from "../emulator/agent/tool-call.ts";

/** One pause of a run, as its agent knows it. */
export interface ToldPause {
  /** Stands in the arguments or the question, and so on the card, and nowhere else. */
  readonly mark: string;
  readonly calls: readonly GatedCall[];
  /** What became of each call; undefined while it waits. */
  decided: readonly Decided[] | undefined;
}

/** What one run of an agent has said and asked: what people must find in Discord, once. */
export interface ToldRun {
  readonly taskId: string;
  readonly agent: string;
  readonly prompt: string;
  /** Every text begins with its own word and ends with another one. */
  readonly texts: ToldText[];
  readonly pauses: ToldPause[];
  isOver: boolean;
}

/** A text with words of its own at both ends. */
interface ToldText {
  readonly first: string;
  readonly whole: string;
  readonly last: string;
}

const LONG_WORDS = 420;
const SHORT_WORDS = 30;
const QUICK = { tokensPerSecond: 60, tokenSize: 8 } as const;
const TORRENT = { tokensPerSecond: 400, tokenSize: 8 } as const;

/** Agents of both runtimes whose runs pause one to four times; `runs` is filled as they are asked. */
export function createCast(seed: number, runs: ToldRun[]): readonly AgentDefinition[] {
  const random = seeded(seed);
  const answer = (turn: Turn) => scriptOf(turn, runs, random);
  return [
    { name: "go-agent", description: "Refuses a second decision.", runtime: "go", answer },
    { name: "python-agent", description: "Carries out every decision.", runtime: "python", answer },
  ];
}

function scriptOf({ taskId, agent, text }: Turn, runs: ToldRun[], random: () => number): Script {
  return async function* () {
    const run: ToldRun = { taskId, agent, prompt: text, texts: [], pauses: [], isOver: false };
    runs.push(run);
    const name = `r${runs.length}`;
    const pauses = 1 + Math.floor(random() * 4);
    for (let step = 0; step < pauses; step += 1) {
      yield telling(run, `${name}s${step}`, random);
      const mark = `mark-${name}p${step}-`;
      const told: ToldPause = { mark, calls: callsOf(mark, random), decided: undefined };
      run.pauses.push(told);
      const next = yield pause("", told.calls);
      told.decided = next?.decided ?? [];
    }
    yield telling(run, `${name}end`, random);
    run.isOver = true;
  };
}

function telling(run: ToldRun, name: string, random: () => number) {
  const isLong = random() < 0.12;
  const count = isLong ? LONG_WORDS : SHORT_WORDS;
  const words = Array.from({ length: count }, (_, index) => `${name}w${index.toString(36)}`);
  const told = {
    first: `${name}first`,
    whole: `${name}first ${words.join(" ")} ${name}last`,
    last: `${name}last`,
  };
  run.texts.push(told);
  return say(`${told.whole}.`, isLong ? TORRENT : QUICK);
}

function callsOf(mark: string, random: () => number): readonly GatedCall[] {
  const kind = random();
  if (kind < 0.3) return [askUser([{ question: `Where to, ${mark}?`, choices: ["here", "there"] }])];
  const scale = () => operation("k8s_scale", { name: mark, replicas: 3 }, { output: "scaled" });
  if (kind < 0.8) return [scale()];
  return [scale(), operation("k8s_delete_resource", { name: mark, kind: "Pod" }, { output: "deleted" })];
}
