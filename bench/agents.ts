import { type Kagent, startKagent } from "../emulator/agent/kagent.ts";
import { pause, type Step, say, type Turn, wait } from "../emulator/agent/script.ts";
import { operation } from "../emulator/agent/tool-call.ts";
import { answerOf, type ProfileName, profileOf, type Token } from "./load.ts";

/** What the agents' process tells its parent. Times are milliseconds since the epoch. */
export type AgentsReport =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "given"; readonly conversation: number; readonly given: readonly Given[] }
  /** A run pauses for people: its request is on the wire. */
  | { readonly kind: "paused"; readonly conversation: number; readonly at: number };

/** Characters that were given out at a time. */
export interface Given {
  readonly at: number;
  readonly chars: number;
}

/** The prompt of a conversation; its agent reads from it what to answer. */
export function promptOf(profile: ProfileName, chars: number, conversation: number): string {
  return `Please answer ${profile} ${chars} ${conversation}`;
}

/** A prompt whose run asks to scale something; or says something, is held, and says the rest. */
export function promptTo(what: "pause" | "hold", conversation: number): string {
  return `Please ${what} ${conversation}`;
}

/** What a held run has said at its end. */
export function heldAnswer(conversation: number): string {
  return `${answerOf(conversation, HELD_CHARS)} And ${answerOf(conversation, HELD_CHARS)}`;
}

const HELD_CHARS = 120;

/** From the prompt to the first token. */
const THINKING_MS = 1_000;
const PROMPT = /answer (steady|burst) (\d+) (\d+)/;
const WAITING = /(pause|hold) (\d+)/;

/** Starts the local kagent of a benchmark; `report` hears when each answer's characters were given out. */
export async function startAgents(
  report: (given: AgentsReport) => void,
  released: Promise<void>,
): Promise<Kagent> {
  const kagent = await startKagent({
    agents: [
      {
        name: "k8s-agent",
        description: "Answers benchmarks.",
        answer: (turn) => () => stepsFor(turn, report, released),
      },
    ],
  });
  report({ kind: "ready", url: kagent.url });
  return kagent;
}

type Steps = AsyncGenerator<Step, void, Turn | undefined>;

function stepsFor(turn: Turn, report: (given: AgentsReport) => void, released: Promise<void>): Steps {
  const [, what, conversation = "0"] = WAITING.exec(turn.text) ?? [];
  if (what === "pause") return scale(Number(conversation), report);
  return what === "hold" ? hold(Number(conversation), released) : answer(turn, report);
}

async function* scale(conversation: number, report: (given: AgentsReport) => void): Steps {
  yield say("I will scale it.");
  report({ kind: "paused", conversation, at: Date.now() });
  yield pause("", operation("k8s_scale", { name: `checkout-${conversation}`, replicas: 4 }));
  yield say("Scaled.");
}

async function* hold(conversation: number, released: Promise<void>): Steps {
  yield say(`${answerOf(conversation, HELD_CHARS)} And `);
  await released;
  yield say(answerOf(conversation, HELD_CHARS));
}

async function* answer(turn: Turn, report: (given: AgentsReport) => void): Steps {
  const [, name = "steady", chars = "0", conversation = "0"] = PROMPT.exec(turn.text) ?? [];
  const profile = profileOf(name === "burst" ? "burst" : "steady", Number(chars));
  const text = answerOf(Number(conversation), profile.chars);
  const given: Given[] = [];
  yield wait(THINKING_MS);
  const start = Date.now();
  let sent = 0;
  for (const token of profile.tokens) {
    const early = start + token.atMs - Date.now();
    if (early >= 1) yield wait(early);
    yield say(text.slice(sent, sent + token.chars));
    sent += token.chars;
    given.push({ at: Date.now(), chars: token.chars });
  }
  report({ kind: "given", conversation: Number(conversation), given });
}

/** What was really given out, as tokens after the first. */
export function tokensOf(given: readonly Given[]): readonly Token[] {
  const start = given[0]?.at ?? 0;
  return given.map(({ at, chars }) => ({ atMs: at - start, chars }));
}

if (process.send !== undefined) {
  const tell = process.send.bind(process);
  const released = new Promise<void>((resolve) => {
    process.on("message", (what) => (what === "release" ? resolve() : undefined));
  });
  await startAgents((report) => tell(report), released);
  process.once("disconnect", () => process.exit(0));
}
