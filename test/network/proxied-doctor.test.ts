import { expect, it, onTestFinished } from "vitest";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { installProxies } from "../../src/network/install.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { configOf } from "../config/setting.ts";
import { silentLog } from "../silent-log.ts";
import { startProxy } from "./local-proxy.ts";

// One story a file: a process is prepared before it imports discord.js, and stays so.
it("doctor sees the gateway through the proxy, and says when the proxy lets nothing pass", async () => {
  const proxy = await startProxy();
  const discord = await startDiscord();
  onTestFinished(() => discord.stop());
  discord.createGuild({ name: "acme" });
  const config = configOf({
    HTTP_PROXY: proxy.url,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    STORE_URL: "memory:",
    AUDIT_DIR: "off",
  });
  installProxies(config.proxy);
  const { doctor } = await import("../../src/cli/doctor.ts");
  const run = async () => {
    const { text } = await doctor({
      config,
      hints: [],
      authorities: undefined,
      json: false,
      readFile: () => "",
      clock: systemClock,
      log: silentLog,
      limitMs: 4_000,
    });
    return text.replaceAll(/ {2,}/g, " ");
  };
  const through = await run();
  expect(through).toContain("✓ Discord gateway The gateway answers over WebSocket.");
  expect(through).toContain(
    "! proxy kagent default is reached through the proxy, though it seems to be in the same network.",
  );
  expect(proxy.webSockets).toEqual([new URL(discord.apiUrl).host]);
  proxy.answer(403);
  expect(await run()).toContain("✗ Discord Discord cannot be reached");
});
