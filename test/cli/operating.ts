import { onTestFinished } from "vitest";
import { type KagentOptions, startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { start } from "../../src/cli/start.ts";
import { readConfig } from "../../src/config/read.ts";
import { agent } from "../e2e/story.ts";
import { createSkippingClock } from "../skipping-clock.ts";

/** A local Discord and kagent, and the bot as its process runs it, with its listener. */
export async function operate(
  options: {
    readonly agents?: KagentOptions["agents"];
    readonly yaml?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly identifies?: number;
    readonly heartbeatMs?: number;
    readonly refuseWith?: number;
  } = {},
) {
  const discord = await startDiscord({ heartbeatMs: options.heartbeatMs ?? 300 });
  const kagent = await startKagent({ agents: options.agents ?? [agent("k8s-agent")] });
  const guild = discord.createGuild({ name: "acme" });
  const ops = guild.createChannel({ name: "ops" });
  const ana = discord.createPerson({ name: "ana" });
  if (options.identifies !== undefined) discord.world.identifies = options.identifies;
  if (options.refuseWith !== undefined) discord.gateway.refuseIdentifies(options.refuseWith);
  const env = {
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    KAGENT_BASE_URL: kagent.url,
    STORE_URL: "memory:",
    AUDIT_DIR: "off",
    LOG_LEVEL: "silent",
    HTTP_PORT: "0",
    HTTP_HOST: "127.0.0.1",
    CONFIG_FILE: "config.yaml",
    ...options.env,
  };
  const clock = createSkippingClock();
  const file = { text: options.yaml ?? "" };
  let hangUp = () => {};
  let terminate = (_signal: string) => {};
  const asked = new Promise<string>((resolve) => {
    terminate = resolve;
  });
  let port = 0;
  const read = () => readConfig(env, () => file.text);
  const exitCode = start({
    config: read(),
    version: "1.2.3",
    hints: [],
    isTerminal: false,
    print: () => {},
    asked,
    clock,
    onListening: (opened) => {
      port = opened;
    },
    source: {
      read,
      text: () => file.text,
      onAsked(reload) {
        hangUp = reload;
        return () => {};
      },
    },
  });
  onTestFinished(async () => {
    terminate("SIGTERM");
    await exitCode;
    await kagent.stop();
    await discord.stop();
  });

  async function ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
    if (port === 0) return { status: 0, text: "" };
    const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    return { status: response?.status ?? 0, text: (await response?.text()) ?? "" };
  }
  async function answers(path: string, status: number, part = ""): Promise<string> {
    const found = await discord.until(
      async () => {
        const answer = await ask(path);
        return answer.status === status && answer.text.includes(part) ? answer : undefined;
      },
      { what: `${path} to answer ${status} with ${part}` },
    );
    return found.text;
  }
  return {
    ...{ discord, kagent, guild, ops, ana, clock, file, exitCode, ask, answers },
    port: () => port,
    hangUp: () => hangUp(),
    terminate: () => terminate("SIGTERM"),
    /** The value of a metric, by the beginning of its line. */
    async figure(line: string): Promise<number> {
      const found = (await ask("/metrics")).text
        .split("\n")
        .find((one) => one.startsWith(`kagent_discord_${line} `));
      return Number(found?.split(" ")[1] ?? Number.NaN);
    },
  };
}
