import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import type { Person } from "../emulator/discord/people/person.ts";
import { flatten } from "../emulator/discord/rules/components.ts";
import { type Channel, type Message, messageFlags } from "../emulator/discord/world/model.ts";
import type { ToldRun } from "./cast.ts";

/** A conversation: one channel, one person who asks in it until an agent hears. */
export interface Talk {
  readonly channel: Channel;
  readonly prompt: string;
  /** How often it had to be asked. */
  asked: number;
}

/** Somebody tried to decide a pause. */
export interface Attempt {
  /** The card as it was then, as one text. */
  readonly card: string;
  readonly isEntitled: boolean;
  readonly verdict: "approve" | "reject" | "answer";
}

/** What people did. */
export interface Doings {
  readonly attempts: Attempt[];
  sentAgain: number;
  triedAgain: number;
}

/** Who is there: `managers` may decide, `stranger` may only ask. */
export interface Crowd {
  readonly asker: Person;
  readonly managers: readonly Person[];
  readonly stranger: Person;
}

const PATIENCE_MS = 9_000;
const LOOK_MS = 120;

/** Asks by a command or a mention, and once more whenever no agent hears of it for some seconds. */
export async function askUntilHeard(
  talk: Talk,
  { crowd, runs, agent, byCommand }: AskOptions,
): Promise<void> {
  const isHeard = () => runs.some((run) => run.prompt.includes(talk.prompt));
  while (!isHeard()) {
    talk.asked += 1;
    const said = byCommand
      ? crowd.asker.runs(talk.channel, `/${agent.replace("-agent", "")}`, { prompt: talk.prompt })
      : crowd.asker.says(talk.channel, `@bot ${talk.prompt}`);
    // Commands are not there before the first start has registered them.
    await said.catch(() => {});
    const until = Date.now() + PATIENCE_MS;
    while (!isHeard() && Date.now() < until) await sleep(LOOK_MS);
  }
}

interface AskOptions {
  readonly crowd: Crowd;
  readonly runs: readonly ToldRun[];
  readonly agent: string;
  readonly byCommand: boolean;
}

/** People click on whatever can be clicked, sooner or later, alone or at the same moment; ends with `signal`. */
export async function clickAway(
  discord: LocalDiscord,
  channels: readonly Channel[],
  options: ClickOptions,
): Promise<void> {
  const next = new Map<string, number>();
  while (!options.signal.aborted) {
    for (const message of clickable(discord, channels)) {
      const at = next.get(message.id) ?? Date.now() + 100 + options.random() * 1_500;
      next.set(message.id, at);
      if (Date.now() < at) continue;
      next.set(message.id, Date.now() + 700 + options.random() * 1_500);
      void touch(message, options);
    }
    await sleep(LOOK_MS);
  }
}

interface ClickOptions {
  readonly crowd: Crowd;
  readonly doings: Doings;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

async function touch(message: Message, options: ClickOptions): Promise<void> {
  const { crowd, doings, random } = options;
  const labels = labelsOf(message);
  const text = cardText(message);
  const one = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const boss = one(crowd.managers) ?? crowd.asker;
  const click = (person: Person, label: string, verdict: Attempt["verdict"]) => {
    doings.attempts.push({ card: text, isEntitled: person !== crowd.stranger, verdict });
    return person.clicks(message, label).catch(() => {});
  };
  if (labels.includes("Try again")) {
    doings.triedAgain += 1;
    await crowd.asker.clicks(message, "Try again").catch(() => {});
  } else if (labels.includes("Send again")) {
    doings.sentAgain += 1;
    await boss.clicks(message, "Send again").catch(() => {});
  } else if (labels.includes("here")) {
    await click(one([...crowd.managers, crowd.asker]) ?? boss, one(["here", "there"]) ?? "here", "answer");
  } else if (labels.includes("Approve all") || labels.includes("Approve")) {
    await decide(labels.includes("Approve all") ? " all" : "", { click, message, text, boss, options });
  }
}

async function decide(all: string, { click, message, text, boss, options }: DecideOptions): Promise<void> {
  const { crowd, random, doings } = options;
  // What only a stranger approves must never run.
  if (isRejected(text)) {
    void click(crowd.stranger, `Approve${all}`, "approve");
    if (all === "" && random() < 0.5) {
      doings.attempts.push({ card: text, isEntitled: true, verdict: "reject" });
      await rejectWithReason(boss, message);
    } else await click(boss, `Reject${all}`, "reject");
    return;
  }
  void click(crowd.stranger, `Reject${all}`, "reject");
  void click(boss, `Approve${all}`, "approve");
  if (random() < 0.4) void click(boss, `Approve${all}`, "approve");
  const other = crowd.managers.find((person) => person !== boss);
  if (other && random() < 0.4) await click(other, `Approve${all}`, "approve");
}

interface DecideOptions {
  readonly click: (person: Person, label: string, verdict: Attempt["verdict"]) => Promise<unknown>;
  readonly message: Message;
  readonly text: string;
  readonly boss: Person;
  readonly options: ClickOptions;
}

/** People agree about which pauses are bad: about a third of them, by their marks. */
function isRejected(card: string): boolean {
  const [, run = "0", pause = "0"] = /mark-r(\d+)p(\d+)-/.exec(card) ?? [];
  return (Number(run) + Number(pause)) % 3 === 0;
}

async function rejectWithReason(person: Person, message: Message): Promise<void> {
  try {
    const form = await (await person.clicks(message, "Reject with reason…")).modal();
    await person.submits(form, { Reason: "not now" });
  } catch {
    // The bot was killed before it could open the form.
  }
}

/** Messages of the bot with buttons that count, in these channels and their threads. */
function clickable(discord: LocalDiscord, channels: readonly Channel[]): readonly Message[] {
  return channels
    .flatMap((channel) => [channel, ...discord.threads(channel)])
    .flatMap((channel) => discord.messages(channel))
    .filter((message) => message.author.id === discord.botId && !message.deleted)
    .filter((message) => message.ephemeralFor === undefined && isOpen(message));
}

/** Whether something on a message waits for people. */
export function isOpen(message: Message): boolean {
  return labelsOf(message).some((label) => OPENING.includes(label));
}

const OPENING: readonly unknown[] = ["Approve", "Approve all", "here", "Send again", "Try again"];

function labelsOf(message: Message): readonly unknown[] {
  return flatten(message.components)
    .filter(({ disabled }) => disabled !== true)
    .map(({ label }) => label);
}

/** Whether a message is a card. */
export function isCard({ flags }: Message): boolean {
  return (flags & messageFlags.componentsV2) !== 0;
}

/** Everything that a card says, as one text. */
export function cardText(message: Message): string {
  return flatten(message.components)
    .flatMap(({ content }) => (typeof content === "string" ? [content] : []))
    .join("\n");
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
