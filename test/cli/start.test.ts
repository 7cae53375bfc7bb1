import { expect, it } from "vitest";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { start } from "../../src/cli/start.ts";
import { readConfig } from "../../src/config/read.ts";

/** A bot that is asked to end as soon as the request named by `hangs` is on its way. */
async function endedWhile(hangs: RegExp) {
  const discord = await startDiscord();
  discord.createGuild({ name: "acme" });
  const hang = discord.faults.add(
    { method: "GET", route: hangs, times: 10 },
    { kind: "hang", when: "before" },
  );
  const env = {
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    KAGENT_BASE_URL: "http://127.0.0.1:9",
    STORE_URL: "memory:",
    LOG_LEVEL: "silent",
    HTTP_PORT: "off",
  };
  const asked = discord.until(() => hang.hits > 0, { what: "a request that hangs" }).then(() => "SIGTERM");
  const began = Date.now();
  const config = readConfig(env, () => "");
  const exitCode = await start({
    config,
    version: "0",
    hints: [],
    isTerminal: false,
    print: () => {},
    asked,
  });
  await discord.stop();
  return { exitCode, tookMs: Date.now() - began };
}

it.each([
  ["the application", /applications\/@me/],
  ["the gateway", /gateway\/bot/],
] as const)(
  "ends within ten seconds when it is asked to while %s does not answer",
  async (_what, hangs) => {
    const { exitCode, tookMs } = await endedWhile(hangs);
    expect(exitCode).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
  },
  20_000,
);
