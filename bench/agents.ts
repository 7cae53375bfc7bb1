import { type Kagent, startKagent } from "../emulator/agent/kagent.ts";
import { type Step, say, type Turn, wait } from "../emulator/agent/script.ts";
import { answerOf, type ProfileName, profileOf, type Token } from "./load.ts";

/** What the agents' process tells its parent. Times are milliseconds since the epoch. */
export type AgentsReport =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "given"; readonly conversation: number; readonly given: readonly Given[] };

/** Characters that were given out at a time. */
export interface Given {
  readonly at: number;
  readonly chars: number;
}

/** The prompt of a conversation; its agent reads from it what to answer. */
export function promptOf(profile: ProfileName, chars: number, conversation: number): string {
  return `Please answer ${profile} ${chars} ${conversation}`;
}

/** From the prompt to the first token. */
const THINKING_MS = 1_000;
const PROMPT = /answer (steady|burst) (\d+) (\d+)/;

/** Starts the local kagent of a benchmark; `report` hears when each answer's characters were given out. */
export async function startAgents(report: (given: AgentsReport) => void): Promise<Kagent> {
  const kagent = await startKagent({
    agents: [
      { name: "k8s-agent", description: "Answers benchmarks.", answer: (turn) => () => answer(turn, report) },
    ],
  });
  report({ kind: "ready", url: kagent.url });
  return kagent;
}

async function* answer(
  turn: Turn,
  report: (given: AgentsReport) => void,
): AsyncGenerator<Step, void, Turn | undefined> {
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
  await startAgents((report) => tell(report));
  process.once("disconnect", () => process.exit(0));
}
