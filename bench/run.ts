import { type Given, promptOf, tokensOf } from "./agents.ts";
import type { Bot } from "./bot.ts";
import { type Felt, type Figures, feel, summarise } from "./figures.ts";
import { answerOf, type Profile, type ProfileName, profileOf, seeded, startTimes } from "./load.ts";
import { optimum } from "./optimum.ts";
import { type Watcher, watch } from "./sight.ts";
import { type Stage, setStage, sleep } from "./stage.ts";

/** One load to measure. */
export interface RunOptions {
  readonly profile: ProfileName;
  readonly conversations: number;
  readonly chars: number;
  /** Over which the conversations start, in milliseconds. */
  readonly startsOverMs: number;
  readonly seed: number;
  /** Environment of the bot, beside what every run has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What one load came to. */
export interface RunResult {
  readonly profile: ProfileName;
  readonly conversations: number;
  readonly correct: number;
  readonly tooMany: number;
  readonly figures: Figures;
  readonly best: Figures;
  readonly requests: number;
  readonly idleMib: number;
  readonly peakMib: number;
  readonly cpuSeconds: number;
  readonly delayP99Ms: number;
  readonly readyMs: number;
  /** Warnings and errors of the bot. */
  readonly complaints: readonly string[];
}

interface Conversation {
  readonly watcher: Watcher;
  given: readonly Given[];
}

const MESSAGE_CHARS = 2_000;
const IDLE_MS = 1_500;
/** After the last agent's end: longer than any wait that Discord's limits can ask for. */
const PATIENCE_MS = 60_000;
/** What stands beside the text may come later; it is waited for, so that it counts. */
const AFTERWARDS_MS = 3_000;
const LOOK_EVERY_MS = 200;

/** Plays one load on a fresh local Discord, a local kagent and the built bot, each in a process of its own. */
export async function runLoad(options: RunOptions): Promise<RunResult> {
  const stage = await setStage(options);
  try {
    await sleep(IDLE_MS);
    const idleMib = stage.bot().memoryMib();
    return { ...(await play(options, stage)), idleMib };
  } finally {
    await stage.stop();
  }
}

async function play(options: RunOptions, stage: Stage): Promise<Omit<RunResult, "idleMib">> {
  const { discord, agents, channels } = stage;
  const bot = stage.bot();
  const profile = profileOf(options.profile, options.chars);
  const person = discord.createPerson({ name: "ana" });
  const conversations: Conversation[] = channels.map((channel, index) => ({
    watcher: watch(discord, channel, answerOf(index, profile.chars)),
    given: [],
  }));
  agents.onGiven((index, given) => {
    const conversation = conversations[index];
    if (conversation) conversation.given = given;
  });
  const before = discord.requests.length;
  const cpuBefore = bot.cpuSeconds();
  bot.resetDelay();
  const memory = watchMemory(bot);
  const starts = startTimes(options.conversations, options.startsOverMs, seeded(options.seed));
  await Promise.all(
    channels.map(async (channel, index) => {
      await sleep(starts[index] ?? 0);
      await person.runs(channel, "/k8s", { prompt: promptOf(options.profile, options.chars, index) });
    }),
  );
  await untilComplete(conversations, profile);
  const cpuSeconds = bot.cpuSeconds() - cpuBefore;
  const requests = discord.requests.slice(before).filter(({ route }) => !route?.endsWith("/callback"));
  return {
    profile: options.profile,
    conversations: options.conversations,
    correct: conversations.filter(({ watcher }) => watcher.isComplete()).length,
    tooMany: discord.counts().tooMany,
    figures: summarise(conversations.map(feltIn)),
    best: bestFor(profile, conversations, requests),
    requests: requests.length,
    peakMib: memory.peak(),
    cpuSeconds,
    delayP99Ms: await bot.delayP99Ms(),
    readyMs: bot.readyMs,
    complaints: bot.complaints,
  };
}

async function untilComplete(conversations: readonly Conversation[], profile: Profile): Promise<void> {
  const isDone = ({ watcher, given }: Conversation) => given.length > 0 && watcher.isComplete();
  const deadline = Date.now() + profile.durationMs + PATIENCE_MS;
  while (Date.now() < deadline && !conversations.every(isDone)) await sleep(LOOK_EVERY_MS);
  await sleep(AFTERWARDS_MS);
}

function feltIn({ watcher, given }: Conversation): Felt {
  return feel({ profile: asGiven(given), firstTokenAt: given[0]?.at ?? 0, sights: watcher.sights });
}

function asGiven(given: readonly Given[]): Profile {
  const tokens = tokensOf(given);
  const chars = tokens.reduce((sum, token) => sum + token.chars, 0);
  return { name: "steady", tokens, chars, durationMs: tokens.at(-1)?.atMs ?? 0 };
}

/** The optimum for the requests that were really made. */
function bestFor(
  profile: Profile,
  conversations: readonly Conversation[],
  requests: readonly { readonly method: string; readonly route?: string }[],
): Figures {
  const of = (method: string, end: RegExp) =>
    requests.filter((request) => request.method === method && end.test(request.route ?? "")).length;
  const first = of("POST", /\/(threads|typing)$/);
  const needed = Math.ceil(profile.chars / MESSAGE_CHARS) * conversations.length;
  const closings = Math.max(0, of("POST", /\/messages$/) - needed);
  const starters = conversations.length;
  return optimum({
    profile,
    firstTokens: conversations.map(({ given }) => given[0]?.at ?? 0),
    before: first,
    after: closings + starters,
    messageChars: MESSAGE_CHARS,
  });
}

function watchMemory(bot: Bot) {
  let peak = bot.memoryMib();
  const timer = setInterval(() => {
    peak = Math.max(peak, bot.memoryMib());
  }, LOOK_EVERY_MS);
  return {
    peak() {
      clearInterval(timer);
      return peak;
    },
  };
}
