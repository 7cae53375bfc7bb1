import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seeded } from "../bench/load.ts";
import { type Kagent, startKagent } from "../emulator/agent/kagent.ts";
import { startDiscord } from "../emulator/discord/discord.ts";
import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import { createCast, type ToldRun } from "./cast.ts";
import { type Judgement, judge } from "./judgement.ts";
import { askUntilHeard, type Crowd, clickAway, type Doings, isOpen, sleep, type Talk } from "./people.ts";
import { runSubcommand, startVictim } from "./victim.ts";

/** How much chaos. */
export interface ChaosOptions {
  readonly kills: number;
  readonly conversations: number;
  readonly seed: number;
  /** The longest that a process lives, in milliseconds. */
  readonly lifeMs: number;
}

/** What a crash test came to. */
export interface ChaosResult extends Judgement {
  readonly kills: number;
  /** Kills before the process was ready again. */
  readonly beforeReady: number;
  /** Kills in the very moment in which something happened at Discord or at an agent. */
  readonly aimed: number;
  readonly conversations: number;
  /** Prompts that had to be asked again because the process that heard them was killed first. */
  readonly askedAgain: number;
  readonly sentAgain: number;
  readonly triedAgain: number;
  /** Unfinished turns found by starts, all together. */
  readonly recovered: number;
  readonly tooMany: number;
  readonly auditRecords: string;
  readonly tookMs: number;
  /** What the bot logged as an error. */
  readonly errors: readonly string[];
}

const LATENCY = { minMs: 10, maxMs: 60 };
/** After every so many kills nobody restarts the bot for a while. */
const OUTAGE_EVERY = 12;
const OUTAGE_MS = 6_000;
/** Longer than a decision in doubt is looked at, twice. */
const DRAIN_MS = 120_000;
const QUIET_MS = 2_500;
/** Before that nobody could hear. */
const FIRST_READY_MS = 1_500;

