import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import type { Channel } from "../emulator/discord/world/model.ts";
import { heldAnswer, promptTo } from "./agents.ts";
import { cardIn, said } from "./deciding.ts";
import { type Stage, setStage, sleep } from "./stage.ts";

/** How many turns are unfinished when the bot is killed: half of them work, half wait for people. */
export interface RecoveryOptions {
  readonly turns: number;
  readonly seed: number;
}

/** What a start made of them. */
export interface RecoveryResult {
  readonly turns: number;
  /** Answers that are whole, and cards that were brought up to date. */
  readonly recovered: number;
  /** From "ready" until the last one, in milliseconds. */
  readonly recoveredMs: number;
  /** 429s since the start. */
  readonly tooMany: number;
  readonly complaints: readonly string[];
}

/** Questions a second, so that asking stays below Discord's limits. */
const ASKED_A_SECOND = 6;
const LIMIT_MS = 60_000;
const SETTLED_MS = 4_000;
/** A person who looks at the clock of Discord's global limit: nothing of before the kill is left in it. */
const DOWN_MS = 1_200;

/** Kills the bot in the middle of so many turns, lets the working ones end meanwhile, and starts it again. */
export async function runRecovery({ turns, seed }: RecoveryOptions): Promise<RecoveryResult> {
  const stage = await setStage({ conversations: turns, seed, durable: true });
  try {
    await begin(stage);
    await stage.kill();
    stage.agents.release();
    await sleep(DOWN_MS);
    const restartedAt = Date.now();
    const tooManyBefore = stage.discord.counts().tooMany;
    await stage.restart();
    const readyAt = Date.now();
    const isBack = (channel: Channel, index: number) =>
      isRecovered(stage.discord, channel, index, restartedAt);
    const back = () => stage.channels.filter(isBack).length;
    while (back() < turns && Date.now() < readyAt + LIMIT_MS) await sleep(50);
    return {
      turns,
      recovered: back(),
      recoveredMs: Date.now() - readyAt,
      tooMany: stage.discord.counts().tooMany - tooManyBefore,
      complaints: stage.bot().complaints,
    };
  } finally {
    await stage.stop();
  }
}

async function begin({ discord, channels }: Stage): Promise<void> {
  const ana = discord.createPerson({ name: "ana" });
  for (const [index, channel] of channels.entries()) {
    await ana.runs(channel, "/k8s", { prompt: promptTo(waits(index) ? "pause" : "hold", index) });
    await sleep(1_000 / ASKED_A_SECOND);
  }
  const hasBegun = (channel: Channel, index: number) =>
    waits(index) ? cardIn(discord, channel) !== undefined : said(discord, channel).includes("And");
  await discord.until(() => channels.every(hasBegun), { within: LIMIT_MS, what: "all turns begun" });
  await sleep(SETTLED_MS);
}

function waits(index: number): boolean {
  return index % 2 === 0;
}

function isRecovered(discord: LocalDiscord, channel: Channel, index: number, since: number): boolean {
  if (waits(index)) return (cardIn(discord, channel)?.editedAt ?? 0) >= since;
  const squeezed = (text: string) => text.replaceAll(/\s/g, "");
  return squeezed(said(discord, channel)).includes(squeezed(heldAnswer(index)));
}
