import { type Kagent, type KagentOptions, startKagent } from "../emulator/agent/kagent.ts";
import { startDiscord } from "../emulator/discord/discord.ts";
import type { DiscordOptions, LocalDiscord } from "../emulator/discord/local-discord.ts";
import type { GuildHandle } from "../emulator/discord/people/guild-handle.ts";
import type { Channel } from "../emulator/discord/world/model.ts";
import { type App, createApp } from "../src/app.ts";
import { secretsOf } from "../src/config/config.ts";
import { readConfig } from "../src/config/read.ts";
import type { Clock } from "../src/conversation/ports.ts";
import { systemClock } from "../src/telemetry/clock.ts";
import { createLog } from "../src/telemetry/log.ts";

/** What is known when the bot's configuration is made. */
interface Place {
  readonly guild: GuildHandle;
  readonly ops: Channel;
  readonly kagent: Kagent;
}

/** What to put on the stage. */
export interface StageOptions {
  readonly agents: KagentOptions["agents"];
  readonly kagent?: Omit<KagentOptions, "agents">;
  readonly discord?: DiscordOptions;
  /** Environment of the bot, beside the addresses and the token; ids of channels are known by then. */
  readonly env?: (place: Place) => Record<string, string>;
  /** Text of the bot's configuration file. */
  readonly yaml?: (place: Place) => string;
  /** Called before the bot starts: channels, roles and people of the story. */
  readonly furnish?: (discord: LocalDiscord, guild: GuildHandle) => void;
  /** The bot's clock; the real one when absent. */
  readonly clock?: Clock;
}

/** A local Discord, a local kagent and the real bot between them. */
export interface Stage {
  readonly discord: LocalDiscord;
  readonly kagent: Kagent;
  readonly guild: GuildHandle;
  /** The channel `#ops`. */
  readonly ops: Channel;
  /** Every line that the bot logged, as JSON text. */
  readonly logLines: readonly string[];
  /** Lines of level `error`: a story that goes well has none. */
  errors(): readonly string[];
  /** Starts the bot (again): with the same store. Where one runs, a second process beside it. */
  startBot(): Promise<void>;
  /** Stops the bot; of several processes the oldest. */
  stopBot(): Promise<void>;
  stop(): Promise<void>;
}

/** Sets the stage and starts the bot on it. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const discord = await startDiscord(options.discord ?? {});
  const kagent = await startKagent({ ...options.kagent, agents: options.agents });
  const guild = discord.createGuild({ name: "acme" });
  const ops = guild.createChannel({ name: "ops" });
  options.furnish?.(discord, guild);
  const place = { guild, ops, kagent };
  const env: Record<string, string> = {
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    KAGENT_BASE_URL: kagent.url,
    STORE_URL: "memory:",
    LOG_LEVEL: "debug",
    AUDIT_DIR: "off",
    ...(options.yaml ? { CONFIG_FILE: "stage.yaml" } : {}),
    ...options.env?.(place),
  };
  const config = readConfig(env, () => options.yaml?.(place) ?? "");
  const logLines: string[] = [];
  const log = await createLog({
    level: config.log.level,
    pretty: false,
    secrets: secretsOf(config),
    destination: { write: (line) => logLines.push(line) },
  });
  const apps: App[] = [];

  async function startBot(): Promise<void> {
    const app = await createApp(config, {
      log,
      clock: options.clock ?? systemClock,
      version: "demo",
      print: () => {},
      onFatal: (err) => log.error({ err }, "the gateway closed for good"),
    });
    apps.push(app);
    await app.start();
  }

  async function stopBot(): Promise<void> {
    await apps.shift()?.stop();
  }

  await startBot();
  return {
    discord,
    kagent,
    guild,
    ops,
    logLines,
    errors: () => logLines.filter((line) => line.includes('"level":"error"')),
    startBot,
    stopBot,
    async stop() {
      while (apps.length > 0) await stopBot();
      await kagent.stop();
      await discord.stop();
    },
  };
}
