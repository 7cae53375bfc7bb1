import type { Kagent } from "../emulator/agent/kagent.ts";
import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import type { Channel, Message } from "../emulator/discord/world/model.ts";
import type { ToldPause, ToldRun } from "./cast.ts";
import { type Attempt, cardText, isCard, isOpen } from "./people.ts";

/** What is compared: what agents told, what people did, and what Discord and the agents hold at the end. */
export interface Evidence {
  readonly discord: LocalDiscord;
  readonly kagent: Kagent;
  readonly channels: readonly Channel[];
  readonly runs: readonly ToldRun[];
  readonly attempts: readonly Attempt[];
}

/** The counts of a crash test; `violations` are sentences, none when everything holds. */
export interface Judgement {
  readonly runs: number;
  readonly pauses: number;
  readonly decisions: number;
  readonly refusedDoubles: number;
  readonly toolRuns: number;
  /** Runs that were asked for before their task had a name in the store: found again, or said so. */
  readonly saidLost: number;
  readonly violations: readonly string[];
}

const EFFECTIVE: readonly string[] = ["approved", "rejected", "mixed", "answered"];
const HARMFUL: readonly string[] = ["double", "burned", "failed"];
const LOST = "before the agent confirmed this question";

/** The words of one channel and its threads. */
interface Shown {
  readonly answers: string;
  readonly cards: readonly { readonly text: string; readonly message: Message }[];
  readonly lost: number;
}

/** Holds a finished crash test against everything that must be true after it. */
export function judge(evidence: Evidence): Judgement {
  const { kagent, channels, runs } = evidence;
  const shown = channels.map((channel) => shownIn(evidence.discord, channel));
  const unseen = runs.filter((run) => isUnseen(run, shown));
  const seen = runs.filter((run) => !unseen.includes(run));
  const saidLost = shown.reduce((sum, { lost }) => sum + lost, 0);
  const did = (kinds: readonly string[]) => kagent.decisions.filter((one) => kinds.includes(one.did));
  return {
    runs: runs.length,
    pauses: runs.flatMap(({ pauses }) => pauses).length,
    decisions: did(EFFECTIVE).length,
    refusedDoubles: did(["refused"]).length,
    toolRuns: kagent.toolRuns.length,
    saidLost,
    violations: [
      ...seen.flatMap((run) => textViolations(run, shown)),
      ...seen.flatMap((run) => run.pauses.flatMap((pause) => cardViolations(run, pause, shown))),
      ...seen
        .filter((run) => !run.isOver)
        .map((run) => `${run.taskId} of ${run.agent} never came to its end`),
      ...(unseen.length > saidLost
        ? [`${unseen.length} runs are not shown, but only ${saidLost} said lost`]
        : []),
      ...did(HARMFUL).map((one) => `a reply to ${one.taskId} of ${one.agent} was ${one.did}`),
      ...runs.flatMap((run) => run.pauses.flatMap((pause) => toolViolations(pause, kagent))),
      ...runs.flatMap((run) => run.pauses.flatMap((pause) => rightViolations(pause, evidence.attempts))),
      ...shown.flatMap((one) => restViolations(one)),
    ],
  };
}

function textViolations({ texts, agent }: ToldRun, shown: readonly Shown[]): readonly string[] {
  const all = shown.map(({ answers }) => answers).join("\n");
  return texts.flatMap(({ first, whole, last }) => {
    const begins = count(all, first);
    const ends = count(all, last);
    if (begins !== 1 || ends !== 1)
      return [`${first} (${agent}) is shown ${begins}× at its begin, ${ends}× at its end`];
    return all.includes(squeezed(whole)) ? [] : [`${first} (${agent}) is shown with gaps`];
  });
}

function cardViolations(
  { agent }: ToldRun,
  { mark, decided }: ToldPause,
  shown: readonly Shown[],
): readonly string[] {
  const cards = shown.flatMap((one) => one.cards).filter(({ text }) => text.includes(mark));
  return [
    ...(cards.length === 1 ? [] : [`${mark} (${agent}) has ${cards.length} cards`]),
    ...(decided ? [] : [`${mark} (${agent}) was never decided`]),
    ...cards
      .filter(({ message }) => decided && isOpen(message))
      .map(() => `the card of ${mark} is still open`),
  ];
}

function toolViolations({ calls, decided, mark }: ToldPause, kagent: Kagent): readonly string[] {
  return calls.flatMap(({ id, name }) => {
    const ran = kagent.toolRuns.filter((one) => one.callId === id).length;
    const allowed =
      decided?.find((one) => one.call.id === id)?.approved === true && name !== "ask_user" ? 1 : 0;
    return ran === allowed ? [] : [`${name} of ${mark} ran ${ran}×, allowed ${allowed}×`];
  });
}

/** What was decided is what somebody entitled clicked. */
function rightViolations({ mark, decided }: ToldPause, attempts: readonly Attempt[]): readonly string[] {
  const mine = attempts.filter((one) => one.isEntitled && one.card.includes(mark));
  return (decided ?? []).flatMap(({ approved, answers, reason }) => {
    const verdict = answers ? "answer" : approved ? "approve" : "reject";
    return mine.some((one) => one.verdict === verdict)
      ? []
      : [`nobody entitled chose ${verdict} for ${mark} (${reason ?? ""})`];
  });
}

function restViolations({ answers }: Shown): readonly string[] {
  return answers.includes(squeezed("is working · since"))
    ? ["an answer still says that its agent is working"]
    : [];
}

function isUnseen({ texts }: ToldRun, shown: readonly Shown[]): boolean {
  return !shown.some(({ answers }) => texts.some(({ first }) => answers.includes(first)));
}

function shownIn(discord: LocalDiscord, channel: Channel): Shown {
  const messages = [channel, ...discord.threads(channel)]
    .flatMap((one) => discord.messages(one))
    .filter((one) => one.author.id === discord.botId && !one.deleted && one.ephemeralFor === undefined)
    .filter((one) => one.type !== THREAD_STARTER);
  const cards = messages.filter(isCard).map((message) => ({ text: cardText(message), message }));
  const said = messages.filter((message) => !isCard(message)).map(({ content }) => content);
  const answers = squeezed(said.flatMap((content) => content.split("\n")).join(""));
  return { answers, cards, lost: count(answers, squeezed(LOST)) };
}

/** The message at the top of a thread that stands for the one it was opened from. */
const THREAD_STARTER = 21;

function squeezed(text: string): string {
  return text.replaceAll(/\s/g, "");
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
