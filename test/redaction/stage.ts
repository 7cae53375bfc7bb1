import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Kagent, startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import type { LocalDiscord } from "../../emulator/discord/local-discord.ts";
import type { GuildHandle } from "../../emulator/discord/people/guild-handle.ts";
import type { Person } from "../../emulator/discord/people/person.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";
import { type BotProcess, startProcess } from "../cli/bot-process.ts";
import { roomy } from "../e2e/story.ts";
import { type Cast, createCast } from "./cast.ts";
import { type Collector, startCollector } from "./collector.ts";
import { secrets, texts } from "./markers.ts";

/** The real bot as a process, full of secrets, between a local Discord and a local kagent. */
export interface Stage extends Pick<Cast, "plays"> {
  readonly discord: LocalDiscord;
  readonly kagent: Kagent;
  readonly collector: Collector;
  readonly guild: GuildHandle;
  readonly ana: Person;
  /** May decide. */
  readonly boss: Person;
  readonly bot: BotProcess;
  readonly storePath: string;
  readonly auditDir: string;
  readonly configPath: string;
  /** The probes' and metrics' texts. */
  probe(path: string): Promise<string>;
  audit(): string;
  /** A channel that nothing happened in. */
  room(): Channel;
  /** The prompt, asked in a new channel. */
  ask(more?: { readonly cluster?: string; readonly file?: FileToSend }): Promise<Channel>;
  /** Waits until the channel or a thread of it shows this to everybody or to ana; resolves with that place. */
  shows(channel: Channel, what: string | RegExp, as?: Person): Promise<Channel>;
  /** The newest message with this control, there or in a thread of it. */
  control(channel: Channel, label: string): Promise<Message>;
  stop(): Promise<void>;
}

interface FileToSend {
  readonly name: string;
  readonly content: string;
  readonly type?: string;
}

/** Everything the process knows, secrets included. */
export function environment(addresses: {
  readonly discordUrl: string;
  readonly kagentUrl: string;
  readonly collectorUrl: string;
  readonly proxyUrl: string;
  readonly dir: string;
}): Readonly<Record<string, string>> {
  const { discordUrl, kagentUrl, collectorUrl, proxyUrl, dir } = addresses;
  return {
    DISCORD_BOT_TOKEN: secrets.botToken.value,
    DISCORD_API_URL: discordUrl,
    KAGENT_BASE_URL: kagentUrl,
    KAGENT_TOKEN: secrets.agentToken.value,
    KAGENT_TOKN: secrets.agentToken.value,
    HEADER_OF_KAGENT: secrets.header.value,
    AUDIT_DIR: join(dir, "audit"),
    AUDIT_KEY: secrets.auditKey.value,
    STORE_URL: `sqlite://${join(dir, "store.sqlite")}`,
    CONFIG_FILE: join(dir, "config.yaml"),
    HTTPS_PROXY: proxyUrl,
    NO_PROXY: "127.0.0.1",
    HTTP_PORT: "0",
    HTTP_HOST: "127.0.0.1",
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
    OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${secrets.otlpHeader.value}`,
  };
}

/** Its file: clusters whose connections fail in every way, and headers with secrets. */
export function configFile(kagentUrl: string): string {
  const tls = kagentUrl.replace("http:", "https:");
  return `
discord: { feedback: true }
kagent:
  headers:
    X-Api-Key: \${HEADER_OF_KAGENT}
    X-Other-Key: ${secrets.literalHeader.value}
clusters:
  - { name: main, baseUrl: "${kagentUrl}" }
  - { name: tls, baseUrl: "${tls}" }
  - { name: dead, baseUrl: "http://127.0.0.1:9" }
  - { name: far, baseUrl: "https://kagent.example" }
access:
  directMessages: { enabled: true }
`;
}

/** Sets the stage and waits until the bot is ready. */
export async function setStage(level: "debug" | "info"): Promise<Stage> {
  const discord = await startDiscord({ ...roomy, token: secrets.botToken.value, heartbeatMs: 1_000 });
  const { agents, plays } = createCast();
  const kagent = await startKagent({ agents, token: secrets.agentToken.value });
  const collector = await startCollector();
  const guild = discord.createGuild({ name: "acme" });
  const ana = discord.createPerson({ name: "ana" });
  const boss = discord.createPerson({ name: "boss", manager: true });
  const dir = mkdtempSync(join(tmpdir(), "redaction-"));
  const addresses = {
    discordUrl: discord.apiUrl,
    kagentUrl: kagent.url,
    collectorUrl: collector.url,
    proxyUrl: collector.proxyUrl,
    dir,
  };
  writeFileSync(join(dir, "config.yaml"), configFile(kagent.url));
  const bot = startProcess(["start"], { ...environment(addresses), LOG_LEVEL: level });
  await bot.writes('"msg":"ready"');
  const port = Number(/"port":(\d+)/.exec(bot.output())?.[1]);
  let rooms = 0;

  const places = (channel: Channel) => [channel, ...discord.threads(channel)];
  const room = () => {
    rooms += 1;
    return guild.createChannel({ name: `room-${rooms}` });
  };
  return {
    ...{ discord, kagent, collector, guild, ana, boss, bot, room, plays },
    storePath: join(dir, "store.sqlite"),
    auditDir: join(dir, "audit"),
    configPath: join(dir, "config.yaml"),
    async probe(path) {
      return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    },
    audit: () =>
      readdirSync(join(dir, "audit"))
        .map((name) => readFileSync(join(dir, "audit", name), "utf8"))
        .join("\n"),
    async ask(more = {}) {
      const channel = room();
      await ana.runs(channel, "/k8s", { prompt: texts.prompt.value, cluster: "main", ...more });
      return channel;
    },
    shows: (channel, what, as = ana) =>
      discord.until(
        () =>
          places(channel).find((place) => {
            const shown = discord.transcript(place, { as });
            return typeof what === "string" ? shown.includes(what) : what.test(shown);
          }),
        { what: `${what} in #${channel.name}`, within: 30_000 },
      ),
    control: (channel, label) =>
      discord.until(
        () =>
          places(channel)
            .flatMap((place) => discord.messages(place))
            .findLast((one) => discord.messageText(one).includes(`[${label}]`)),
        { what: `[${label}] in #${channel.name}`, within: 15_000 },
      ),
    async stop() {
      bot.send("SIGTERM");
      await bot.ended;
      await kagent.stop();
      await discord.stop();
      await collector.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
