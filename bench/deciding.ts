import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import type { Person } from "../emulator/discord/people/person.ts";
import { type Channel, type Message, messageFlags } from "../emulator/discord/world/model.ts";
import { promptOf, promptTo } from "./agents.ts";
import { seeded, startTimes } from "./load.ts";
import { type Stage, setStage, sleep } from "./stage.ts";

/** How much is decided beside how much that streams. */
export interface DecidingOptions {
  readonly streaming: number;
  readonly pauses: number;
  /** Of each answer that streams. */
  readonly chars: number;
  /** Over which the answers start, in milliseconds. */
  readonly startsOverMs: number;
  readonly seed: number;
}

/** What people felt who decided while answers streamed. Milliseconds. */
export interface DecidingResult {
  readonly streaming: number;
  readonly pauses: number;
  /** From the click to Discord's "the bot has heard it", latency included. */
  readonly acknowledgedP99Ms: number;
  /** From the agent's request on the wire to the card that everybody sees. */
  readonly cardMs: number;
  readonly cardP95Ms: number;
  /** Decisions that were acknowledged and whose answer went on. */
  readonly decided: number;
  readonly tooMany: number;
  readonly complaints: readonly string[];
}

const CLICKS_EACH = 3;
const LIMIT_MS = 20_000;
/** Answers stream for so long before the first pause. */
const WARM_MS = 2_000;

/** Measures clicks and cards while other conversations stream. */
export async function runDeciding(options: DecidingOptions): Promise<DecidingResult> {
  const { streaming, pauses, seed } = options;
  const stage = await setStage({ conversations: streaming + pauses, seed });
  try {
    return await play(options, stage);
  } finally {
    await stage.stop();
  }
}

async function play(options: DecidingOptions, stage: Stage): Promise<DecidingResult> {
  const { streaming, pauses } = options;
  const { discord, channels, agents } = stage;
  const ana = discord.createPerson({ name: "ana" });
  const ben = discord.createPerson({ name: "ben", manager: true });
  const pausedAt = new Map<number, number>();
  agents.onPause((conversation, at) => pausedAt.set(conversation, at));
  const starts = startTimes(streaming, options.startsOverMs, seeded(options.seed));
  const asking = channels.slice(0, streaming).map(async (channel, index) => {
    await sleep(starts[index] ?? 0);
    await ana.runs(channel, "/k8s", { prompt: promptOf("steady", options.chars, index) });
  });
  await sleep(options.startsOverMs + WARM_MS);
  const step = streamingMs(options.chars) / 2 / pauses;
  const felt = await Promise.all(
    channels.slice(streaming).map(async (channel, index) => {
      await sleep(index * step);
      await ana.runs(channel, "/k8s", { prompt: promptTo("pause", index) });
      return decideIn(discord, channel, ben, () => pausedAt.get(index));
    }),
  );
  await Promise.all(asking);
  const cards = felt.map(({ cardMs }) => cardMs).sort(ascending);
  const clicks = felt.flatMap(({ clicksMs }) => clicksMs).sort(ascending);
  return {
    streaming,
    pauses,
    acknowledgedP99Ms: clicks[Math.ceil(clicks.length * 0.99) - 1] ?? 0,
    cardMs: cards.reduce((sum, ms) => sum + ms, 0) / Math.max(1, cards.length),
    cardP95Ms: cards[Math.ceil(cards.length * 0.95) - 1] ?? 0,
    decided: felt.filter(({ isDecided }) => isDecided).length,
    tooMany: discord.counts().tooMany,
    complaints: stage.bot().complaints,
  };
}

/** Opens the form for a reason a few times, then approves; each click is measured. */
async function decideIn(
  discord: LocalDiscord,
  channel: Channel,
  ben: Person,
  paused: () => number | undefined,
) {
  const card = await discord.until(() => cardIn(discord, channel), { within: LIMIT_MS, what: "a card" });
  const cardMs = Date.now() - (paused() ?? Date.now());
  const clicksMs: number[] = [];
  for (let click = 0; click < CLICKS_EACH; click += 1) {
    const clickedAt = Date.now();
    const label = click < CLICKS_EACH - 1 ? "Reject with reason…" : "Approve";
    await (await ben.clicks(card, label)).response();
    clicksMs.push(Date.now() - clickedAt);
    await sleep(300);
  }
  const isDecided = await discord
    .until(() => said(discord, channel).includes("Scaled."), { within: LIMIT_MS, what: "the answer" })
    .catch(() => false);
  return { cardMs, clicksMs, isDecided };
}

/** The card in a channel's thread. */
export function cardIn(discord: LocalDiscord, channel: Channel): Message | undefined {
  return discord
    .threads(channel)
    .flatMap((thread) => discord.messages(thread))
    .find(({ flags }) => (flags & messageFlags.componentsV2) !== 0);
}

/** What the bot has written in a channel's threads. */
export function said(discord: LocalDiscord, channel: Channel): string {
  const messages = discord.threads(channel).flatMap((thread) => discord.messages(thread));
  return messages.map(({ content }) => content).join("\n");
}

/** So long an answer of the steady profile streams. */
function streamingMs(chars: number): number {
  return (chars / 80) * 1_000;
}

function ascending(one: number, other: number): number {
  return one - other;
}