/** Kills the built bot again and again while people talk to agents that pause, and judges what is left. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const started = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "kagent-discord-chaos-"));
  const runs: ToldRun[] = [];
  const discord = await startDiscord({ latency: LATENCY, seed: options.seed });
  const kagent = await startKagent({ agents: createCast(options.seed, runs) });
  try {
    const scene = setScene({ options, folder, discord, kagent, runs });
    return { ...(await play(scene)), tookMs: Date.now() - started };
  } finally {
    await kagent.stop();
    await discord.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Scene extends Parts {
  readonly talks: readonly Talk[];
  readonly crowd: Crowd;
  readonly env: Readonly<Record<string, string>>;
  readonly doings: Doings;
  readonly lines: string[];
}

interface Parts {
  readonly options: ChaosOptions;
  readonly folder: string;
  readonly discord: LocalDiscord;
  readonly kagent: Kagent;
  readonly runs: ToldRun[];
}

function setScene(parts: Parts): Scene {
  const { options, folder, discord, kagent } = parts;
  const guild = discord.createGuild({ name: "acme" });
  const talks = Array.from({ length: options.conversations }, (_, index) => ({
    channel: guild.createChannel({ name: `talk-${index}` }),
    prompt: `question number ${index}.`,
    asked: 0,
  }));
  const bindings = talks.map(
    ({ channel }, index) => `  - { channelId: "${channel.id}", agent: ${agentOf(index)} }`,
  );
  writeFileSync(join(folder, "config.yaml"), `bindings:\n${bindings.join("\n")}\n`);
  return {
    ...parts,
    talks,
    crowd: {
      asker: discord.createPerson({ name: "ana" }),
      managers: ["ben", "cleo"].map((name) => discord.createPerson({ name, manager: true })),
      stranger: discord.createPerson({ name: "eve" }),
    },
    env: {
      DISCORD_BOT_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      KAGENT_BASE_URL: kagent.url,
      KAGENT_ROUTES: "go=go-agent,python=python-agent",
      CONFIG_FILE: join(folder, "config.yaml"),
      STORE_URL: `sqlite://${join(folder, "store.sqlite")}`,
      AUDIT_DIR: join(folder, "audit"),
      LOG_LEVEL: "info",
      HTTP_PORT: "off",
    },
    doings: { attempts: [], sentAgain: 0, triedAgain: 0 },
    lines: [],
  };
}

function agentOf(index: number): string {
  return index % 2 === 0 ? "go-agent" : "python-agent";
}

async function play(scene: Scene): Promise<Omit<ChaosResult, "tookMs">> {
  const { options, discord, kagent, talks, runs, doings, lines, crowd } = scene;
  const random = seeded(options.seed + 1);
  const over = new AbortController();
  const channels = talks.map(({ channel }) => channel);
  const clicking = clickAway(discord, channels, {
    crowd,
    doings,
    random: seeded(options.seed + 2),
    signal: over.signal,
  });
  const heard = Promise.all(
    talks.map(async (talk, index) => {
      // Evenly over the kills, the first ones at once.
      await sleep(FIRST_READY_MS + (index / talks.length) * options.kills * options.lifeMs * 0.45);
      await askUntilHeard(talk, { crowd, runs, agent: agentOf(index), byCommand: index % 4 < 2 });
    }),
  );
  const counts = await killAgainAndAgain(scene, random);
  const last = startVictim(scene.env, (line) => lines.push(line));
  await last.ready;
  await heard;
  await untilQuiet(scene);
  over.abort();
  await clicking;
  await last.stop();
  const audit = await runSubcommand(["audit", "verify"], scene.env);
  const judgement = judge({ discord, kagent, channels, runs, attempts: doings.attempts });
  return {
    ...judgement,
    ...counts,
    kills: options.kills,
    conversations: talks.length,
    askedAgain: talks.reduce((sum, { asked }) => sum + asked - 1, 0),
    sentAgain: doings.sentAgain,
    triedAgain: doings.triedAgain,
    recovered: lines.reduce((sum, line) => sum + Number(/"recovered":(\d+)/.exec(line)?.[1] ?? 0), 0),
    tooMany: discord.counts().tooMany,
    auditRecords: audit.text.split("\n")[0] ?? "",
    errors: lines.filter((line) => /"level":"(error|fatal)"/.test(line) || !line.startsWith("{")),
    violations: [
      ...judgement.violations,
      ...(audit.code === 0 ? [] : [`audit verify ended with ${audit.code}: ${audit.text}`]),
    ],
  };
}

async function killAgainAndAgain(scene: Scene, random: () => number) {
  const { options, env, lines } = scene;
  let beforeReady = 0;
  let aimed = 0;
  for (let kill = 0; kill < options.kills; kill += 1) {
    const victim = startVictim(env, (line) => lines.push(line));
    await sleep(100 + random() * options.lifeMs);
    const isAimed = random() < 0.5 && victim.isReady();
    const shakeMs = random() * 40;
    if (isAimed) await nextEvent(scene);
    if (isAimed) await sleep(shakeMs);
    if (isAimed) aimed += 1;
    if (!victim.isReady()) beforeReady += 1;
    await victim.kill();
    if (kill % OUTAGE_EVERY === OUTAGE_EVERY - 1) await sleep(OUTAGE_MS);
  }
  return { beforeReady, aimed };
}

/** The next message, edit or reply to a pause; soon in any case. */
function nextEvent({ discord, kagent }: Scene): Promise<void> {
  const decisions = kagent.decisions.length;
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      clearInterval(looking);
      stop();
      resolve();
    };
    const timer = setTimeout(done, AIM_MS);
    const looking = setInterval(() => (kagent.decisions.length > decisions ? done() : undefined), 2);
    const stop = discord.onChange((change) => ("message" in change ? done() : undefined));
  });
}

const AIM_MS = 600;

/** Nothing is open, every run that anybody sees is over, and Discord has not changed for a while. */
async function untilQuiet({ discord, talks, runs }: Scene): Promise<void> {
  let changed = Date.now();
  const stop = discord.onChange(() => {
    changed = Date.now();
  });
  const deadline = Date.now() + DRAIN_MS;
  const isBusy = () =>
    runs.some((run) => !run.isOver) ||
    talks.some(({ channel }) =>
      [channel, ...discord.threads(channel)].some((one) => discord.messages(one).some(isOpen)),
    );
  while (Date.now() < deadline && (isBusy() || Date.now() < changed + QUIET_MS)) await sleep(100);
  stop();
}
