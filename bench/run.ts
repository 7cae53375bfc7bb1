import { type ChildProcess, fork } from "node:child_process";
import { startDiscord } from "../emulator/discord/discord.ts";
import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import { type AgentsReport, type Given, promptOf, tokensOf } from "./agents.ts";
import { type Bot, startBot } from "./bot.ts";
import { type Felt, type Figures, feel, summarise } from "./figures.ts";
import { answerOf, type Profile, type ProfileName, profileOf, seeded, startTimes } from "./load.ts";
import { optimum } from "./optimum.ts";
import { type Watcher, watch } from "./sight.ts";

/** One load to measure. */
export interface RunOptions {
  readonly profile: ProfileName;
  readonly conversations: number;
  readonly chars: number;
  /** Over which the conversations start, in milliseconds. */
  readonly startsOverMs: number;
  readonly seed: number;
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

const LATENCY = { minMs: 60, maxMs: 120 };
const MESSAGE_CHARS = 2_000;
const IDLE_MS = 1_500;
/** After the last agent's end: longer than any wait that Discord's limits can ask for. */
const PATIENCE_MS = 60_000;
/** What stands beside the text may come later; it is waited for, so that it counts. */
const AFTERWARDS_MS = 3_000;
const LOOK_EVERY_MS = 200;

/** Plays one load on a fresh local Discord, a local kagent and the built bot, each in a process of its own. */
export async function runLoad(options: RunOptions): Promise<RunResult> {
  const discord = await startDiscord({ latency: LATENCY, seed: options.seed });
  discord.prepare();
  const agents = await startAgentsProcess();
  const channels = createChannels(discord, options.conversations);
  const bot = await startBot(environment(discord, agents.url));
  try {
    await sleep(IDLE_MS);
    const idleMib = bot.memoryMib();
    return { ...(await play(options, { discord, agents, channels, bot })), idleMib };
  } finally {
    await bot.stop();
    agents.stop();
    await discord.stop();
  }
}

interface Stage {
  readonly discord: LocalDiscord;
  readonly agents: AgentsProcess;
  readonly channels: readonly ReturnType<typeof createChannels>[number][];
  readonly bot: Bot;
}

async function play(options: RunOptions, stage: Stage): Promise<Omit<RunResult, "idleMib">> {
  const { discord, agents, channels, bot } = stage;
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

function createChannels(discord: LocalDiscord, count: number) {
  const guild = discord.createGuild({ name: "bench" });
  return Array.from({ length: count }, (_, index) => guild.createChannel({ name: `bench-${index}` }));
}

function environment(discord: LocalDiscord, kagentUrl: string): Record<string, string> {
  return {
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    KAGENT_BASE_URL: kagentUrl,
    STORE_URL: "memory:",
    LOG_LEVEL: "info",
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

interface AgentsProcess {
  readonly url: string;
  onGiven(listener: (conversation: number, given: readonly Given[]) => void): void;
  stop(): void;
}

/** The agents run apart from Discord, so that neither delays the other. */
function startAgentsProcess(): Promise<AgentsProcess> {
  const child: ChildProcess = fork(new URL("./agents.ts", import.meta.url), {
    execArgv: ["--import", "tsx"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("message", (message: AgentsReport) => {
      if (message.kind !== "ready") return;
      resolve({
        url: message.url,
        onGiven: (listener) =>
          child.on("message", (report: AgentsReport) => {
            if (report.kind === "given") listener(report.conversation, report.given);
          }),
        stop: () => child.disconnect(),
      });
    });
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
