import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDiscord } from "../emulator/discord/discord.ts";
import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import type { Channel } from "../emulator/discord/world/model.ts";
import { type AgentsProcess, startAgentsProcess } from "./agents-process.ts";
import { type Bot, startBot } from "./bot.ts";

/** A fresh local Discord, a local kagent and the built bot, each in a process of its own. */
export interface Stage {
  readonly discord: LocalDiscord;
  readonly agents: AgentsProcess;
  /** One for each conversation. */
  readonly channels: readonly Channel[];
  /** The bot that runs now. */
  bot(): Bot;
  /** Kills the bot (SIGKILL); resolves when it is dead. */
  kill(): Promise<void>;
  /** Starts it again on the same store; resolves when it is ready. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** How a stage is set. */
export interface StageOptions {
  readonly conversations: number;
  readonly seed: number;
  /** Conversations survive a restart; otherwise the store is in memory. */
  readonly durable?: boolean;
  /** Environment of the bot that comes before what every stage has. */
  readonly env?: Readonly<Record<string, string>>;
}

const LATENCY = { minMs: 60, maxMs: 120 };

export async function setStage({
  conversations,
  seed,
  durable = false,
  env: own = {},
}: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "kagent-discord-bench-"));
  const discord = await startDiscord({ latency: LATENCY, seed });
  const agents = await startAgentsProcess();
  const guild = discord.createGuild({ name: "bench" });
  const channels = Array.from({ length: conversations }, (_, index) =>
    guild.createChannel({ name: `bench-${index}` }),
  );
  const env = {
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    KAGENT_BASE_URL: agents.url,
    STORE_URL: durable ? `sqlite://${join(folder, "store.sqlite")}` : "memory:",
    AUDIT_DIR: join(folder, "audit"),
    AUDIT_KEY: "benchmark-benchmark-benchmark-benchmark",
    LOG_LEVEL: "info",
    HTTP_PORT: "0",
    ...own,
  };
  let bot = await startBot(env);
  return {
    discord,
    agents,
    channels,
    bot: () => bot,
    kill: () => bot.kill(),
    async restart() {
      bot = await startBot(env);
    },
    async stop() {
      await bot.stop();
      agents.stop();
      await discord.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
