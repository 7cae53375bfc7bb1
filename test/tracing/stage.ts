import { onTestFinished } from "vitest";
import { type KagentOptions, startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { observersFor } from "../../src/app/observers.ts";
import { createApp } from "../../src/app.ts";
import { secretsOf } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/read.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { activeTrace, openTracing } from "../../src/telemetry/tracing.ts";
import { agent, roomy, sqliteStore } from "../e2e/story.ts";
import { startListeningProxy } from "./listening-proxy.ts";
import { startReceiver } from "./receiver.ts";

/** One line of the log. */
type Line = Readonly<Record<string, unknown>>;

/** A local Discord and kagent, a collector, and a bot that can be stopped and started again on its store. */
export async function traced(
  options: {
    readonly agents?: KagentOptions["agents"];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) {
  const storeUrl = sqliteStore();
  const receiver = await startReceiver();
  const discord = await startDiscord(roomy);
  const kagent = await startKagent({ agents: options.agents ?? [agent("k8s-agent")] });
  const proxy = await startListeningProxy(kagent.url);
  const guild = discord.createGuild({ name: "acme" });
  const ops = guild.createChannel({ name: "ops" });
  const ana = discord.createPerson({ name: "ana" });
  const config = readConfig(
    {
      DISCORD_BOT_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      KAGENT_BASE_URL: proxy.url,
      STORE_URL: storeUrl,
      AUDIT_DIR: "off",
      LOG_LEVEL: "debug",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      ...options.env,
    },
    () => "",
  );
  const lines: Line[] = [];
  const log = await createLog({
    level: "debug",
    pretty: false,
    secrets: secretsOf(config),
    belongsTo: activeTrace,
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  });
  const closing: (() => Promise<void>)[] = [];

  /** Starts a process's worth of bot; with it its spans. */
  async function startBot(): Promise<void> {
    const tracing = await openTracing(config.tracing, { version: "1.2.3", log, secrets: secretsOf(config) });
    const app = await createApp(config, {
      ...{ log, clock: systemClock, version: "1.2.3", tracing },
      observers: observersFor(undefined, tracing),
      print: () => {},
      onFatal: (err) => log.error({ err }, "the gateway closed for good"),
    });
    closing.push(async () => {
      await app.stop();
      await tracing.close();
    });
    await app.start();
  }

  /** Ends it as a SIGTERM does: afterwards everything has been sent. */
  async function stopBot(): Promise<void> {
    await closing.shift()?.();
  }

  onTestFinished(async () => {
    await stopBot();
    await kagent.stop();
    await discord.stop();
  });
  await startBot();

  /** The thread of the only conversation, once it shows this. */
  async function shown(what: string | RegExp) {
    const find = () => {
      const thread = discord.threads(ops)[0];
      const text = thread ? discord.transcript(thread) : "";
      const isThere = typeof what === "string" ? text.includes(what) : what.test(text);
      return thread && isThere ? { thread, text } : undefined;
    };
    return discord.until(find, { what: `${what} in the thread` });
  }
  const spans = (name: string | RegExp) =>
    receiver.spans().filter((span) => (typeof name === "string" ? span.name === name : name.test(span.name)));
  return {
    ...{ discord, kagent, guild, ops, ana, receiver, lines, startBot, stopBot, shown, spans },
    /** Requests to the agents. */
    passed: proxy.passed,
    /** The only span of this name. */
    span(name: string | RegExp) {
      const [found, ...others] = spans(name);
      if (!found || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} spans ${name}`);
      return found;
    },
    /** The lines with this message. */
    said: (message: string) => lines.filter((line) => line.msg === message),
  };
}
